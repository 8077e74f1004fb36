import { describe, test } from "vitest";
import { createFixture, type DispatchFixture, type DispatchTestOptions, trainWorkflow } from "./testing.ts";

/** Heeds the first signal of a cancellation. */
const SLOW = "exec sleep 60";

async function conclusions({ github }: DispatchFixture): Promise<readonly unknown[]> {
  await github.waitUntilIdle();
  return github.runs().map((run) => run.attempts.at(-1)?.conclusion);
}

describe("a training that is dispatched", () => {
  test.concurrent("is followed to its end, and its record fetched", async ({ expect }) => {
    await using stage = await createFixture();
    const { code, log, outputs, record } = await stage.dispatch({ inputs: { inputs: '{"epochs": 5}' } });
    const [run] = stage.github.runs();
    expect(log).toContain(`Training commit ${stage.commit.slice(0, 7)} with .github/workflows/train.yml on main: http`);
    expect(code).toBe(0);
    expect(JSON.parse(record)).toMatchObject({ commit: stage.commit, origin: { run: run?.id } });
    expect(Object.fromEntries(outputs)).toMatchObject({
      outcome: "success",
      record: "training-record.json",
      "run-id": String(run?.id),
    });
    expect(run?.displayTitle).toMatch(new RegExp(`^train ${stage.commit} [0-9a-f-]{36}$`));
    expect(await stage.post()).toBe("");
    expect(await conclusions(stage)).toEqual(["success"]);
  });

  test.concurrent.for([
    ["fails", trainWorkflow({ work: "exit 3" }), "failure", "one of its jobs failed"],
    [
      "leaves no record",
      trainWorkflow().replace(/ {6}- uses: actions\/upload[\s\S]*/, ""),
      "failure",
      "[record-left-none]",
    ],
    ["trained another commit", trainWorkflow({ commit: "b".repeat(40) }), "failure", "[record-other-commit]"],
    ["left what is no record", trainWorkflow({ work: "'true'" }).replace('"mae"', "1"), "failure", "[record-"],
  ] as const)("is a failure when it %s", async ([_, train, outcome, says], { expect }) => {
    await using stage = await createFixture({ train });
    const { code, log, outputs } = await stage.dispatch();
    expect(log).toContain(says);
    expect(code).toBe(1);
    expect(outputs.get("outcome")).toBe(outcome);
  });

  test.concurrent("says who must approve it, and goes on when they have", async ({ expect }) => {
    await using stage = await createFixture({
      train: trainWorkflow({ job: "runs-on: ubuntu-latest\n    environment: gpu" }),
      people: { bob: "write" },
      environments: { gpu: { reviewers: ["bob"] } },
    });
    const says = 'it waits for approval of the environment "gpu" by bob';
    const approve = () => {
      const [run] = stage.github.runs();
      return run && stage.github.as("bob").approve(run, "gpu");
    };
    const { code, log } = await stage.dispatch({ when: { says, act: approve } });
    expect(log.split(says)).toHaveLength(2);
    expect(code).toBe(0);
  });

  test.concurrent("is given up when no runner takes it, and its labels are named", async ({ expect }) => {
    await using stage = await createFixture({ train: trainWorkflow({ job: "runs-on: [self-hosted, gpu]" }) });
    const { code, log, outputs } = await stage.dispatch({ inputs: { "start-timeout": "20m" } });
    expect(log).toMatch(/job "train" waits for a runner with the labels self-hosted, gpu, for .*; it was cancelled/);
    expect(code).toBe(1);
    expect(outputs.get("outcome")).toBe("timed-out");
    expect(await stage.post()).toContain("has ended");
    expect(await conclusions(stage)).toEqual(["cancelled"]);
  });

  test.concurrent("is cancelled when its time is up", async ({ expect }) => {
    await using stage = await createFixture({ train: trainWorkflow({ work: SLOW }) });
    const { log, outputs } = await stage.dispatch({ inputs: { timeout: "30m" } });
    expect(log).toContain("did not train the commit: after 30 min it is running; it was cancelled. See http");
    expect(log).toContain("[dispatched-run-timed-out]");
    expect(outputs.get("outcome")).toBe("timed-out");
    await stage.post();
    expect(await conclusions(stage)).toEqual(["cancelled"]);
  });

  test.concurrent("is cancelled with the job that started it", async ({ expect }) => {
    await using stage = await createFixture({ train: trainWorkflow({ work: SLOW }) });
    const { code, log, outputs } = await stage.dispatch({
      when: { says: "it is running", act: (cancel) => cancel() },
    });
    expect(code).toBe(130);
    expect(log).toMatch(/this job was cancelled, and the training with it\. .* \[dispatched-run-cancelled\]/);
    expect(outputs.get("outcome")).toBe("cancelled");
    expect(await stage.post()).toMatch(/was cancelled; waiting for it to save and end\nRun \d+ has ended/);
    expect(await conclusions(stage)).toEqual(["cancelled"]);
  });

  test.concurrent("is ended by force when it does not heed the cancellation", async ({ expect }) => {
    const stubborn = trainWorkflow({ job: "runs-on: ubuntu-latest\n    if: always()", work: SLOW });
    await using stage = await createFixture({ train: stubborn });
    await stage.dispatch({ inputs: { grace: "1m" }, when: { says: "it is running", act: (cancel) => cancel() } });
    expect(await stage.post()).toContain("its end was forced");
    expect(await conclusions(stage)).toEqual(["cancelled"]);
  });

  test.concurrent("is cancelled by somebody else, which is no success", async ({ expect }) => {
    await using stage = await createFixture({ train: trainWorkflow({ work: SLOW }) });
    const act = () => stage.github.runs().forEach((run) => void stage.github.cancel(run));
    const { code, outputs } = await stage.dispatch({ when: { says: "it is running", act } });
    expect([code, outputs.get("outcome")]).toEqual([1, "cancelled"]);
  });

  test.concurrent.for(["before", "after"] as const)(
    "is started once when the answer is lost %s it took effect",
    async (when, { expect }) => {
      await using stage = await createFixture();
      stage.github.faults.next(
        { operation: "actions/create-workflow-dispatch" },
        { kind: "status", status: 502, when },
      );
      expect(await stage.dispatch()).toMatchObject({ code: 0 });
      expect(await conclusions(stage)).toEqual(["success"]);
    },
  );
});

const fork = { repository: { id: 1 }, pull_request: { head: { repo: { id: 2 } } } };
const trainWorkflowWithInputs = (inputs: string): string => trainWorkflow({ takes: inputs });

const REFUSED: Readonly<
  Record<string, DispatchTestOptions & { readonly train?: string; readonly code?: number; readonly says: string }>
> = {
  "a fork's pull request": { event: { name: "pull_request", payload: fork }, code: 2, says: "[fork-dispatch]" },
  "a workflow that is not there": { inputs: { workflow: "trian.yml" }, says: "[workflow-missing]" },
  "a branch that is not there": { inputs: { ref: "nowhere" }, says: "[ref-missing]" },
  "a commit that is cut": { inputs: { commit: "abc1234" }, says: "[commit-not-full]" },
  "an input it does not take": { inputs: { inputs: '{"epoch": 5}' }, says: 'Write "epochs". [dispatch-input-unknown]' },
  "an input of the wrong type": { inputs: { inputs: '{"epochs": "many"}' }, says: "[dispatch-input-invalid]" },
  "an input that is ours": { inputs: { inputs: '{"commit": "x"}' }, says: "[dispatch-input-reserved]" },
  "inputs that are no JSON": { inputs: { inputs: "epochs=5" }, says: "it is not a JSON object" },
  "an input it requires": {
    train: trainWorkflowWithInputs("\n      lr: { required: true, type: number }"),
    says: "[dispatch-input-missing]",
  },
  "a workflow that nobody may dispatch": {
    train: trainWorkflow().replace(/on:\n {2}workflow_dispatch:\n {4}inputs:(?:\n {6}.*)*/, "on: push"),
    says: "[dispatch-not-offered]",
  },
};

describe("nothing is started for", () => {
  test.concurrent.for(Object.entries(REFUSED))("%s", async ([_, { train, code = 1, says, ...how }], { expect }) => {
    await using stage = await createFixture(train === undefined ? {} : { train });
    const before = stage.github.runs({ event: "workflow_dispatch" }).length;
    const played = await stage.dispatch(how);
    expect(played.log).toContain(says);
    expect(played.code).toBe(code);
    expect(stage.github.runs({ event: "workflow_dispatch" })).toHaveLength(before);
  });

  test.concurrent("a workflow that is switched off", async ({ expect }) => {
    await using stage = await createFixture();
    await stage.github.request("PUT /repos/{owner}/{repo}/actions/workflows/{workflow_id}/disable", {
      workflow_id: "train.yml",
    });
    expect((await stage.dispatch()).log).toContain("switched off (disabled manually)");
  });

  test.concurrent("a token that may not", async ({ expect }) => {
    await using stage = await createFixture();
    const token = stage.github.tokenWith({ actions: "read", contents: "read" });
    expect((await stage.dispatch({ inputs: { token } })).log).toContain("actions: write");
    expect(stage.github.runs()).toEqual([]);
  });
});
