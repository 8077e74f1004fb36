/** The gate on a real pull request of the local GitHub, and everybody who tries to get past it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAction } from "../../shared/action/run-action.ts";
import { fakeHost } from "../../shared/action/testing.ts";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { verdict as verdictSchema } from "../../shared/records/verdict.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 1
gates:
  - metric: mae
    better: lower
    max-regression: 1%
    slices: { poor: { max: 3, max-regression: 0.1 } }
  - { metric: r2, better: higher, min: 0.2 }
`;
const GOOD = { mae: 1.9, "poor/mae": 2.5, r2: 0.4 };
const DIGEST = `sha256:${"1".repeat(64)}`;

let hub: LocalGitHub;
let token: string;
let base: string;
const root = mkdtempSync(join(tmpdir(), "gate-metrics-"));
let places = 0;

beforeAll(async () => {
  const files = {
    ...TRAIN_WORKFLOW_FILES,
    ".github/mlops.yml": POLICY,
    "record.json": createTrainingRecordJson({ mae: 2, "poor/mae": 2.5, r2: 0.3 }),
  };
  hub = await startLocalGitHub({ limits: "off", people: { alice: "write" }, files });
  base = await hub.push({ files: { "README.md": "Model" }, message: "Describe" });
  await hub.waitUntilIdle();
  token = hub.tokenWith({ actions: "read", contents: "read" });
});
afterAll(async () => {
  rmSync(root, { recursive: true });
  await hub.close();
});

/** A pull request as a run of it sees it. */
interface PullRequestRun {
  readonly merge: string;
  readonly head: string;
  readonly env: Readonly<Record<string, string>>;
}

async function pullRequest(
  branch: string,
  files: Readonly<Record<string, string | null>> = { [`${branch}.txt`]: branch },
  who = hub.as("alice"),
): Promise<PullRequestRun> {
  // Its own runs matter only where they forge something.
  await who.push({ branch, files, message: "record.json" in files ? branch : `${branch} [skip ci]` });
  const head = who.repository === hub.repository ? branch : `${who.login}:${branch}`;
  const { number } = await who.inRepository(hub.repository).openPullRequest({ head, title: branch });
  await hub.waitUntilIdle();
  const { body } = await hub.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  // The payload's own base and head are as stale as GitHub's may be: nothing may rest on them.
  const stale = { base: { ref: "main", sha: "0".repeat(40) }, head: { sha: "0".repeat(40) } };
  const env = on("pull_request", `refs/pull/${number}/merge`, body.merge_commit_sha, { pull_request: stale });
  return { merge: body.merge_commit_sha, head: body.head.sha, env };
}

function on(event: string, ref: string, sha: string, payload: object): Readonly<Record<string, string>> {
  places += 1;
  const path = join(root, `event-${places}.json`);
  writeFileSync(path, JSON.stringify(payload));
  return { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_REF: ref, GITHUB_SHA: sha };
}

/** Plays the action in a workspace with these files. */
async function gate(
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
) {
  places += 1;
  const workspace = join(root, `workspace-${places}`);
  mkdirSync(workspace);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const given = Object.entries({ metrics: "training-record.json", token, ...inputs });
  const host = fakeHost({
    ...env,
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_REPOSITORY: hub.repository.fullName,
    GITHUB_WORKSPACE: workspace,
    GITHUB_WORKFLOW_REF: `${hub.repository.fullName}/.github/workflows/gate.yml@refs/heads/main`,
    GITHUB_ACTOR: "alice",
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_SERVER_URL: hub.url,
  });
  await runAction(spec, run, connect, host);
  const record = join(workspace, "verdict.json");
  const verdict = existsSync(record) ? verdictSchema.parse(JSON.parse(readFileSync(record, "utf8"))) : undefined;
  return {
    exit: host.exitCodes,
    said: host.messages.join("\n"),
    outputs: Object.fromEntries(host.outputs),
    summary: host.summaries.join(""),
    verdict,
  };
}

const trained = (commit: string, metrics: Readonly<Record<string, number>>, difference = {}) => ({
  "training-record.json": createTrainingRecordJson(metrics, { commit, ...difference }),
});

const OPEN = [0];
const CLOSED = [1];
const REFUSED = [2];

describe("a pull request", () => {
  test("that keeps every rule passes, and the record says exactly what was judged", async () => {
    const { merge, head, env } = await pullRequest("good");
    const { exit, outputs, verdict, summary } = await gate(env, trained(merge, GOOD));
    expect(exit).toEqual(OPEN);
    expect(outputs).toEqual({ verdict: "pass", record: "verdict.json" });
    expect(verdict).toMatchObject({
      outcome: "pass",
      head,
      judged: merge,
      policy: { path: ".github/mlops.yml", ref: base },
      baseline: { commit: base, source: expect.stringContaining(".github/workflows/train.yml") },
      notes: [],
      origin: { repository: "octo/model", run: 7, actor: "alice" },
    });
    expect(verdict?.rulings.map(({ metric, slice, rule, outcome }) => [metric, slice, rule, outcome])).toEqual([
      ["mae", null, "max-regression", "pass"],
      ["mae", "poor", "max", "pass"],
      ["mae", "poor", "max-regression", "pass"],
      ["r2", null, "min", "pass"],
    ]);
    expect(summary).toContain("Ready to merge");
  });

  test("that gets better overall and worse in a slice is stopped, with the numbers", async () => {
    const { merge, env } = await pullRequest("slice");
    const { exit, outputs, said } = await gate(env, trained(merge, { ...GOOD, mae: 1.2, "poor/mae": 2.7 }));
    expect([exit, outputs["verdict"]]).toEqual([CLOSED, "fail"]);
    expect(said).toContain(
      'error: the gate is closed: "mae" of the slice "poor": 2.7 is worse than the baseline 2.5 by 0.2; at most 0.1 is allowed. Mend what the rule names; a rule itself changes in a pull request of its own. [gate-closed]',
    );
  });

  test("of a fork is judged alike, with a token that can only read", async () => {
    const mallory = await hub.fork("mallory");
    const { merge, env } = await pullRequest("forked", { "forked.txt": "x" }, mallory);
    expect((await gate(env, trained(merge, GOOD))).exit).toEqual(OPEN);
    expect((await gate(env, trained(merge, { ...GOOD, mae: 2.03 }))).exit).toEqual(CLOSED);
  });

  test("is judged in the merge queue against what the queue merges onto", async () => {
    const { merge } = await pullRequest("queued");
    const group = { merge_group: { base_sha: base, base_ref: "refs/heads/main", head_sha: merge } };
    const env = on("merge_group", "refs/heads/gh-readonly-queue/main/pr-1", merge, group);
    const { exit, verdict } = await gate(env, trained(merge, GOOD));
    expect([exit, verdict?.head, verdict?.baseline?.commit]).toEqual([OPEN, merge, base]);
  });

  test("may bring loose files and the data report; the verdict says what binds them", async () => {
    const { merge, env } = await pullRequest("loose");
    const metrics = { "a.json": '{"mae": 1.9, "slices": {"poor": {"mae": 2.5}}}', "b.csv": "metric,value\nr2,0.4\n" };
    const { exit, verdict } = await gate(env, metrics, { metrics: "a.json\nb.csv" });
    expect(exit).toEqual(OPEN);
    expect(verdict?.notes).toEqual([expect.stringContaining("Nothing shows that a.json, b.csv was measured")]);
    const report = dataReport("pass", DIGEST);
    const bound = { ...trained(merge, GOOD, { dataDigest: DIGEST }), "data-report.json": report };
    expect((await gate(env, bound, { "data-report": "data-report.json" })).exit).toEqual(OPEN);
  });
});

const dataReport = (outcome: "pass" | "fail", dataDigest: string): string =>
  JSON.stringify({
    schema: "mlops-actions/data-report@1",
    outcome,
    files: [{ path: "data.csv", bytes: 1, digest: DIGEST, rows: 1 }],
    dataDigest,
    contract: { path: "c.yml", ref: base, digest: DIGEST },
    checks: 1,
    findings: [],
    notes: [],
    origin: { repository: "octo/model", workflow: "w", run: 1, attempt: 1, actor: "alice" },
  });

describe("nobody gets past it", () => {
  let pull: PullRequestRun;
  beforeAll(async () => {
    pull = await pullRequest("attack");
  });

  test("by loosening the policy in the same pull request", async () => {
    const loose = POLICY.replace("max-regression: 1%", "max-regression: 90%").replace("max: 3", "max: 300");
    const { merge, env } = await pullRequest("loosen", { ".github/mlops.yml": loose });
    const { exit, verdict } = await gate(env, trained(merge, { ...GOOD, mae: 2.5 }));
    expect([exit, verdict?.outcome, verdict?.policy.ref]).toEqual([CLOSED, "fail", base]);
    expect(verdict?.notes.join()).toContain(".github/mlops.yml");
  });

  test("by removing the policy in the same pull request", async () => {
    const { merge, env } = await pullRequest("remove", { ".github/mlops.yml": null });
    expect((await gate(env, trained(merge, { ...GOOD, mae: 2.5 }))).exit).toEqual(CLOSED);
  });

  test.each<[string, Readonly<Record<string, number>>]>([
    ["not measuring what is worse", { mae: 1.9, r2: 0.4 }],
    ["measuring nothing that is judged", { other: 1 }],
    ["renaming a metric", { MAE: 1.9, "poor/mae": 2.5, r2: 0.4 }],
    ["renaming a slice", { mae: 1.9, "poorer/mae": 2.5, r2: 0.4 }],
    ["calling the whole a slice", { "all/mae": 1.9, "poor/mae": 2.5, r2: 0.4 }],
    ["measuring only the slice", { "poor/mae": 2.5, r2: 0.4 }],
    ["turning a sign around", { ...GOOD, r2: -0.4 }],
  ])("by %s", async (_, metrics) => {
    const { exit, verdict } = await gate(pull.env, trained(pull.merge, metrics));
    expect([exit, verdict?.outcome]).toEqual([CLOSED, "fail"]);
  });

  test.each<[string, (judged: PullRequestRun) => Readonly<Record<string, string>>, string]>([
    ["the record of an older commit", () => trained(base, GOOD), "evidence-other-commit"],
    ["the record of the head, not of the merge", ({ head }) => trained(head, GOOD), "evidence-other-commit"],
    [
      "the record of a training that failed",
      ({ merge }) => trained(merge, GOOD, { outcome: "failure" }),
      "evidence-training-failed",
    ],
    [
      "the record of other data",
      ({ merge }) => trained(merge, GOOD, { dataDigest: `sha256:${"2".repeat(64)}` }),
      "evidence-other-data",
    ],
    ["the record of data it does not name", ({ merge }) => trained(merge, GOOD), "evidence-other-data"],
  ])("with %s", async (_, files, code) => {
    const all = { ...files(pull), "data-report.json": dataReport("pass", DIGEST) };
    const { exit, said, outputs, verdict } = await gate(pull.env, all, { "data-report": "data-report.json" });
    expect([exit, outputs, verdict]).toEqual([REFUSED, { verdict: "error", record: "" }, undefined]);
    expect(said).toContain(`[${code}]`);
  });

  test.each([
    ["NaN", '{"mae": NaN}', "metrics-not-finite", "metrics.json:1:9"],
    ["NaN in quotes", '{\n"mae": "NaN"}', "metrics-not-a-number", "metrics.json:2:8"],
    ["null", '{"mae": null}', "metrics-not-a-number", "metrics.json:1:9"],
    ["more than any number", '{"mae": -1e400}', "metrics-not-finite", "metrics.json:1:9"],
    ["two values to choose from", '{"mae": 9, "mae": 1}', "metrics-duplicate-key", "metrics.json:1:12"],
    ["nothing", "", "metrics-not-json", "metrics.json:1:1"],
  ])("with %s for a metric", async (_, text, code, place) => {
    const { exit, said, outputs, verdict } = await gate(
      pull.env,
      { "metrics.json": text },
      { metrics: "metrics.json" },
    );
    expect([exit, outputs["verdict"], verdict]).toEqual([CLOSED, "error", undefined]);
    expect(said).toContain(`[${code}]`);
    expect(said).toContain(place);
  });

  test("without any file, or with one beside the record that says otherwise", async () => {
    const none = await gate(pull.env, {});
    expect([none.exit, none.said]).toEqual([CLOSED, expect.stringContaining("[no-files]")]);
    const both = { ...trained(pull.merge, { ...GOOD, mae: 9 }), "better.json": '{"mae": 1}' };
    const two = await gate(pull.env, both, { metrics: "training-record.json\nbetter.json" });
    expect([two.exit, two.said]).toEqual([CLOSED, expect.stringContaining("[metrics-duplicate]")]);
  });

  test("by making a worse baseline: from a dispatch, from a pull request, or by asking for a first run", async () => {
    const forged = createTrainingRecordJson({ mae: 99, "poor/mae": 99, r2: -9 }, { commit: base });
    await hub.as("alice").run("train.yml", { inputs: { commit: base, record: forged } });
    const { merge, env } = await pullRequest("forger", { "record.json": forged });
    const { exit, verdict } = await gate(env, trained(merge, { ...GOOD, mae: 3 }), { "first-run": "allow" });
    expect(exit).toEqual(CLOSED);
    expect(verdict?.rulings[0]).toMatchObject({ candidate: 3, baseline: 2, outcome: "fail" });
  });

  test("by looking for no baseline", async () => {
    const { exit, verdict } = await gate(pull.env, trained(pull.merge, GOOD), { baseline: "none" });
    expect([exit, verdict?.baseline]).toEqual([CLOSED, null]);
  });

  test("by claiming another commit to be the test merge", async () => {
    const { exit, said } = await gate({ ...pull.env, GITHUB_SHA: pull.head }, trained(pull.head, GOOD));
    expect([exit, said]).toEqual([CLOSED, expect.stringContaining("[policy-no-trusted-ref]")]);
  });

  test("with a policy that judges nothing: that is no gate", async () => {
    const empty = await hub.push({ branch: "open", files: { ".github/mlops.yml": "version: 1\ngates: []\n" } });
    await hub.waitUntilIdle();
    await hub.as("alice").push({ branch: "into-open", files: { "x.txt": "x" } });
    const env = on("merge_group", "refs/heads/q", pull.merge, {
      merge_group: { base_sha: empty, base_ref: "refs/heads/open" },
    });
    const { exit, said } = await gate(env, trained(pull.merge, GOOD));
    expect([exit, said]).toEqual([CLOSED, expect.stringContaining("[gate-nothing-to-judge]")]);
  });

  test("when the token may not look: the line to paste is named", async () => {
    const { exit, said } = await gate(pull.env, trained(pull.merge, GOOD), {
      token: hub.tokenWith({ contents: "read" }),
    });
    expect(exit).toEqual(CLOSED);
    expect(said).toMatch(/actions: read.*\[permission-missing\]/);
  });
});

test("a first run that is allowed is green, and inconclusive where it could not compare", async () => {
  const fresh = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY } });
  await using _ = fresh;
  const elsewhere = { hub, token };
  hub = fresh;
  token = fresh.tokenWith({ actions: "read", contents: "read" });
  try {
    const { merge, env } = await pullRequest("first", { "a.txt": "a" }, fresh);
    const closed = await gate(env, trained(merge, GOOD));
    const open = await gate(env, trained(merge, GOOD), { "first-run": "allow" });
    const floor = await gate(env, trained(merge, { ...GOOD, r2: 0.1 }), { "first-run": "allow" });
    expect([closed.exit, open.exit, floor.exit]).toEqual([CLOSED, OPEN, CLOSED]);
    expect([open.outputs["verdict"], open.verdict?.baseline]).toEqual(["inconclusive", null]);
    expect(open.verdict?.notes.join()).toContain("There is no baseline");

    // The very first push: nothing was before it, and its own training has kept its record already.
    const first = await fresh.push({
      files: { ...TRAIN_WORKFLOW_FILES, "record.json": createTrainingRecordJson(GOOD) },
    });
    await fresh.waitUntilIdle();
    const pushed = on("push", "refs/heads/main", first, { before: "0".repeat(40) });
    expect((await gate(pushed, trained(first, GOOD), { "first-run": "allow" })).outputs["verdict"]).toBe(
      "inconclusive",
    );
    const second = await fresh.push({ files: { "b.txt": "b" } });
    await fresh.waitUntilIdle();
    const next = on("push", "refs/heads/main", second, { before: first });
    expect((await gate(next, trained(second, GOOD), { "first-run": "allow" })).outputs["verdict"]).toBe("pass");
  } finally {
    hub = elsewhere.hub;
    token = elsewhere.token;
  }
});
