import { createHash } from "node:crypto";
import { describe, test } from "vitest";
import { listProcesses } from "../../shared/adapters/process/process-table.ts";
import { DATA_REPORT } from "../../shared/records/data-report.ts";
import { createFixture, type TrainingScenario } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5, "slices": {"old": {"mae": 1.25}}}' > metrics.json`;
const digest = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function reportAbout(text: string, outcome: "pass" | "fail" = "pass"): string {
  return JSON.stringify({
    schema: DATA_REPORT,
    outcome,
    files: [{ path: "data.csv", bytes: text.length, digest: digest(text), rows: 1 }],
    dataDigest: digest("the data"),
    contract: { path: "contract.yml", ref: "c".repeat(40), digest: digest("") },
    ...{ checks: 1, findings: [], notes: [] },
    origin: { repository: "octo/model", workflow: "ci.yml", run: 1, attempt: 1, actor: "alice" },
  });
}

test.concurrent("a training that ends well is recorded whole", async ({ expect }) => {
  using stage = createFixture({
    script: `${METRICS}\nprintf weights > model.bin\nenv > seen.txt\ncat "$TRAIN_PARAMS_FILE" > params.txt`,
    files: { "data.csv": "a\n1\n" },
    uncommittedFiles: { "data-report.json": reportAbout("a\n1\n") },
    inputs: { params: '{"lr": 0.1, "layers": "2"}', model: "model.bin", "data-report": "data-report.json" },
    env: { GITHUB_RUN_ATTEMPT: "2", API_TOKEN: "a-secret-value", RUNNER_NAME: "gpu-1" },
  });
  const { code, log } = await stage.main();
  expect(log).toContain(`Training commit ${stage.commit.slice(0, 7)}`);
  expect(code).toBe(0);
  expect(stage.record).toMatchObject({
    outcome: "success",
    commit: stage.commit,
    dataDigest: digest("the data"),
    params: { lr: 0.1, layers: "2" },
    environment: { runner: "gpu-1", versions: { node: expect.stringMatching(/^24\./) } },
    exit: { code: 0, signal: null },
    metrics: [
      { name: "mae", slice: null, value: 0.5 },
      { name: "mae", slice: "old", value: 1.25 },
    ],
    metricFiles: [{ path: "metrics.json" }],
    model: { files: [{ path: "model.bin", bytes: 7, digest: digest("weights") }] },
    origin: { repository: "octo/model", run: 7, attempt: 2, actor: "alice" },
  });
  expect(stage.output("outcome")).toBe("success");
  expect(stage.output("exit-code")).toBe("0");
  expect(stage.output("model-digest")).toBe(stage.record.model?.digest);

  const seen = stage.read("seen.txt");
  expect(seen).toContain(`TRAIN_COMMIT=${stage.commit}\n`);
  expect(seen).toContain('TRAIN_PARAMS={"lr":0.1,"layers":"2"}\n');
  expect(seen).toContain("TRAIN_ATTEMPT=2\n");
  expect(seen).not.toMatch(/^(?:INPUT_|ACTIONS_|GITHUB_(?:OUTPUT|ENV|STATE|PATH|STEP_SUMMARY))/m);
  expect(stage.read("params.txt")).toBe('{"lr":0.1,"layers":"2"}\n');
});

test.concurrent("the post step of a training that ended has nothing to do and nothing to say", async ({ expect }) => {
  using stage = createFixture({ script: `${METRICS}\necho trained` });
  await stage.interruptMain("trained", "SIGCONT");
  expect(stage.record.outcome).toBe("success");
  expect(await stage.post()).toMatchObject({ code: 0, log: "" });
});

interface FailureCase extends TrainingScenario {
  readonly outcome?: string;
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly says: string;
}

const FAILURES: Readonly<Record<string, FailureCase>> = {
  "a command that fails": { script: "exit 3", exit: { code: 3, signal: null }, says: "with exit code 3" },
  "a command that is killed": {
    script: "kill -9 $$",
    exit: { code: null, signal: "SIGKILL" },
    says: "with SIGKILL",
  },
  "a command that takes too long": {
    script: "sleep 30",
    inputs: { timeout: "1s" },
    outcome: "timed-out",
    exit: { code: null, signal: "SIGTERM" },
    says: "the training's time was up",
  },
  "no metrics": { script: "true", says: "[no-files]" },
  "no model": { script: METRICS, inputs: { model: "model.bin" }, says: "[no-files]" },
  "metrics that are no number": { script: `echo '{"mae": NaN}' > metrics.json`, says: "metrics.json:1:9: NaN is not" },
  "metrics beyond all numbers": { script: `echo '{"mae": 1e400}' > metrics.json`, says: "[metrics-not-finite]" },
  "metrics that say nothing": { script: "echo '{}' > metrics.json", says: "[metrics-empty]" },
  "metrics that are cut": { script: `echo '{"mae": 0.5' > metrics.json`, says: "[metrics-not-json]" },
  "metrics of an earlier training": {
    script: "true",
    files: { "metrics.json": '{"mae": 0.1}' },
    says: "[result-stale]",
  },
  "metrics that lie outside": {
    script: `echo '{"mae": 0.5}' > ../outside.json; ln -s ../outside.json metrics.json`,
    says: "[file-outside-workspace]",
  },
};

describe("a training that ends badly is never green, and recorded as what it was", () => {
  test.concurrent.for(Object.entries(FAILURES))("%s", async ([_, { outcome, exit, says, ...scene }], { expect }) => {
    using stage = createFixture(scene);
    const { code, log } = await stage.main();
    expect(log).toContain(says);
    const ends = outcome === "timed-out" ? "timed-out" : exit === undefined ? "results-unusable" : "failed";
    expect(log.trimEnd().split("\n").at(-1)).toMatch(new RegExp(`error.*\\[training-${ends}\\]$`));
    expect(code).toBe(1);
    expect(stage.record).toMatchObject({
      outcome: outcome ?? "failure",
      exit: exit ?? { code: 0, signal: null },
      ...{ metrics: [], metricFiles: [], model: null },
    });
    expect(stage.output("outcome")).toBe(outcome ?? "failure");
  });
});

const repo = (id: number) => ({ id, full_name: `someone/${id}` });
const pull = (head: number | undefined) => ({
  name: "pull_request",
  payload: { repository: repo(1), pull_request: { head: { repo: head === undefined ? null : repo(head) } } },
});

const REFUSED_CASES: Readonly<Record<string, TrainingScenario & { readonly code: number; readonly says: string }>> = {
  "a fork's pull request on a machine of ours": { script: "", event: pull(2), code: 2, says: "[fork-on-own-machine]" },
  "a pull request whose fork is gone": { script: "", event: pull(undefined), code: 2, says: "[fork-on-own-machine]" },
  "a file that was changed after the checkout": {
    script: "",
    files: { "train.py": "" },
    uncommittedFiles: { "train.py": "1" },
    code: 1,
    says: "train.py: it was changed since the checkout",
  },
  "data that is not what was checked": {
    script: "",
    files: { "data.csv": "a\n2\n" },
    uncommittedFiles: { "data-report.json": reportAbout("a\n1\n") },
    inputs: { "data-report": "data-report.json" },
    code: 1,
    says: "data.csv: it is not the file that data-report.json is about",
  },
  "data that breaks its contract": {
    script: "",
    files: { "data.csv": "a\n1\n" },
    uncommittedFiles: { "data-report.json": reportAbout("a\n1\n", "fail") },
    inputs: { "data-report": "data-report.json" },
    code: 2,
    says: "[data-not-clean]",
  },
  "parameters that are not flat": {
    script: "",
    inputs: { params: '{"a": {"b": 1}}' },
    code: 1,
    says: "[params-invalid]",
  },
  "a command that is missing": { script: "", inputs: { command: "" }, code: 1, says: "input command is missing" },
};

describe("nothing is run for", () => {
  test.concurrent.for(Object.entries(REFUSED_CASES))("%s", async ([_, { code, says, ...scene }], { expect }) => {
    using stage = createFixture({ ...scene, script: "touch ran.txt" });
    const played = await stage.main();
    expect(played.log).toContain(says);
    expect(played.code).toBe(code);
    expect([stage.read("ran.txt"), stage.read("training-record.json")]).toEqual(["", ""]);
    expect(stage.output("outcome")).toBe("failure");
  });
});

test.concurrent.for([
  ["on a machine of GitHub's", { env: { RUNNER_ENVIRONMENT: "github-hosted" } }],
  ["on a machine that is thrown away", { inputs: { "allow-forks": "true" } }],
] as const)("a fork trains %s", async ([_, scene], { expect }) => {
  using stage = createFixture({ script: METRICS, event: pull(2), ...scene });
  expect(await stage.main()).toMatchObject({ code: 0 });
});

test.concurrent("what a training prints never becomes a workflow command", async ({ expect }) => {
  const hostile = [
    "::set-output name=outcome::x",
    "  ::error::x",
    "a ##[add-mask]x",
    "\\r::stop-commands::x",
    "\\u2028::x",
  ];
  using stage = createFixture({ script: `printf '%b\\n' ${hostile.map((line) => `'${line}'`).join(" ")}\n${METRICS}` });
  const { log } = await stage.interruptMain("stop-commands", "SIGCONT");
  expect(log).not.toMatch(/^\s*::|##\[|\u2028/m);
});

/** Says that it is ready; when told to stop, saves for longer than the runner would let a step live. */
const SAVE_ON_STOP_SCRIPT = `trap 'sleep 2; echo saved > checkpoint.txt; echo all saved; exit 0' TERM
echo ready to train
while true; do sleep 0.05; done`;

describe("a job that is cancelled", () => {
  test.concurrent("lets the training save, and the step ends at once", async ({ expect }) => {
    using stage = createFixture({ script: SAVE_ON_STOP_SCRIPT });
    const main = await stage.interruptMain("ready to train", "SIGINT");
    // The runner gives 7.5 s; what is needed is one of them, and a busy machine may take another.
    expect(main.exitMilliseconds).toBeLessThan(3_000);
    expect(main.code).toBe(130);
    expect(main.log).toContain("it was told to stop, and the post step waits for it");
    expect(stage.output("outcome")).toBe("cancelled");
    const before = stage.record;
    expect(before).toMatchObject({ outcome: "cancelled", exit: { code: null, signal: null } });

    const post = await stage.post();
    expect(post.log).toContain("all saved\nThe training has ended by itself");
    expect(post.log).not.toContain("ready to train");
    expect(stage.read("checkpoint.txt")).toBe("saved\n");
    expect(Date.parse(stage.record.endedAt)).toBeGreaterThan(Date.parse(before.endedAt));
  });

  test.concurrent("ends a training that does not stop, and nothing else", async ({ expect }) => {
    using stage = createFixture({
      script: "trap '' TERM\necho $$ > pid.txt\necho ready\nwhile true; do sleep 0.05; done",
      inputs: { grace: "1s" },
    });
    await stage.interruptMain("ready", "SIGTERM");
    const post = await stage.post();
    expect(post.log).toContain("did not end in its grace and was killed");
    expect((await listProcesses()).map(({ pid }) => pid)).not.toContain(Number(stage.read("pid.txt")));
  });

  test.concurrent("leaves a record that claims nothing even when the step is killed", async ({ expect }) => {
    using stage = createFixture({ script: `${METRICS}\n${SAVE_ON_STOP_SCRIPT}` });
    await stage.interruptMain("ready to train", "SIGKILL");
    expect(stage.record).toMatchObject({ outcome: "cancelled", metrics: [], model: null });
    expect((await stage.post()).log).toContain("all saved\nThe training has ended by itself");
  });
});
