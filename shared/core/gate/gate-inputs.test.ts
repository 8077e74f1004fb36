/** What is judged against what, which runs may supply the baseline, and which numbers are evidence. */
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { MetricsFile } from "../metrics/read-metrics.ts";
import { type BaselineRun, selectBaselineRuns } from "./baseline-runs.ts";
import { resolveGateSubject } from "./gate-subject.ts";
import { type TrainingRun, verifyEvidence } from "./verify-evidence.ts";

const [BASE, HEAD, MERGE, OTHER] = ["a", "b", "c", "d"].map((letter) => letter.repeat(40)) as [
  string,
  string,
  string,
  string,
];

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    if (error instanceof ActionError) return error.problems[0]?.code ?? "";
    throw error;
  }
}

describe("what is judged, against what", () => {
  const pull = { pull_request: { base: { ref: "main", sha: OTHER }, head: { sha: OTHER } } };
  const group = { merge_group: { base_sha: BASE, base_ref: "refs/heads/release/1.x", head_sha: MERGE } };
  const onMain = { commit: BASE, branch: "main" };
  const after = (event: string, head: string) => ({ workflow_run: { event, head_sha: head } });

  test.each([
    ["a test merge, whatever the payload says", "pull_request", "refs/pull/7/merge", pull, [BASE, HEAD], HEAD, onMain],
    ["a review's test merge", "pull_request_review", "refs/pull/7/merge", pull, [BASE, HEAD], HEAD, onMain],
    [
      "a merge group",
      "merge_group",
      "refs/heads/gh-readonly-queue/x",
      group,
      [OTHER, HEAD],
      MERGE,
      { commit: BASE, branch: "release/1.x" },
    ],
    ["a push", "push", "refs/heads/main", { before: BASE }, [OTHER], MERGE, onMain],
    ["the first push of a branch", "push", "refs/heads/new", { before: "0".repeat(40) }, [OTHER], MERGE, undefined],
    ["a pushed tag", "push", "refs/tags/v1", { before: BASE }, [OTHER], MERGE, undefined],
    ["a dispatch", "workflow_dispatch", "refs/heads/main", {}, [BASE], MERGE, onMain],
    ["a first commit", "schedule", "refs/heads/main", {}, [], MERGE, undefined],
    ["a push with an invalid payload", "push", "refs/heads/main", { before: 7 }, [BASE], MERGE, undefined],
    ["a push that names no commit", "push", "refs/heads/main", { before: "main" }, [BASE], MERGE, undefined],
    ["a release's tag", "release", "refs/tags/v1", { action: "published" }, [BASE], MERGE, undefined],
    [
      "a dispatch from outside",
      "repository_dispatch",
      "refs/heads/main",
      { client_payload: {} },
      [BASE],
      MERGE,
      onMain,
    ],
    [
      "a review comment's test merge",
      "pull_request_review_comment",
      "refs/pull/7/merge",
      pull,
      [BASE, HEAD],
      HEAD,
      onMain,
    ],
    ["a closed pull request", "pull_request", "refs/heads/main", pull, [BASE], MERGE, onMain],
    [
      "a run after a push of the same commit",
      "workflow_run",
      "refs/heads/main",
      after("push", MERGE),
      [BASE],
      MERGE,
      onMain,
    ],
    ["a run after a schedule", "workflow_run", "refs/heads/main", after("schedule", MERGE), [BASE], MERGE, onMain],
  ])("%s", (_, name, ref, payload, parents, head, base) => {
    const subject = resolveGateSubject({ event: { name, payload }, ref, sha: MERGE }, BASE, parents);
    expect(subject).toMatchObject({ judged: MERGE, head, base, branch: base?.branch ?? subject.branch });
  });

  test.each([
    ["a test merge onto another commit than the policy's", [OTHER, HEAD]],
    ["a test merge that is not a merge", [BASE]],
  ])("refuses %s", (_, parents) => {
    const trigger = { event: { name: "pull_request", payload: pull }, ref: "refs/pull/7/merge", sha: MERGE };
    expect(codeOf(() => resolveGateSubject(trigger, BASE, parents))).toBe("gate-no-subject");
  });
});

describe("nothing is judged where nothing says which commit was measured", () => {
  const after = (event: string, head: string) => ({ workflow_run: { event, head_sha: head } });
  const ofFork = {
    pull_request: { base: { ref: "main", sha: BASE }, head: { sha: HEAD, repo: { full_name: "x/y" } } },
  };
  test.each<[string, string, Record<string, unknown>]>([
    ["a pull request's privileged run", "pull_request_target", ofFork],
    ["a comment on a pull request", "issue_comment", { issue: { number: 7, pull_request: {} } }],
    ["a comment on an issue", "issue_comment", { issue: { number: 7 } }],
    ["a label", "issues", {}],
    ["a run after a pull request's", "workflow_run", after("pull_request", MERGE)],
    ["a run after a merge group's", "workflow_run", after("merge_group", MERGE)],
    ["a run after a push of another commit", "workflow_run", after("push", OTHER)],
    ["a run after another one, of which nothing is said", "workflow_run", {}],
    ["an event that is not known", "registry_package", {}],
  ])("%s", (_, name, payload) => {
    const trigger = { event: { name, payload }, ref: "refs/heads/main", sha: MERGE };
    expect(codeOf(() => resolveGateSubject(trigger, BASE, [BASE]))).toBe("gate-event");
  });
});

describe("which runs may supply a baseline", () => {
  const base = { commit: BASE, branch: "main" };
  const run: BaselineRun = {
    id: 1,
    path: ".github/workflows/main.yml",
    event: "push",
    status: "completed",
    conclusion: "success",
    head_sha: BASE,
    head_branch: "main",
    repository: { id: 10 },
    head_repository: { id: 10 },
  };

  test.each<[string, Partial<BaselineRun>]>([
    ["a fork's", { head_repository: { id: 11 } }],
    ["a deleted fork's", { head_repository: null }],
    ["a pull request's from a branch called main", { event: "pull_request" }],
    ["a privileged pull request's", { event: "pull_request_target" }],
    ["a dispatched one, which may train any commit", { event: "workflow_dispatch" }],
    ["one dispatched from outside", { event: "repository_dispatch" }],
    ["one that another run started", { event: "workflow_run" }],
    ["another commit's", { head_sha: OTHER }],
    ["another branch's", { head_branch: "feature" }],
    ["no branch's", { head_branch: null }],
    ["one in progress", { status: "in_progress", conclusion: null }],
    ["a cancelled one", { conclusion: "cancelled" }],
    ["a skipped one", { conclusion: "skipped" }],
    ["a neutral one", { conclusion: "neutral" }],
    ["one with an unknown conclusion", { conclusion: "splendid" }],
    ["one with a conclusion before it is completed", { status: "queued" }],
  ])("not %s", (_, difference) => {
    expect(selectBaselineRuns([{ ...run, ...difference }], base).usable).toEqual([]);
  });

  test("also one in which something other than the training failed", () => {
    const { usable, pending } = selectBaselineRuns([{ ...run, conclusion: "failure" }], base);
    expect([usable.length, pending]).toEqual([1, false]);
  });

  test("the newest of the branch's own first, whatever the order of the list", () => {
    const runs = [
      { ...run, id: 2 },
      { ...run, id: 9, event: "workflow_dispatch" },
      { ...run, id: 5, event: "schedule" },
      run,
    ];
    expect(selectBaselineRuns(runs, base).usable.map(({ id }) => id)).toEqual([5, 2, 1]);
  });

  test.each<[string, readonly BaselineRun[], string]>([
    ["none", [], "commit aaaaaaa of main has no run on push or schedule"],
    ["one in progress", [{ ...run, status: "queued", conclusion: null }], "has not finished; re-run"],
    ["a failed one", [{ ...run, conclusion: "failure" }], "run 1 of .github/workflows/main.yml ended in failure"],
  ])("and says why there is %s", (_, runs, reason) => {
    expect(selectBaselineRuns(runs, base).reason).toContain(reason);
  });
});

describe("evidence", () => {
  const digest = `sha256:${"1".repeat(64)}`;
  const record = {
    outcome: "success",
    commit: MERGE,
    dataDigest: digest,
    exit: { code: 0, signal: null },
    origin: { repository: "acme/model", run: 7 },
  } as TrainingRecord;
  const file = (path: string, about?: TrainingRecord): MetricsFile => ({
    path,
    metrics: [{ name: path, slice: null, value: 1, place: () => ({ file: path }) }],
    skipped: [],
    record: about,
  });
  const report = { outcome: "pass", dataDigest: digest, origin: { repository: "acme/model" } } as DataReport;
  const assess = (files: readonly MetricsFile[], given?: DataReport, committed: readonly string[] = []) =>
    verifyEvidence({ judged: MERGE, repository: "acme/Model", run: 7 }, { files, committed, report: given });

  test("of the judged commit and the checked data needs no note", () => {
    const candidate = [{ name: "r.json", slice: null, value: 1 }];
    expect(assess([file("r.json", record)], report)).toEqual({ candidate, notes: [] });
    expect(assess([file("r.json", { ...record, dataDigest: null })])).toEqual({ candidate, notes: [] });
  });

  test("has the predictions that its training wrote, and no others", () => {
    const wrote = (...digests: readonly string[]) => {
      const predictionFiles = digests.map((one, at) => ({ path: `${at}.csv`, bytes: 1, digest: one }));
      return [file("r.json", { ...record, predictionFiles })];
    };
    const judge = (files: readonly MetricsFile[], ...digests: readonly string[]) =>
      verifyEvidence(
        { judged: MERGE, repository: "acme/Model", run: 7 },
        {
          ...{ files, committed: [], report: undefined },
          predictions: {
            ...{ results: [], digest },
            files: digests.map((one) => ({ path: "here.csv", bytes: 1, digest: one })),
          },
        },
      );
    expect(judge(wrote("sha256:1", "sha256:2"), "sha256:2").candidate).toHaveLength(1);
    for (const files of [wrote("sha256:1"), [file("r.json", record)]])
      expect(codeOf(() => judge(files, "sha256:1", "sha256:9"))).toBe("evidence-other-predictions");
    // Nothing binds loose files of metrics to the commit either, and a note says so.
    expect(judge([file("m.json")], "sha256:1").notes[0]).toContain("Nothing shows that");
  });

  test("of an earlier training with the same content is said to be that", () => {
    const reused = { recordDigest: digest, commit: HEAD, proof: { run: 5 } } as NonNullable<TrainingRecord["reused"]>;
    expect(assess([file("r.json", { ...record, reused })], report).notes).toEqual([
      `Nothing was trained for this commit: nothing that matters differs from commit ${HEAD.slice(0, 7)}, which run 5 trained.`,
    ]);
  });

  test.each<[string, readonly MetricsFile[], DataReport | undefined, string]>([
    ["of another commit", [file("r.json", { ...record, commit: HEAD })], undefined, "evidence-other-commit"],
    [
      "of a training that failed",
      [file("r.json", { ...record, outcome: "failure" })],
      undefined,
      "evidence-training-failed",
    ],
    [
      "of a training that timed out",
      [file("r.json", { ...record, outcome: "timed-out" })],
      undefined,
      "evidence-training-failed",
    ],
    ["of two trainings", [file("r.json", record), file("s.json", record)], undefined, "evidence-two-records"],
    [
      "of other data",
      [file("r.json", { ...record, dataDigest: `sha256:${"2".repeat(64)}` })],
      report,
      "evidence-other-data",
    ],
    ["of unknown data", [file("r.json", { ...record, dataDigest: null })], report, "evidence-other-data"],
    [
      "of data that breaks its contract",
      [file("r.json", record)],
      { ...report, outcome: "fail" },
      "evidence-data-failed",
    ],
    ["of such data in loose files", [file("m.json")], { ...report, outcome: "fail" }, "evidence-data-failed"],
  ])("%s is refused", (_, files, given, code) => {
    expect(codeOf(() => assess(files, given))).toBe(code);
  });

  describe("is of this repository and of a run that trains for others:", () => {
    const trainingRun = { id: 8, event: "workflow_dispatch", repository: { id: 1 }, head_repository: { id: 1 } };
    const of = (repository: string, run: number, found?: Partial<TrainingRun>) => {
      const origin = { ...record.origin, repository, run };
      const files = [file("r.json", { ...record, origin })];
      const evidence = { files, committed: [], report: undefined };
      const known = found && { ...trainingRun, ...found };
      return codeOf(() =>
        verifyEvidence({ judged: MERGE, repository: "acme/model", run: 7 }, { ...evidence, trainingRun: known }),
      );
    };
    test.each<[string, string, number, Partial<TrainingRun> | undefined, string]>([
      ["this run", "acme/model", 7, undefined, "none"],
      ["a dispatched one", "acme/model", 8, {}, "none"],
      ["a queued merge's", "acme/model", 8, { event: "merge_group" }, "none"],
      ["another repository's", "mallory/model", 7, undefined, "evidence-foreign"],
      ["a run that is not there", "acme/model", 8, undefined, "evidence-foreign"],
      ["a run that is not the one named", "acme/model", 8, { id: 9 }, "evidence-foreign"],
      ["another pull request's", "acme/model", 8, { event: "pull_request" }, "evidence-foreign"],
      ["a privileged run's", "acme/model", 8, { event: "pull_request_target" }, "evidence-foreign"],
      ["a fork's", "acme/model", 8, { head_repository: { id: 2 } }, "evidence-foreign"],
      ["a deleted fork's", "acme/model", 8, { head_repository: null }, "evidence-foreign"],
    ])("%s", (_, repository, run, found, code) => {
      expect(of(repository, run, found)).toBe(code);
    });

    test("and so is the data report", () => {
      const origin = { ...report.origin, repository: "mallory/model" };
      expect(codeOf(() => assess([file("r.json", record)], { ...report, origin }))).toBe("evidence-foreign");
    });
  });

  test("that nothing binds to the commit is noted, and so is what its author committed", () => {
    const { notes } = assess([file("m.json"), file("n.json")], undefined, ["n.json"]);
    expect(notes).toEqual([
      "n.json is committed in the repository: its author wrote the numbers, and nothing verifies them.",
      "Nothing shows that m.json was measured for this commit: it is not a training record, as train-model writes it.",
    ]);
    const notesIn = (checkout: string | undefined) =>
      verifyEvidence(
        { judged: MERGE, repository: "acme/model", run: 7, sharesJob: true },
        { files: [file("m.json")], committed: [], checkout, report: undefined },
      ).notes.map((note) => note.slice(0, 18));
    // In the training's own job, the checkout shows it.
    expect([notesIn(MERGE), notesIn(HEAD), notesIn(undefined)]).toEqual([
      [],
      ["Nothing shows that"],
      ["Nothing shows that"],
    ]);
  });
});
