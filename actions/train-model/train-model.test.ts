/** train-model: its outcomes with a fake training, and real trainings in a checkout, interrupted as a runner does. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { listProcesses } from "../../shared/adapters/process/process-table.ts";
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { DATA_REPORT } from "../../shared/records/data-report.ts";
import { findFrozenErrors, inMemory } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { type Play, playAction, playPost } from "../../test/fixture/play-action.ts";
import { type Files, readFile, writeFiles } from "../../test/fixture/prepare-job.ts";
import { connectWith } from "./connect.ts";
import { finish } from "./finish.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";
import { createFixture } from "./testing.ts";

/** A report about `data.csv` with this content. */
function dataReportAbout(text: string, outcome: "pass" | "fail" = "pass"): string {
  return JSON.stringify({
    schema: DATA_REPORT,
    outcome,
    files: [{ path: "data.csv", bytes: text.length, digest: digestOf(text), rows: 1 }],
    dataDigest: digestOf("the data"),
    contracts: [{ path: "contract.yml", ref: "c".repeat(40), digest: digestOf("") }],
    ...{ checks: 1, findings: [], notes: [] },
    origin: { repository: "octo/model", workflow: "ci.yml", run: 1, attempt: 1, actor: "alice" },
  });
}

describe("with a fake training", () => {
  const EXITED: ProcessResult = { kind: "exited", exit: { code: 0, signal: null }, survivors: [] };
  const TREE = { leader: 4711, started: "1", marker: "m", output: "/output.log", limit: null };
  const POST_STATE = { tree: TREE, watchdog: { pid: 4712, started: "1" }, shownBytes: 0, asked: [] };
  const MACHINE = {
    environment: { os: "Linux", arch: "X64", runner: "gpu-1", gpus: [], versions: {} },
    facts: {
      ...{ devices: [], cuda: null, gpuProcesses: null, memory: 8e9, memoryAvailable: 4e9 },
      ...{ diskFree: 50e9, sharedMemory: 4e9, openFiles: 1024, lockedMemory: null },
    },
  };
  const STOP = { signal: "SIGTERM", graceSeconds: 120 };
  const METRICS = '{"mae": 0.5}';

  interface FakeTraining extends Play<typeof spec> {
    /** Files that the training writes. */
    readonly writes?: Files;
    readonly ends?: ProcessResult;
    /** Runs in the workspace, as the training. */
    readonly work?: (workspace: string) => unknown;
    readonly environment?: string;
  }

  /** On a self-hosted runner, unless given. */
  async function train({ writes = {}, ends = EXITED, work, environment = "self-hosted", ...play }: FakeTraining) {
    const calls: string[] = [];
    const connect = async (given: Parameters<ReturnType<typeof connectWith>>[0]): Promise<Ports> => ({
      ...(await connectWith({})(given)),
      readCheckout: async () => ({ commit: "a".repeat(40), tree: "b".repeat(40), changed: [] }),
      machine: {
        environment,
        describe: () => ({ soFar: () => MACHINE, within: async () => MACHINE }),
        watch: () => ({
          started() {},
          load: () => [],
          end: async () => ({
            ...{ oomKills: 0, kernelMessages: [], idleGpuSeconds: null, recoveryActions: [] },
            ...{ resources: { gpus: [] }, versions: {}, packages: undefined },
          }),
        }),
      },
      async train(_, savePostState) {
        calls.push("train");
        savePostState(POST_STATE);
        writeFiles(given.context.workspace, writes);
        work?.(given.context.workspace);
        return ends;
      },
      async stopTraining({ tree }) {
        calls.push(`stop ${tree.leader}`);
        return { end: "killed", stoppedByWatchdogAt: undefined };
      },
    });
    const inputs = { command: "train", metrics: "metrics.json", ...play.inputs };
    const played = await playAction(spec, run, connect, { ...play, inputs });
    const readRecord = () => played.readRecord(inMemory(trainingRecord), "training-record.json");
    return { ...played, calls, record: readRecord(), readRecord, post: () => playPost(spec, finish, connect, played) };
  }

  test("a success is recorded with its metrics and its model", async () => {
    const { exitCode, outputs, record, post } = await train({
      inputs: { model: "model.bin", params: '{"lr": 0.1}' },
      writes: { "metrics.json": METRICS, "model.bin": "weights" },
    });
    expect(exitCode).toBe(0);
    expect(record).toMatchObject({
      outcome: "success",
      params: { lr: 0.1 },
      metrics: [{ name: "mae", slice: null, value: 0.5 }],
      metricFiles: [{ path: "metrics.json" }],
      model: { files: [{ path: "model.bin", bytes: 7, digest: digestOf("weights") }] },
    });
    expect(outputs).toEqual({
      outcome: "success",
      record: "training-record.json",
      "exit-code": "0",
      "model-digest": record?.model?.digest,
    });
    expect((await post()).log).toBe("");
  });

  describe("writes the version of records that the checkout asks for", () => {
    const METRICS_TABLE = "metric,value\nr2,0.4\n";
    const trainWith = (policy: Files) =>
      train({
        files: policy,
        inputs: { metrics: "metrics.json\nmore/*.csv", model: "model" },
        writes: { "metrics.json": METRICS, "more/a.csv": METRICS_TABLE, "model/a": "aa", "model/b": "bbb" },
      });
    const versionOf = (text: string) => JSON.parse(text).schema;

    test("without a policy version 2, with what it covered and where each metric is from", async () => {
      const { read, record } = await trainWith({});
      expect(versionOf(read("training-record.json"))).toBe("mlops-actions/training-record@2");
      expect(record).toMatchObject({
        metrics: [
          { name: "mae", slice: null, value: 0.5, source: "metrics.json" },
          { name: "r2", slice: null, value: 0.4, source: "more/a.csv" },
        ],
        patterns: [
          { use: "metrics", pattern: "metrics.json", files: 1, bytes: METRICS.length },
          { use: "metrics", pattern: "more/*.csv", files: 1, bytes: METRICS_TABLE.length },
          { use: "model", pattern: "model", files: 2, bytes: 5 },
        ],
        origin: { repository: "octo/model", event: "push", ref: "refs/heads/main", runNumber: 1 },
      });
      expect(record).not.toHaveProperty("problems");
    });

    test.each([
      ["version 1", "version: 1\n"],
      ["a version of the future", "version: 3\n"],
      ["none that can be read", "version: [\n"],
    ])("with %s, version 1: nothing in it that the last release would not write", async (_, policy) => {
      const { read, log } = await trainWith({ ".github/mlops.yml": policy });
      const written = JSON.parse(read("training-record.json"));
      expect([written.schema, findFrozenErrors(trainingRecord, written)]).toEqual([
        "mlops-actions/training-record@1",
        [],
      ]);
      expect(log.includes("The version of .github/mlops.yml in this checkout cannot be read")).toBe(
        policy !== "version: 1\n",
      );
    });

    test("what is no metric beside others is left out, and log and record say so", async () => {
      const { record, log } = await train({ writes: { "metrics.json": '{"auc": 0.9, "mae": NaN, "names": ["a"]}' } });
      expect(record).toMatchObject({
        outcome: "success",
        metrics: [{ name: "auc", value: 0.9 }],
        problems: [{ code: "metrics-not-finite", severity: "warning", message: '"mae" is NaN, and is left out' }],
      });
      expect(log).toContain('metrics.json:1:21: "mae" is NaN, and is left out');
    });

    test("of a failed training, the record says why", async () => {
      const { record } = await train({ writes: { "metrics.json": '{"mae": NaN}' } });
      expect(record?.problems).toMatchObject([
        { code: "metrics-not-finite", severity: "error", place: { file: "metrics.json", line: 1, column: 9 } },
        { code: "training-results-unusable", severity: "error" },
      ]);
      const { record: stopped } = await train({
        ends: { kind: "exited", exit: { code: 3, signal: null }, survivors: [] },
      });
      expect(stopped?.problems).toMatchObject([
        { code: "training-failed", message: expect.stringContaining("exit code 3") },
      ]);
    });
  });

  test.each([
    ["version: 2\ntrain: { resume: { checkpoints: [last.pt] } }\n", ["policy-not-supported-yet"]],
    ["version: 2\nmodels: { a: { files: [m] }, b: { files: [m] } }\n", ["model-not-named"]],
    ["version: 2\ntrain: { budget: { gpu-hours: 2 } }\nstatistics: {}\n", []],
  ])("does not ignore what the checkout's policy says about it: %s", async (policy, codes) => {
    const played = await train({ files: { ".github/mlops.yml": policy }, writes: { "metrics.json": METRICS } });
    expect(played.errorCodes).toEqual(codes);
  });

  test("while the training runs, there is a record that claims no results", async () => {
    let during = "";
    await train({
      writes: { "metrics.json": METRICS },
      work: (workspace) => {
        during = readFile(workspace, "training-record.json");
      },
    });
    expect(JSON.parse(during)).toMatchObject({ outcome: "cancelled", metrics: [], model: null });
  });

  test.each<[string, FakeTraining, string]>([
    ["no metrics", {}, "[no-files]"],
    ["no model", { inputs: { model: "model.bin" }, writes: { "metrics.json": METRICS } }, "[no-files]"],
    ["metrics that are not numbers", { writes: { "metrics.json": '{"mae": NaN}' } }, 'metrics.json:1:9: "mae" is NaN'],
    ["metrics larger than any number", { writes: { "metrics.json": '{"mae": 1e400}' } }, "[metrics-not-finite]"],
    ["empty metrics", { writes: { "metrics.json": "{}" } }, "[metrics-empty]"],
    ["cut metrics", { writes: { "metrics.json": '{"mae": 0.5' } }, "[metrics-not-json]"],
    ["metrics of an earlier training", { files: { "metrics.json": METRICS } }, "[result-stale]"],
    [
      "metrics outside the workspace",
      {
        work: (workspace) => {
          writeFiles(join(workspace, ".."), { "outside.json": METRICS });
          symlinkSync("../outside.json", join(workspace, "metrics.json"));
        },
      },
      "[file-outside-workspace]",
    ],
  ])("a success of the command with %s is a failure", async (_, training, text) => {
    const { exitCode, outputs, log, record } = await train(training);
    expect(log).toContain(text);
    expect(log.split("\n").at(-1)).toMatch(/^error.*\[training-results-unusable\]$/);
    expect([exitCode, outputs.outcome]).toEqual([1, "failure"]);
    expect(record).toMatchObject({ outcome: "failure", exit: EXITED.exit, metrics: [], metricFiles: [], model: null });
  });

  test("a success of the command that left something running that cannot be ended is a failure", async () => {
    const survivors = [{ name: "::error::x", pid: 4713, wasEnded: false }];
    const { exitCode, log, record } = await train({
      writes: { "metrics.json": METRICS },
      ends: { ...EXITED, survivors },
    });
    expect(log).toContain('left "::error::x" (pid 4713) running; it could not be ended');
    expect([exitCode, record]).toEqual([1, expect.objectContaining({ outcome: "failure", metrics: [] })]);
  });

  test("predictions are recorded by digest, and must be this training's", async () => {
    const inputs = { predictions: "*.csv" };
    const writes = { "metrics.json": METRICS, "predictions.csv": "id,label,prediction\n1,a,b\n" };
    const { exitCode, record } = await train({ inputs, writes });
    expect(exitCode).toBe(0);
    expect(record?.predictionFiles).toEqual([
      { path: "predictions.csv", bytes: 26, digest: digestOf(writes["predictions.csv"]) },
    ]);
    expect(record?.patterns).toContainEqual({ use: "predictions", pattern: "*.csv", files: 1, bytes: 26 });
    const old = await train({ inputs, files: { "predictions.csv": "id\n1\n" }, writes: { "metrics.json": METRICS } });
    expect([old.exitCode, old.log]).toEqual([1, expect.stringContaining("[result-stale]")]);
    expect((await train({ inputs, writes: { "metrics.json": METRICS } })).log).toContain("[no-files]");
  });

  test("the record itself is no part of a model: it is written again after the digest was taken", async () => {
    const { log, exitCode } = await train({ inputs: { model: "*.json" }, writes: { "metrics.json": METRICS } });
    expect(log).toContain("[result-own-file]");
    expect(exitCode).toBe(1);
  });

  test("a new link to a model of an earlier training is not its result", async () => {
    const workspace = mkdtempSync(join(tmpdir(), "train-"));
    writeFiles(workspace, { "blobs/old": "old", "snapshots/1/README": "" });
    symlinkSync("../../blobs/old", join(workspace, "snapshots/1/model"));
    const { log, exitCode } = await train({
      workspace,
      inputs: { model: "snapshots/*/model" },
      writes: { "metrics.json": METRICS },
      work: () => {
        mkdirSync(join(workspace, "snapshots/0"));
        symlinkSync("../../blobs/old", join(workspace, "snapshots/0/model"));
      },
    });
    expect(log).toContain("[result-stale]");
    expect(exitCode).toBe(1);
  });

  test("a cancelled training is left to the post step, which stops it and completes the record", async () => {
    const ends = {
      kind: "cancelled",
      exit: { code: null, signal: null },
      survivors: [],
      stoppedAt: new Date(0),
      survivingTree: TREE,
      asked: [],
      shownBytes: 0,
    } as const;
    const { outputs, errorCodes, calls, record, readRecord, post } = await train({ ends });
    expect([outputs.outcome, errorCodes]).toEqual(["cancelled", ["training-cancelled"]]);
    expect((await post()).log).toContain("was killed");
    expect(calls).toEqual(["train", "stop 4711"]);
    expect(record?.stop).toEqual({ cause: "cancelled", at: "1970-01-01T00:00:00.000Z", ...STOP, killed: false });
    expect(readRecord()).toEqual({ ...record, stop: { ...record?.stop, killed: true }, endedAt: expect.any(String) });
  });

  test("nothing is run on a machine that lacks what is required, and the record says what", async () => {
    const inputs = { require: "{gpus: 1, disk: 1TB, open-files: 100}" };
    const { exitCode, calls, errorCodes, outputs, record, summary } = await train({ inputs });
    expect([exitCode, calls, errorCodes]).toEqual([1, [], ["preflight-gpus", "preflight-disk"]]);
    expect(outputs).toMatchObject({ outcome: "failure", record: "training-record.json" });
    expect(record).toMatchObject({
      outcome: "failure",
      preflight: [
        { code: "gpus", outcome: "fail" },
        { code: "disk", outcome: "fail" },
        { code: "open-files", outcome: "pass" },
      ],
      problems: [{ code: "preflight-gpus" }, { code: "preflight-disk" }],
    });
    expect(summary).toContain("the training may use 0 GPUs, and requires 1");
  });

  const repository = (id: number) => ({ id, full_name: `someone/${id}` });
  const pullRequest = (head: number | undefined) => ({
    name: "pull_request",
    payload: {
      repository: repository(1),
      pull_request: { head: { repo: head === undefined ? null : repository(head) } },
    },
  });

  test.each<[string, FakeTraining]>([
    ["a GitHub-hosted runner", { environment: "github-hosted" }],
    ["a runner that is discarded after the job", { inputs: { "allow-forks": "true" } }],
  ])("a fork's pull request may train on %s", async (_, training) => {
    const { exitCode } = await train({ event: pullRequest(2), writes: { "metrics.json": METRICS }, ...training });
    expect(exitCode).toBe(0);
  });

  const withReport = (text: string, outcome?: "fail"): FakeTraining => ({
    files: { "data.csv": "a\n2\n", "data-report.json": dataReportAbout(text, outcome) },
    inputs: { "data-report": "data-report.json" },
  });

  test.each<[string, FakeTraining, number, string]>([
    ["a fork's pull request on a self-hosted runner", { event: pullRequest(2) }, 2, "[fork-on-own-machine]"],
    ["a pull request whose fork was deleted", { event: pullRequest(undefined) }, 2, "[fork-on-own-machine]"],
    [
      "data that changed after the check",
      withReport("a\n1\n"),
      1,
      "data.csv: its content differs from the file that data-report.json describes",
    ],
    ["data that breaks its contract", withReport("a\n2\n", "fail"), 2, "[data-not-clean]"],
    ["requirements that are not known", { inputs: { require: "gpu: 1" } }, 1, "[require-unknown-key]"],
    ["parameters that are not flat", { inputs: { params: '{"a": {"b": 1}}' } }, 1, "[params-invalid]"],
    ["a missing command", { inputs: { command: "" } }, 1, "input command is missing"],
  ])("nothing is run for %s", async (_, training, code, text) => {
    const { exitCode, outputs, log, calls, record } = await train(training);
    expect(log).toContain(text);
    expect([exitCode, outputs.outcome, calls, record]).toEqual([code, "failure", [], undefined]);
  });
});

const METRICS = `echo '{"mae": 0.5, "slices": {"old": {"mae": 1.25}}}' > metrics.json`;

describe("a real training", () => {
  test.concurrent("that succeeds is recorded with commit, data, parameters and results", async ({ expect }) => {
    const fixture = createFixture({
      script: `${METRICS}\nprintf weights > model.bin\nenv > seen.txt\ncat "$TRAIN_PARAMS_FILE" > params.txt`,
      files: { "data.csv": "a\n1\n" },
      uncommittedFiles: { "data-report.json": dataReportAbout("a\n1\n") },
      inputs: { params: '{"lr": 0.1, "layers": "2"}', model: "model.bin", "data-report": "data-report.json" },
      env: { GITHUB_RUN_ATTEMPT: "2", API_TOKEN: "a-secret-value", RUNNER_NAME: "gpu-1" },
    });
    const { exitCode, log } = await fixture.main();
    expect(log).toContain(`Training commit ${fixture.commit.slice(0, 7)}`);
    expect(exitCode).toBe(0);
    expect(fixture.record).toMatchObject({
      outcome: "success",
      commit: fixture.commit,
      dataDigest: digestOf("the data"),
      params: { lr: 0.1, layers: "2" },
      environment: { runner: "gpu-1", versions: { node: expect.stringMatching(/^\d+\./) } },
      exit: { code: 0, signal: null },
      metrics: [
        { name: "mae", slice: null, value: 0.5 },
        { name: "mae", slice: "old", value: 1.25 },
      ],
      origin: { repository: "octo/model", run: 7, attempt: 2, actor: "alice" },
    });

    const seen = fixture.read("seen.txt");
    expect(seen).toContain(`TRAIN_COMMIT=${fixture.commit}\n`);
    expect(seen).toContain('TRAIN_PARAMS={"lr":0.1,"layers":"2"}\n');
    expect(seen).toContain("TRAIN_ATTEMPT=2\n");
    expect(seen).not.toMatch(/^(?:INPUT_|ACTIONS_|GITHUB_(?:OUTPUT|ENV|STATE|PATH|STEP_SUMMARY))/m);
    expect(fixture.read("params.txt")).toBe('{"lr":0.1,"layers":"2"}\n');
  });

  test.concurrent.for([
    ["fails", "exit 3", {}, "training-failed", "with exit code 3", { code: 3, signal: null }],
    ["is killed", "kill -9 $$", {}, "training-failed", "with SIGKILL", { code: null, signal: "SIGKILL" }],
    [
      "takes too long",
      "sleep 30",
      { timeout: "1s" },
      "training-timed-out",
      "the training timed out",
      { code: null, signal: "SIGTERM" },
    ],
  ] as const)("that %s is recorded without results", async ([_, script, inputs, code, text, exit], { expect }) => {
    const fixture = createFixture({ script, inputs });
    const { exitCode, outputs, errorCodes, log } = await fixture.main();
    const outcome = code === "training-timed-out" ? "timed-out" : "failure";
    expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, outcome, [code]]);
    expect(log).toContain(text);
    expect(fixture.record).toMatchObject({ outcome, exit, metrics: [], metricFiles: [], model: null });
  });

  test.concurrent("that leaves something running succeeds, and what it left is named and ended", async ({ expect }) => {
    const fixture = createFixture({ script: `${METRICS}\nsetsid -f sleep 61 > /dev/null 2>&1` });
    const { exitCode, log } = await fixture.main();
    expect([exitCode, fixture.record.outcome]).toEqual([0, "success"]);
    expect(log).toMatch(/left "sleep" \(pid \d+\) running; it was ended.*\[process-left\]/);
    expect(fixture.record.problems).toMatchObject([{ code: "process-left", severity: "warning" }]);
  });

  test.concurrent("does not start in a checkout with changes", async ({ expect }) => {
    const fixture = createFixture({
      script: "touch ran.txt",
      files: { "train.py": "" },
      uncommittedFiles: { "train.py": "1" },
    });
    const { exitCode, log } = await fixture.main();
    expect(log).toContain("train.py: it was changed since the checkout");
    expect([exitCode, fixture.read("ran.txt"), fixture.read("training-record.json")]).toEqual([1, "", ""]);
  });

  const HIDE = "git update-index --assume-unchanged train.py && git update-index --skip-worktree model.py";
  const CODE = { "train.py": "1", "model.py": "1", "metrics.json": "{}" };
  const COMMIT = "git -c user.name=a -c user.email=a@example.com commit --quiet";

  test.concurrent.for<[string, string, string, string]>([
    [
      "another commit is checked out",
      `${COMMIT} --allow-empty -m Other`,
      "checkout-moved",
      "it is not known what was trained",
    ],
    ["its code is changed", "echo 2 > train.py", "checkout-changed", "train.py: it was changed while"],
    [
      "its code is changed and hidden",
      `echo 2 > train.py; ${HIDE}`,
      "checkout-changed",
      "train.py: it was changed while",
    ],
    [
      "its code is hidden and changed",
      `${HIDE}; echo 2 > model.py; rm train.py`,
      "checkout-changed",
      "model.py: it (and 1 more) was changed while",
    ],
    ["its data is changed", "echo 2 > data.csv", "data-changed", "data.csv: it was written while the training ran"],
    ["its data is written again", "cp data.csv x; cp x data.csv", "data-changed", "data.csv: it was written while"],
    ["its repository is lost", "rm -r .git", "not-a-checkout", "not a checkout"],
  ])("in which %s has no result", async ([, script, code, text], { expect }) => {
    const fixture = createFixture({
      script: `${METRICS}\n${script}`,
      files: CODE,
      uncommittedFiles: { "data.csv": "a\n1\n", "data-report.json": dataReportAbout("a\n1\n") },
      inputs: { "data-report": "data-report.json" },
    });
    const { exitCode, errorCodes, log } = await fixture.main();
    expect([exitCode, errorCodes]).toEqual([1, [code, "training-results-unusable"]]);
    expect(log).toContain(text);
    expect(fixture.record).toMatchObject({ outcome: "failure", commit: fixture.commit, metrics: [], metricFiles: [] });
  });

  test.concurrent("may change its committed results, and files that are named", async ({ expect }) => {
    const fixture = createFixture({
      script: `${METRICS}\necho 2 > dvc.lock\nrm old.lock`,
      files: { ...CODE, "dvc.lock": "1", "old.lock": "1" },
      inputs: { "may-change": "dvc.*\nold.lock" },
    });
    expect((await fixture.main()).errorCodes).toEqual([]);
    expect(fixture.record).toMatchObject({ outcome: "success", end: { commit: fixture.commit, clean: true } });
    expect(fixture.record.end?.tree).toBe(fixture.record.tree);
  });

  test.concurrent.for<[string, (git: (...args: string[]) => string) => unknown]>([
    ["assumed unchanged", (git) => git("update-index", "--assume-unchanged", "train.py")],
    ["left out of the work tree", (git) => git("update-index", "--skip-worktree", "train.py")],
    ["monitored by a program", (git) => git("config", "core.fsmonitor", "true")],
  ])("does not start with a changed file that git was told to have %s", async ([, prepare], { expect }) => {
    const fixture = createFixture({
      script: "touch ran.txt",
      files: CODE,
      prepare,
      uncommittedFiles: { "train.py": "2" },
    });
    const { errorCodes } = await fixture.main();
    expect([errorCodes, fixture.read("ran.txt")]).toEqual([["checkout-changed"], ""]);
  });

  test.concurrent("starts in a sparse checkout", async ({ expect }) => {
    const fixture = createFixture({
      script: METRICS,
      files: { ...CODE, "other/a.txt": "a" },
      prepare: (git, write) => {
        git("sparse-checkout", "set", "--no-cone", "/*", "!/other/");
        write(CODE);
      },
    });
    expect((await fixture.main()).errorCodes).toEqual([]);
  });

  test.concurrent("cannot print a workflow command, and has no post step when it has ended", async ({ expect }) => {
    const hostile = [
      "::set-output name=outcome::x",
      "  ::error::x",
      "a ##[add-mask]x",
      "\\r::stop-commands::x",
      "\\u2028::x",
    ];
    const fixture = createFixture({
      script: `printf '%b\\n' ${hostile.map((line) => `'${line}'`).join(" ")}\n${METRICS}`,
    });
    // As a process, which ignores this signal.
    const { log } = await fixture.interruptMain("stop-commands", "SIGCONT");
    expect(log).not.toMatch(/^\s*::|##\[|\u2028/m);
    expect(fixture.record.outcome).toBe("success");
    expect(await fixture.post()).toMatchObject({ code: 0, log: "" });
  });
});

/** Logs that it is ready; after the stop signal, saves for longer than the runner would let a step live. */
const SAVE_ON_STOP_SCRIPT = `trap 'sleep 2; echo saved > checkpoint.txt; echo all saved; exit 0' TERM
echo ready to train
while true; do sleep 0.05; done`;

describe("a job that is cancelled", () => {
  test.concurrent("lets the training save, and its step ends at once", async ({ expect }) => {
    const fixture = createFixture({ script: SAVE_ON_STOP_SCRIPT });
    const main = await fixture.interruptMain("ready to train", "SIGINT");
    // The runner waits 7.5 s; the step needs about one, and on a busy machine two.
    expect(main.exitMilliseconds).toBeLessThan(3_000);
    expect(main.code).toBe(130);
    expect(main.log).toContain("it received the stop signal, and the post step waits for it");
    expect(main.outputs["outcome"]).toBe("cancelled");
    const before = fixture.record;
    expect(before).toMatchObject({ outcome: "cancelled", exit: { code: null, signal: null } });

    const post = await fixture.post();
    expect(post.log).toContain("all saved\nThe training has ended by itself");
    expect(post.log).not.toContain("ready to train");
    expect(fixture.read("checkpoint.txt")).toBe("saved\n");
    expect(Date.parse(fixture.record.endedAt)).toBeGreaterThan(Date.parse(before.endedAt));
  });

  test.concurrent("kills a training that does not stop, and nothing else", async ({ expect }) => {
    const fixture = createFixture({
      script: "trap '' TERM\necho $$ > pid.txt\necho ready\nwhile true; do sleep 0.05; done",
      inputs: { grace: "1s" },
    });
    await fixture.interruptMain("ready", "SIGTERM");
    const post = await fixture.post();
    expect(post.log).toContain("did not end within its grace period and was killed");
    expect((await listProcesses()).map(({ pid }) => pid)).not.toContain(Number(fixture.read("pid.txt")));
  });

  test.concurrent("has a record that claims no results even when the step is killed", async ({ expect }) => {
    const fixture = createFixture({ script: `${METRICS}\n${SAVE_ON_STOP_SCRIPT}` });
    await fixture.interruptMain("ready to train", "SIGKILL");
    expect(fixture.record).toMatchObject({ outcome: "cancelled", metrics: [], model: null });
    expect((await fixture.post()).log).toContain("all saved\nThe training has ended by itself");
  });
});

test("a real training does not wait for a GPU driver that hangs", async () => {
  const bin = mkdtempSync(join(tmpdir(), "bin-"));
  // It ignores signals, and what it has started holds its output open when it is killed.
  const hangs = `#!/bin/bash\ntrap '' TERM INT HUP\necho $$ > ${bin}/pid.new; mv ${bin}/pid.new ${bin}/pid\nsleep 20 &\nsleep 20\n`;
  writeFileSync(join(bin, "nvidia-smi"), hangs, { mode: 0o755 });
  const fixture = createFixture({
    // It runs while the driver is still asked; after ten seconds the question is given up.
    script: `until [ -e ${bin}/pid ]; do sleep 0.02; done\nkill -0 "$(cat ${bin}/pid)"\n${METRICS}`,
    env: { PATH: `${bin}:${process.env["PATH"]}` },
  });
  expect(await fixture.spawnMain()).toMatchObject({ code: 0 });
  expect(fixture.record.environment).toMatchObject({ gpus: [], versions: { bash: expect.any(String) } });
});
