/** Registrations on a local GitHub: the good one, and every piece of evidence that belongs to something else. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAction } from "../../shared/action/run-action.ts";
import { fakeHost } from "../../shared/action/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { type Verdict, verdict as verdictSchema } from "../../shared/records/verdict.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 1
gates: [{ metric: mae, better: lower, max: 3 }]
model: { name: visits, files: ["model/*.json"], owner: risk team, purpose: plan capacity }
`;
const MODEL = { "model/a.json": "{}", "model/b.json": "[1]" };

let hub: LocalGitHub;
let main: string;
let token: string;
const root = mkdtempSync(join(tmpdir(), "register-model-"));

beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY } });
  main = (await hub.repository.git.ref("refs/heads/main"))?.sha ?? "";
  token = hub.tokenWith({ contents: "write" });
});
afterAll(async () => {
  rmSync(root, { recursive: true });
  await hub.close();
});

const origin = { repository: "octo/model", workflow: "main.yml", run: 7, attempt: 1, actor: "alice" };
const fileOf = ([path, text]: readonly [string, string]) => ({ path, bytes: text.length, digest: digestOf(text) });

function trained(change: Partial<TrainingRecord> = {}): TrainingRecord {
  const files = Object.entries(MODEL).map(fileOf);
  return trainingRecord.parse({
    schema: "mlops-actions/training-record@1",
    outcome: "success",
    commit: main,
    dataDigest: digestOf("data"),
    command: ["node", "train.mjs"],
    params: {},
    environment: { os: "linux", arch: "x64", runner: "gpu-1", gpus: [], versions: {} },
    startedAt: "2026-06-15T12:00:00Z",
    endedAt: "2026-06-15T12:01:00Z",
    exit: { code: 0, signal: null },
    metrics: [{ name: "mae", slice: null, value: 2 }],
    metricFiles: [],
    model: { files, digest: computeModelDigest(files, digestOf) },
    origin,
    ...change,
  });
}

function judged(change: Partial<Verdict> = {}): Verdict {
  return verdictSchema.parse({
    schema: "mlops-actions/verdict@1",
    outcome: "pass",
    head: main,
    judged: main,
    metricsDigest: digestOf("metrics"),
    policy: { path: ".github/mlops.yml", ref: main, digest: digestOf(POLICY) },
    baseline: null,
    rulings: [],
    metrics: [{ name: "mae", slice: null, candidate: 2, baseline: null }],
    notes: [],
    origin,
    ...change,
  });
}

interface RegisterOptions {
  readonly training?: Partial<TrainingRecord>;
  /** `null`: none is given. */
  readonly verdict?: Partial<Verdict> | null;
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

let places = 0;
async function register(version: string, { training, verdict = {}, files = MODEL, inputs }: RegisterOptions = {}) {
  places += 1;
  const workspace = join(root, String(places));
  mkdirSync(join(workspace, "trained/model"), { recursive: true });
  const written = {
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`trained/${path}`, text])),
    "trained/training-record.json": JSON.stringify(trained(training)),
    "verdict.json": JSON.stringify(judged(verdict ?? {})),
    "MODEL_CARD.md": "---\nlicense: mit\ndata_sources: [RAND HIE, census]\n---\n# Visits\n",
    "event.json": "{}",
  };
  for (const [path, text] of Object.entries(written)) writeFileSync(join(workspace, path), text);
  const given = {
    version,
    token,
    folder: "trained",
    record: "trained/training-record.json",
    verdict: verdict === null ? "" : "verdict.json",
    card: "MODEL_CARD.md",
    governance: "approval_date=2026-06-01",
    ...inputs,
  };
  const host = fakeHost({
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_EVENT_NAME: "workflow_dispatch",
    GITHUB_EVENT_PATH: join(workspace, "event.json"),
    GITHUB_REF: "refs/heads/main",
    GITHUB_SHA: main,
    GITHUB_REPOSITORY: hub.repository.fullName,
    GITHUB_WORKSPACE: workspace,
    GITHUB_WORKFLOW_REF: "octo/model/.github/workflows/register.yml@refs/heads/main",
    GITHUB_ACTOR: "alice",
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_SERVER_URL: hub.url,
  });
  await runAction(spec, run, connect, host);
  const outputs: Readonly<Record<string, string>> = Object.fromEntries(host.outputs);
  return { exit: host.exitCodes, said: host.messages.join("\n"), outputs, summary: host.summaries.join("") };
}

const tagsOf = async () => (await createGitTagRegistry(createTestClient(hub)).list("visits")).map(({ name }) => name);

test("a version is registered once, whoever asks again", async () => {
  const first = await register("v1.0.0");
  expect([first.exit, first.said]).toEqual([[0], expect.any(String)]);
  expect(first.outputs).toMatchObject({ tag: "visits@v1.0.0", result: "registered" });
  expect(first.outputs["model-digest"]).toBe(trained().model?.digest);
  expect(first.summary).toContain("RAND HIE, census");

  const effects = hub.journal.effects().length;
  const again = await register("v1.0.0");
  expect(again.outputs).toMatchObject({ tag: "visits@v1.0.0", result: "unchanged" });
  expect(hub.journal.effects()).toHaveLength(effects);

  const registry = createGitTagRegistry(createTestClient(hub));
  const [ref] = await registry.list("visits");
  if (ref === undefined) throw new Error("no tag");
  const tag = await registry.read(ref);
  expect(tag).toMatchObject({ commit: main, annotated: true });
  expect(tag.message).toContain("Register visits v1.0.0\n\n{");
});

test("two at once: one makes it, the other finds it the same", async () => {
  const both = await Promise.all([register("v1.1.0"), register("v1.1.0")]);
  expect(both.map(({ exit }) => exit)).toEqual([[0], [0]]);
  expect((await tagsOf()).filter((name) => name === "visits@v1.1.0")).toHaveLength(1);
});

test("an answer that is lost makes no second tag and no failure", async () => {
  hub.faults.next({ operation: "git/create-ref" }, { kind: "status", status: 502, when: "after" });
  expect((await register("v1.2.0")).exit).toEqual([0]);
  expect((await tagsOf()).filter((name) => name === "visits@v1.2.0")).toHaveLength(1);
});

const OTHER = "f".repeat(40);
const REFUSED_CASES: readonly (readonly [string, string, RegisterOptions])[] = [
  [
    "other content under a name that is taken",
    "version-taken",
    { inputs: { version: "v1.2.0", governance: "approval_date=2026-06-02" } },
  ],
  ["a version that is not the newest", "version-not-greater", { inputs: { version: "v0.9.0" } }],
  ["a version that is none", "version-malformed", { inputs: { version: "1.9.0" } }],
  ["a model file with other bytes", "model-digest-differs", { files: { ...MODEL, "model/a.json": "{ }" } }],
  ["a model file more", "model-digest-differs", { files: { ...MODEL, "model/c.json": "0" } }],
  ["a model file less", "model-digest-differs", { files: { "model/a.json": "{}" } }],
  ["no model files", "no-files", { files: {} }],
  ["a training that failed", "training-not-successful", { training: { outcome: "failure" } }],
  ["a training without a model", "training-without-model", { training: { model: null } }],
  [
    "a training of a fork",
    "training-of-other-repository",
    { training: { origin: { ...origin, repository: "eve/model" } } },
  ],
  ["a commit that was never merged", "commit-not-merged", { training: { commit: OTHER }, verdict: { judged: OTHER } }],
  ["no verdict where there are gates", "verdict-missing", { verdict: null }],
  ["a verdict that fails", "verdict-not-pass", { verdict: { outcome: "fail" } }],
  ["a verdict that could not be reached", "verdict-not-pass", { verdict: { outcome: "inconclusive" } }],
  ["a verdict about another commit", "verdict-of-other-commit", { verdict: { judged: OTHER } }],
  [
    "a verdict of a fork",
    "verdict-of-other-repository",
    { verdict: { origin: { ...origin, repository: "eve/model" } } },
  ],
  [
    "a verdict about other metrics",
    "verdict-of-other-metrics",
    { verdict: { metrics: [{ name: "mae", slice: null, candidate: 1, baseline: null }] } },
  ],
  [
    "a verdict by an older policy",
    "verdict-by-other-policy",
    { verdict: { policy: { path: "p", ref: OTHER, digest: digestOf("loose") } } },
  ],
  ["a missing governance field", "governance-missing", { inputs: { card: "" } }],
  [
    "a governance field that says nothing",
    "governance-placeholder",
    { inputs: { governance: "owner=TBD\napproval_date=2026-06-01" } },
  ],
  ["a model card without front matter", "card-without-front-matter", { inputs: { card: "verdict.json" } }],
  ["a token that may only read", "permission-missing", { inputs: { token: "read" } }],
];

describe("refused, and nothing written", () => {
  test.for(REFUSED_CASES)("%s", async ([_, code, attempt]) => {
    const before = await tagsOf();
    const inputs =
      attempt.inputs?.["token"] === "read" ? { token: hub.tokenWith({ contents: "read" }) } : attempt.inputs;
    const { exit, said, outputs } = await register("v2.0.0", { ...attempt, ...(inputs && { inputs }) });
    expect(said).toContain(`[${code}]`);
    expect(exit).not.toEqual([0]);
    expect(outputs).toMatchObject({ tag: "", result: "error" });
    expect(await tagsOf()).toEqual(before);
  });

  test("all that is missing is told at once", async () => {
    const { said } = await register("v2.0.0", { inputs: { card: "", governance: "" } });
    for (const name of ["approval_date", "data_sources"])
      expect(said).toContain(`the governance field ${name} is missing`);
  });
});
