/** dispatch-training: its outcomes with fake ports, and trainings that run, wait and end on the local GitHub. */
import { describe, expect, test } from "vitest";
import { createTrainingRecordJson } from "../../shared/adapters/baseline/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { parseDispatchDeclaration } from "../../shared/core/training/dispatch-declaration.ts";
import { parseRunState } from "../../shared/core/training/run-state.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { type Play, playAction, playPost } from "../../test/fixture/play-action.ts";
import { finish } from "./finish.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";
import { createFixture, type DispatchFixture, trainWorkflow, whenLogged } from "./testing.ts";

describe("without GitHub", () => {
  const COMMIT = "a".repeat(40);
  const RUN = 41;

  /** A run that succeeds at once and trained this commit, except for what is given. */
  function createFakes({ commit = COMMIT, workflow = trainWorkflow(), ...changes }: FakeOptions = {}) {
    const calls: string[] = [];
    const origin = { repository: "octo/model", workflow: "train.yml", run: RUN, attempt: 1, actor: "alice" };
    const text = createTrainingRecordJson({ mae: 0.5 }, { commit, origin });
    let now = 0;
    const ports: Ports = {
      findTargetWorkflow: async () => {
        const path = ".github/workflows/train.yml";
        return { id: 1, path, ref: "main", declaredInputs: parseDispatchDeclaration(workflow, path) };
      },
      assertPolicySupported: async () => {},
      readSkipPolicy: async () => undefined,
      readContentKey: async () => expect.fail("no training is skipped"),
      findSameTraining: async () => undefined,
      findEarlierRun: async () => expect.fail("this is the first attempt"),
      readFailedJobs: async () => [],
      newRequestId: () => "request-1",
      digestOf,
      dispatchWorkflow: async (_, inputs) => {
        calls.push(`dispatch ${JSON.stringify(inputs)}`);
        return RUN;
      },
      readDispatchedRun: async () => ({ state: parseRunState("completed", "success"), attempt: 1 }),
      readRunJobs: async () => [],
      readObstacles: async () => ({ environments: [], groups: [], runners: undefined }),
      fetchRecord: async () => ({
        record: inMemory(trainingRecord).parse(JSON.parse(text)),
        text,
        artifact: { id: 1 },
      }),
      writeRecord: async () => void calls.push("write record"),
      cancelRun: async (id) => void calls.push(`cancel ${id}`),
      findUnconfirmedRun: async () => undefined,
      endDispatchedRun: async () => "ended",
      now: () => now,
      githubNow: () => now,
      sleep: async (ms) => {
        now += ms;
      },
      ...changes,
    };
    const dispatch = (play: Play<typeof spec> = {}) =>
      playAction(spec, run, () => ports, { ...play, inputs: { workflow: "train.yml", ...play.inputs } });
    const post = async (played: Awaited<ReturnType<typeof dispatch>>) =>
      (await playPost(spec, finish, () => ports, played)).log;
    return { calls, dispatch, post };
  }
  interface FakeOptions extends Partial<Ports> {
    /** Of the record. */
    readonly commit?: string;
    readonly workflow?: string;
  }
  const inState = (status: string, conclusion: string | null = null): Partial<Ports> => ({
    readDispatchedRun: async () => ({ state: parseRunState(status, conclusion), attempt: 1 }),
  });

  test("a training that succeeds: its record is written, and the post step does nothing", async () => {
    const { calls, dispatch, post } = createFakes();
    const played = await dispatch({ inputs: { inputs: '{"epochs": 5}' } });
    expect([played.exitCode, played.outputs]).toEqual([
      0,
      {
        outcome: "success",
        record: "training-record.json",
        "run-id": "41",
        "run-url": "https://github.com/octo/model/actions/runs/41",
        commit: COMMIT,
      },
    ]);
    const inputs = { epochs: "5", commit: COMMIT, request: expect.stringMatching(/^[0-9a-f]{16}-request-1$/) };
    expect(calls).toEqual([expect.stringMatching(/^dispatch /), "write record"]);
    expect(JSON.parse(calls[0]?.replace("dispatch ", "") ?? "")).toEqual(inputs);
    expect(await post(played)).toBe("");
  });

  test.each([
    ["failure", "dispatched-run-failed", "one of its jobs failed"],
    ["cancelled", "dispatched-run-cancelled", "cancelled"],
  ] as const)("a training that ends with %s: its record is written, too", async (conclusion, code, text) => {
    const { calls, dispatch } = createFakes(inState("completed", conclusion));
    const { exitCode, outputs, errorCodes, log } = await dispatch();
    expect([exitCode, outputs.outcome, outputs.record]).toEqual([1, conclusion, "training-record.json"]);
    expect([errorCodes, calls.at(-1)]).toEqual([[code], "write record"]);
    expect(log).toContain(text);
  });

  test("a training of another commit is a failure, and its record is not written", async () => {
    const { calls, dispatch } = createFakes({ commit: "b".repeat(40) });
    const { exitCode, outputs, errorCodes } = await dispatch();
    expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, "failure", ["record-other-commit"]]);
    expect(calls).not.toContain("write record");
  });

  test("a training that takes too long is cancelled, and the post step warns when it does not end", async () => {
    const { calls, dispatch, post } = createFakes({
      ...inState("in_progress"),
      endDispatchedRun: async () => undefined,
    });
    const played = await dispatch({ inputs: { timeout: "30m" } });
    expect([played.exitCode, played.outputs.outcome]).toEqual([1, "timed-out"]);
    expect(played.log).toContain("did not train the commit: after 30 min it is running; it was cancelled. See http");
    expect([played.errorCodes, calls.slice(-2)]).toEqual([["dispatched-run-timed-out"], ["cancel 41", "write record"]]);
    expect(await post(played)).toContain("has still not ended");
  });

  test("the post step ends the run of a dispatch whose response was lost", async () => {
    const ended: number[] = [];
    const { dispatch, post } = createFakes({
      dispatchWorkflow: async () => expect.fail("no response"),
      findUnconfirmedRun: async ({ request }) => (request.endsWith("-request-1") ? 43 : undefined),
      endDispatchedRun: async (id) => {
        ended.push(id);
        return "ended";
      },
    });
    const played = await dispatch();
    expect(played.exitCode).toBe(70);
    expect(await post(played)).toContain("Run 43 has ended");
    expect(ended).toEqual([43]);
  });

  const fork = { repository: { id: 1 }, pull_request: { head: { repo: { id: 2 } } } };
  test.each<[string, Play<typeof spec> & { readonly workflow?: string }, number, string]>([
    ["a fork's pull request", { event: { name: "pull_request", payload: fork } }, 2, "[fork-dispatch]"],
    ["a short commit", { inputs: { commit: "abc1234" } }, 1, "[commit-not-full]"],
    ["an unknown input", { inputs: { inputs: '{"epoch": 5}' } }, 1, 'Write "epochs". [dispatch-input-unknown]'],
    ["an input of the wrong type", { inputs: { inputs: '{"epochs": "many"}' } }, 1, "[dispatch-input-invalid]"],
    ["a reserved input", { inputs: { inputs: '{"commit": "x"}' } }, 1, "[dispatch-input-reserved]"],
    ["inputs that are not JSON", { inputs: { inputs: "epochs=5" } }, 1, "it is not a JSON object"],
    [
      "a missing input",
      { workflow: trainWorkflow({ inputs: "\n      lr: { required: true, type: number }" }) },
      1,
      "[dispatch-input-missing]",
    ],
  ])("nothing is started for %s", async (_, { workflow, ...play }, exitCode, text) => {
    const { calls, dispatch } = createFakes(workflow === undefined ? {} : { workflow });
    const played = await dispatch(play);
    expect([played.exitCode, played.outputs.outcome, calls]).toEqual([exitCode, "failure", []]);
    expect(played.log).toContain(text);
  });
});

/** Exits at the first signal of a cancellation. */
const SLOW = "exec sleep 60";

async function conclusions({ hub }: DispatchFixture): Promise<readonly unknown[]> {
  await hub.waitUntilIdle();
  return hub.runs().map((run) => run.attempts.at(-1)?.conclusion);
}

describe("a training that is dispatched on GitHub", () => {
  test.concurrent("is followed to its end, and its record is downloaded", async ({ expect }) => {
    await using fixture = await createFixture();
    const { exitCode, log, outputs, readRecord } = await fixture.dispatch({ inputs: { inputs: '{"epochs": 5}' } });
    const [run] = fixture.hub.runs();
    const commit = fixture.commit.slice(0, 7);
    expect(log).toContain(`Training commit ${commit} with .github/workflows/train.yml on main: http`);
    expect(exitCode).toBe(0);
    expect(readRecord(inMemory(trainingRecord), "training-record.json")).toMatchObject({
      commit: fixture.commit,
      origin: { run: run?.id },
    });
    expect(outputs).toMatchObject({ outcome: "success", "run-id": String(run?.id) });
    expect(run?.displayTitle).toMatch(new RegExp(`^train ${fixture.commit} [0-9a-f]{16}-[0-9a-f-]{36}$`));
    expect(await fixture.post()).toBe("");
    expect(await conclusions(fixture)).toEqual(["success"]);
  });

  test.concurrent.for([
    ["uploads no record", trainWorkflow().replace(/ {6}- uses: actions\/upload[\s\S]*/, ""), "[record-left-none]"],
    ["uploads an invalid record", trainWorkflow({ work: "'true'" }).replace('"mae"', "1"), "[record-"],
  ] as const)("is a failure when it %s", async ([_, train, text], { expect }) => {
    await using fixture = await createFixture({ train });
    const { exitCode, log, outputs } = await fixture.dispatch();
    expect(log).toContain(text);
    expect([exitCode, outputs.outcome]).toEqual([1, "failure"]);
  });

  test.concurrent("logs who must approve it, and continues when they have", async ({ expect }) => {
    await using fixture = await createFixture({
      train: trainWorkflow({ job: "runs-on: ubuntu-latest\n    environment: gpu" }),
      people: { bob: "write" },
      environments: { gpu: { reviewers: ["bob"] } },
    });
    const text = 'it waits for approval of the environment "gpu" by bob';
    const approve = () => {
      const [run] = fixture.hub.runs();
      return run && fixture.hub.as("bob").approve(run, "gpu");
    };
    const { exitCode, log } = await fixture.dispatch({ onLog: whenLogged(text, approve) });
    expect(log.split(text)).toHaveLength(2);
    expect(exitCode).toBe(0);
  });

  test.concurrent("is cancelled when no runner takes it, and the log has its labels", async ({ expect }) => {
    await using fixture = await createFixture({ train: trainWorkflow({ job: "runs-on: [self-hosted, gpu]" }) });
    const { exitCode, log, outputs } = await fixture.dispatch({ inputs: { "start-timeout": "20m" } });
    expect(log).toMatch(/job "train" waits for a runner with the labels self-hosted, gpu, for .*; it was cancelled/);
    expect([exitCode, outputs.outcome]).toEqual([1, "timed-out"]);
    expect(await fixture.post()).toContain("has ended");
    expect(await conclusions(fixture)).toEqual(["cancelled"]);
  });

  const cancelWhenRunning = whenLogged("it is running", (cancel) => cancel());

  test.concurrent("is cancelled with the job that started it", async ({ expect }) => {
    await using fixture = await createFixture({ train: trainWorkflow({ work: SLOW }) });
    const { exitCode, log, outputs } = await fixture.dispatch({ onLog: cancelWhenRunning });
    expect(log).toMatch(/this job was cancelled, and the training with it\. .* \[dispatched-run-cancelled\]/);
    expect([exitCode, outputs.outcome]).toEqual([130, "cancelled"]);
    expect(await fixture.post()).toMatch(/was cancelled; waiting for it to save and end\nRun \d+ has ended/);
    expect(await conclusions(fixture)).toEqual(["cancelled"]);
  });

  test.concurrent("is ended by force when it ignores the cancellation", async ({ expect }) => {
    const stubborn = trainWorkflow({ job: "runs-on: ubuntu-latest\n    if: always()", work: SLOW });
    await using fixture = await createFixture({ train: stubborn });
    await fixture.dispatch({ inputs: { grace: "1m" }, onLog: cancelWhenRunning });
    expect(await fixture.post()).toContain("its end was forced");
    expect(await conclusions(fixture)).toEqual(["cancelled"]);
  });

  test.concurrent.for(["before", "after"] as const)(
    "is started once when the response is lost %s the dispatch took effect",
    async (when, { expect }) => {
      await using fixture = await createFixture();
      fixture.hub.faults.next({ operation: "actions/create-workflow-dispatch" }, { kind: "status", status: 502, when });
      expect(await fixture.dispatch()).toMatchObject({ exitCode: 0 });
      expect(await conclusions(fixture)).toEqual(["success"]);
    },
  );
});

test("nothing is started while the default branch's policy has a budget that this release would ignore", async () => {
  const budget = "version: 2\ntrain: { budget: { gpu-hours: 2 } }\n";
  await using fixture = await createFixture({ files: { ".github/mlops.yml": budget } });
  const { errorCodes, log } = await fixture.dispatch();
  expect(errorCodes).toEqual(["policy-not-supported-yet"]);
  expect(log).toContain(".github/mlops.yml:2:10: train.budget is valid, but");
  expect(fixture.hub.runs()).toEqual([]);
  for (const text of ["version: 2\ntrain: { skip: { code: [src] } }\n", "version: 1\ngates: all\n", "["]) {
    await fixture.hub.push({ files: { ".github/mlops.yml": text } });
    expect((await fixture.dispatch()).errorCodes, text).toEqual([]);
  }
});

test("nothing is started on GitHub without a workflow that may be dispatched, and a token that may", async () => {
  const notOffered = trainWorkflow().replace(/on:\n {2}workflow_dispatch:\n {4}inputs:(?:\n {6}.*)*/, "on: [issues]");
  await using fixture = await createFixture({ files: { ".github/workflows/not-offered.yml": notOffered } });
  const token = fixture.hub.tokenWith({ actions: "read", contents: "read" });
  const refused: readonly [inputs: NonNullable<Play<typeof spec>["inputs"]>, text: string][] = [
    [{ workflow: "trian.yml" }, "[workflow-missing]"],
    [{ ref: "nowhere" }, "[ref-missing]"],
    [{ workflow: "not-offered.yml" }, "[dispatch-not-offered]"],
    [{ token }, "actions: write"],
  ];
  for (const [inputs, text] of refused) expect((await fixture.dispatch({ inputs })).log).toContain(text);
  await fixture.hub.request("PUT /repos/{owner}/{repo}/actions/workflows/{workflow_id}/disable", {
    workflow_id: "train.yml",
  });
  expect((await fixture.dispatch()).log).toContain("switched off (disabled manually)");
  expect(fixture.hub.runs()).toEqual([]);
});
