import { describe, expect, test } from "vitest";
import { longestWait, type RunJob, trackWaits } from "./run-jobs.ts";
import type { RunState } from "./run-state.ts";
import { formatWaitReason, type KnownRunner, type Obstacles } from "./wait-reason.ts";

type Waiting = RunState & { kind: "waiting" };
const waiting = (what: Waiting["for"]): Waiting => ({ kind: "waiting", for: what });
const job: RunJob = {
  ...{ id: 1, name: "train", status: "queued", conclusion: null },
  ...{ labels: ["self-hosted", "gpu"], since: "2026-01-01T11:00:00Z" },
};
const runner = (
  name: string,
  state: "offline" | "busy" | "free",
  labels = ["self-hosted", "Linux", "GPU"],
): KnownRunner => ({
  ...{ name, labels, isOnline: state !== "offline", isBusy: state === "busy" },
});
const FOR_RUNNER =
  'job "train" waits for a runner with the labels self-hosted, gpu, for 1 h (since 2026-01-01T11:00:00Z)';

describe("why a run has not started, or not all of it", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  const nothing: Obstacles = { environments: [], groups: [], runners: undefined };
  test.each<[string, Parameters<typeof formatWaitReason>[0], readonly RunJob[], Partial<Obstacles>, string]>([
    ["a runner", waiting("runner"), [job], {}, FOR_RUNNER],
    [
      "a runner of a later job",
      { kind: "running" },
      [{ ...job, id: 2, name: "plan", status: "completed", labels: ["ubuntu-latest"] }, job],
      {},
      FOR_RUNNER,
    ],
    [
      "several jobs for one kind of runner",
      waiting("runner"),
      [1, 2, 3, 4].map((id) => ({ ...job, id, name: `trial ${id}` })),
      {},
      FOR_RUNNER.replace('job "train" waits', 'jobs "trial 1", "trial 2", "trial 3" and 1 more wait'),
    ],
    [
      "two kinds of runners",
      waiting("runner"),
      [job, { ...job, id: 2, name: "plan", labels: ["cpu"] }],
      {},
      `${FOR_RUNNER}; job "plan" waits for a runner with the labels cpu, for 1 h (since 2026-01-01T11:00:00Z)`,
    ],
    [
      "no labels",
      waiting("runner"),
      [{ ...job, labels: [], since: "?" }],
      {},
      'job "train" waits for a runner of any kind, since an unknown time',
    ],
    [
      "no such runner",
      waiting("runner"),
      [job],
      { runners: [runner("cpu-1", "free", ["self-hosted"])] },
      `${FOR_RUNNER}: no runner registered in this repository has them`,
    ],
    [
      "runners that are off",
      waiting("runner"),
      [job],
      { runners: [runner("a", "offline"), runner("b", "offline")] },
      `${FOR_RUNNER}: all runners that have them are offline: "a", "b"`,
    ],
    [
      "runners that are busy",
      waiting("runner"),
      [job],
      { runners: [runner("a", "offline"), runner("b", "busy")] },
      `${FOR_RUNNER}: all online runners that have them are busy: "b"`,
    ],
    [
      "a runner that may not",
      waiting("runner"),
      [job],
      { runners: [runner("b", "free")] },
      `${FOR_RUNNER}: "b" is online and not busy; a runner group may keep this workflow from it`,
    ],
    [
      "a machine of GitHub's",
      waiting("runner"),
      [{ ...job, labels: ["gpu-large"] }],
      { runners: [] },
      FOR_RUNNER.replace("self-hosted, gpu", "gpu-large"),
    ],
    [
      "a concurrency group",
      waiting("concurrency"),
      [],
      {
        groups: [
          {
            name: "gpu",
            ahead: [
              { run: 4, title: "train a" },
              { run: 5, title: "train\nb" },
            ],
          },
        ],
      },
      'it waits for the concurrency group "gpu": run 4 ("train a"), run 5 ("train\\nb") are before it',
    ],
    [
      "a group that is not known",
      waiting("concurrency"),
      [{ ...job, status: "pending" }],
      {},
      "it waits for its concurrency group: another run is before it",
    ],
    [
      "people",
      waiting("people"),
      [],
      { environments: [{ name: "gpu", reviewers: ["bob", "ml-team"] }] },
      'it waits for approval of the environment "gpu" by bob or ml-team',
    ],
    ["a rule", waiting("people"), [], {}, "it waits for a rule of its environment: a timer, an approval or a check"],
    ["a queue", waiting("runner"), [], {}, "it is queued, and its jobs are not listed yet"],
  ])("%s", (_, state, jobs, obstacles, reason) => {
    expect(formatWaitReason(state, jobs, { ...nothing, ...obstacles }, now)).toBe(reason);
  });
});

describe("how long a job has waited", () => {
  const track = (...steps: readonly (readonly RunJob[])[]): number => {
    const waits = steps.reduce(
      (known, jobs, at) => trackWaits(known, jobs, at * 10),
      new Map() as ReturnType<typeof trackWaits>,
    );
    return longestWait(waits, (steps.length - 1) * 10);
  };
  const plan: RunJob = { ...job, id: 2, name: "plan", labels: ["ubuntu-latest"], status: "in_progress" };

  test.each<[string, number, ...(readonly RunJob[])[]]>([
    ["counts from when it was first seen", 20, [job], [job], [job]],
    ["counts the time before jobs are listed", 10, [], []],
    ["does not count for a job that runs", 0, [job], [{ ...job, status: "in_progress" }]],
    [
      "begins with the second job when the first has ended",
      10,
      [plan],
      [{ ...plan, status: "completed" }, job],
      [{ ...plan, status: "completed" }, job],
    ],
    ["goes on while a job on other machines runs", 10, [plan, job], [plan, job]],
    [
      "does not count behind a job of the same run for the same machines",
      0,
      [{ ...job, id: 3, status: "in_progress" }, job],
      [{ ...job, id: 3, status: "in_progress" }, job],
    ],
    [
      "counts an approval and a concurrency group, too",
      10,
      [{ ...job, status: "waiting" }],
      [{ ...job, status: "pending" }],
    ],
  ])("%s", (_, wait, ...steps) => {
    expect(track(...steps)).toBe(wait);
  });
});
