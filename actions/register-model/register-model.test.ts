/** register-model: which evidence it accepts, and what it writes on the local GitHub. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import type { Registry } from "../../shared/core/registry/registry.ts";
import { modelVersionRecord } from "../../shared/records/model-version.ts";
import { findFrozenErrors } from "../../shared/records/testing.ts";
import { TRAINING_RECORD } from "../../shared/records/training-record.ts";
import { createMemoryRegistry } from "../../test/fixture/memory-registry.ts";
import { connect } from "./connect.ts";
import {
  MERGED,
  MODEL,
  MODEL_DIGEST,
  OTHER,
  origin,
  POLICY,
  type RegisterOptions,
  register,
  trainOnGitHub,
  WORKFLOWS,
} from "./testing.ts";

const REFUSED: readonly (readonly [string, string, RegisterOptions])[] = [
  [
    "other content for a version that exists",
    "version-taken",
    { inputs: { version: "v1.0.0", governance: "approval_date=2026-06-02" } },
  ],
  ["a version that is not the newest of its line", "version-not-greater", { inputs: { version: "v1.0.0-rc.1" } }],
  ["a malformed version", "version-malformed", { inputs: { version: "1.9.0" } }],
  ["a model file with other bytes", "model-digest-differs", { files: { ...MODEL, "model/a.json": "{ }" } }],
  ["an additional model file", "model-digest-differs", { files: { ...MODEL, "model/c.json": "0" } }],
  ["a missing model file", "model-digest-differs", { files: { "model/a.json": "{}" } }],
  ["no model files", "no-files", { files: {} }],
  ["a training that failed", "training-not-successful", { training: { outcome: "failure" } }],
  ["a training that was cancelled", "training-not-successful", { training: { outcome: "cancelled" } }],
  ["a training that ran out of time", "training-not-successful", { training: { outcome: "timed-out" } }],
  ["a training without a model", "training-without-model", { training: { model: null } }],
  [
    "a training of a fork",
    "training-of-other-repository",
    { training: { origin: { ...origin, repository: "eve/model" } } },
  ],
  ["a commit that was never merged", "commit-not-merged", { commit: OTHER }],
  ["no verdict although there are gates", "verdict-missing", { inputs: { verdict: "" } }],
  ["a verdict that fails", "verdict-not-pass", { verdict: { outcome: "fail" } }],
  ["an inconclusive verdict", "verdict-not-pass", { verdict: { outcome: "inconclusive" } }],
  ["a verdict about another model", "verdict-of-other-model", { verdict: { model: "fraud" } }],
  [
    "a training of another model",
    "training-of-other-model",
    { training: { schema: TRAINING_RECORD, modelName: "fraud" } },
  ],
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
    "a placeholder as governance field",
    "governance-placeholder",
    { inputs: { governance: "owner=TBD\napproval_date=2026-06-01" } },
  ],
  ["a model card without front matter", "card-without-front-matter", { inputs: { card: "verdict.json" } }],
];

describe("without GitHub", () => {
  const registry = createMemoryRegistry();
  const registerFake = (version: string, options: RegisterOptions = {}, policy = POLICY, into: Registry = registry) =>
    register(version, options, async (given) => ({
      ...(await connect(given)),
      registry: into,
      readPolicy: async () => ({
        policy: readPolicy(policy, "mlops.yml", { reader: "register-model" }),
        path: "mlops.yml",
        ref: OTHER,
        digest: digestOf(POLICY),
      }),
      proveEvidence: async () => undefined,
      findLocations: async () => [],
      findTrustedBranch: async (commit) => (commit === MERGED ? "refs/heads/main" : undefined),
      now: () => "2026-06-15T12:00:00.000Z",
    }));

  test("a version is registered once, also when the job is run again", async () => {
    const first = await registerFake("v1.0.0");
    const outputs = { tag: "visits@v1.0.0", version: "v1.0.0", "model-digest": MODEL_DIGEST, result: "registered" };
    expect([first.exitCode, first.outputs]).toEqual([0, outputs]);
    expect(first.summary).toContain("RAND HIE, census");
    expect((await registerFake("v1.0.0")).outputs).toEqual({ ...outputs, result: "unchanged" });
    expect([...registry.tags.keys()]).toEqual(["visits@v1.0.0"]);
  });

  const POLICY_2 = POLICY.replace("version: 1", "version: 2");

  test.each([
    ["1", POLICY, POLICY_2],
    ["2", POLICY_2, POLICY],
  ])(
    "under a policy of version %s, its record has that version, and registering it again is judged by that",
    async (number, policy, other) => {
      const into = createMemoryRegistry();
      const options = { training: { metrics: [{ name: "mae", slice: null, value: 2 }] } };
      expect((await registerFake("v1.0.0", options, policy, into)).outputs.result).toBe("registered");
      const [, ...lines] = into.tags.get("visits@v1.0.0")?.message.split("\n") ?? [];
      const record = JSON.parse(lines.join("\n"));
      expect(record.schema).toBe(`mlops-actions/model-version@${number}`);
      if (number === "1") expect(findFrozenErrors(modelVersionRecord, record)).toEqual([]);
      else expect(record.patterns).toEqual([{ use: "model", pattern: "model/*.json", files: 2, bytes: 5 }]);
      expect((await registerFake("v1.0.0", options, other, into)).outputs.result).toBe("unchanged");
      const changed = { ...options, inputs: { governance: "approval_date=2026-06-02" } };
      expect((await registerFake("v1.0.0", changed, other, into)).errorCodes).toEqual(["version-taken"]);
    },
  );

  test.each(REFUSED)("refused, and nothing written: %s", async (_, code, options) => {
    const { exitCode, outputs, errorCodes } = await registerFake("v2.0.0", options);
    expect(errorCodes).toContain(code);
    expect(exitCode).toBeGreaterThan(0);
    expect(outputs).toMatchObject({ tag: "", result: "error" });
    expect([...registry.tags.keys()]).toEqual(["visits@v1.0.0"]);
  });

  test("the first model of a repository says why it cannot be registered yet, and what cures it", async () => {
    const { log } = await registerFake("v2.0.0", { verdict: { outcome: "inconclusive", baseline: null } });
    expect(log).toContain("It had no baseline. Register the model of the next push");
  });

  test("all missing fields are reported at once", async () => {
    const { log } = await registerFake("v2.0.0", { inputs: { card: "", governance: "" } });
    for (const name of ["approval_date", "data_sources"])
      expect(log).toContain(`the governance field ${name} is missing`);
  });
});

describe("on GitHub", () => {
  let hub: LocalGitHub;
  let trained: RegisterOptions;
  beforeAll(async () => {
    hub = await startLocalGitHub({ limits: "off", files: { ".github/mlops.yml": POLICY, ...WORKFLOWS } });
    trained = await trainOnGitHub(hub);
  });
  afterAll(() => hub.close());

  const registerOnGitHub = (version: string, options: RegisterOptions = {}) =>
    register(version, { ...trained, ...options });
  const listTags = async () => createGitTagRegistry(createTestClient(hub)).list("visits");

  test("a version is an annotated tag of the commit, which is made once", async () => {
    const { exitCode, outputs } = await registerOnGitHub("v1.0.0");
    expect([exitCode, outputs]).toMatchObject([0, { tag: "visits@v1.0.0", result: "registered" }]);
    const effects = hub.journal.effects().length;
    expect((await registerOnGitHub("v1.0.0")).outputs).toEqual({ ...outputs, result: "unchanged" });
    expect(hub.journal.effects()).toHaveLength(effects);

    const [ref] = await listTags();
    if (ref === undefined) throw new Error("no tag");
    const tag = await createGitTagRegistry(createTestClient(hub)).read(ref);
    expect(tag).toMatchObject({ commit: trained.commit, annotated: true });
    expect(tag.message).toContain("Register visits v1.0.0\n\n{");
  });

  test("of two jobs at the same time one makes it, and the other finds the same", async () => {
    const both = await Promise.all([registerOnGitHub("v1.1.0"), registerOnGitHub("v1.1.0")]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect((await listTags()).filter(({ name }) => name === "visits@v1.1.0")).toHaveLength(1);
  });

  test("a lost response leads to no second tag and no failure", async () => {
    hub.faults.next({ operation: "git/create-ref" }, { kind: "status", status: 502, when: "after" });
    expect((await registerOnGitHub("v1.2.0")).exitCode).toBe(0);
    expect((await listTags()).filter(({ name }) => name === "visits@v1.2.0")).toHaveLength(1);
  });

  test.each<[string, string, () => RegisterOptions]>([
    ["a commit that was never merged", "commit-not-merged", () => ({ commit: OTHER })],
    [
      "a token that may only read",
      "permission-missing",
      () => ({ inputs: { token: hub.tokenWith({ contents: "read" }) } }),
    ],
  ])("refused, and nothing written: %s", async (_, code, options) => {
    const before = await listTags();
    const { exitCode, errorCodes } = await registerOnGitHub("v2.0.0", options());
    expect([exitCode > 0, errorCodes]).toEqual([true, [code]]);
    expect(await listTags()).toEqual(before);
  });

  test("tags made by hand prevent nothing, and are named", async () => {
    const { rest, repository } = createTestClient(hub);
    const commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
    await rest.git.createRef({ ...repository, ref: "refs/tags/visits@v1.999.0", sha: commit });
    const at = "2026-01-01T00:00:00Z";
    const tag = { name: "visits@v1.998.0", commit, message: "Trust me", at };
    await createGitTagRegistry(createTestClient(hub)).create(tag);
    const { exitCode, log } = await registerOnGitHub("v1.3.0");
    expect(exitCode).toBe(0);
    expect(log).toContain("the tag visits@v1.999.0 is a lightweight tag");
    expect(log).toContain("visits@v1.998.0");
  });

  test("a hotfix of an older release line is registered after a newer one, and a version before it is not", async () => {
    expect((await registerOnGitHub("v3.0.0")).exitCode).toBe(0);
    expect((await registerOnGitHub("v2.9.1")).exitCode).toBe(0);
    expect((await registerOnGitHub("v2.9.0")).errorCodes).toEqual(["version-not-greater"]);
  });
});
