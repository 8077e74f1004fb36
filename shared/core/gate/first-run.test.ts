import { describe, expect, test } from "vitest";
import type { BaselineRun } from "./baseline-runs.ts";
import { mayHaveMadeBaseline, selectEarlierRuns } from "./first-run.ts";

const [JUDGED, EARLIER] = ["a".repeat(40), "b".repeat(40)] as [string, string];
const [OWN, FORK] = [1, 2];
const maker = { id: 7, head_branch: "main", head_sha: EARLIER, repository_id: OWN, head_repository_id: OWN };

describe("the runs to look at", () => {
  test.each([
    ["an earlier run of the branch", { expired: false, workflow_run: maker }, [7]],
    ["one whose artifact has expired", { expired: true, workflow_run: maker }, [7]],
    ["none of the judged commit", { expired: false, workflow_run: { ...maker, head_sha: JUDGED } }, []],
    ["none of another branch", { expired: false, workflow_run: { ...maker, head_branch: "dev" } }, []],
    ["none of a fork", { expired: false, workflow_run: { ...maker, head_repository_id: FORK } }, []],
    ["none that GitHub does not name", { expired: false, workflow_run: null }, []],
  ])("%s", (_, artifact, expected) => {
    expect(selectEarlierRuns([artifact, artifact], "main", JUDGED)).toEqual(expected);
  });

  test.each([
    [50, 50],
    [51, undefined],
  ])("of %i: %s", (count, expected) => {
    const artifacts = Array.from({ length: count }, (_, id) => ({ expired: false, workflow_run: { ...maker, id } }));
    expect(selectEarlierRuns(artifacts, "main", JUDGED)?.length).toBe(expected);
  });
});

const run: BaselineRun = {
  id: 7,
  path: ".github/workflows/train.yml",
  event: "push",
  status: "completed",
  conclusion: "success",
  head_sha: EARLIER,
  head_branch: "main",
  repository: { id: OWN },
  head_repository: { id: OWN },
};

test.each([
  ["a push to the branch", run, true],
  ["a schedule of the branch", { ...run, event: "schedule" }, true],
  ["a run that was deleted", undefined, true],
  ["a dispatch, which may train any commit", { ...run, event: "workflow_dispatch" }, false],
  ["a pull request", { ...run, event: "pull_request" }, false],
  ["a push to another branch", { ...run, head_branch: "dev" }, false],
  ["a run of a fork", { ...run, head_repository: { id: FORK } }, false],
])("%s may have made a baseline: %s", (_, earlier, expected) => {
  expect(mayHaveMadeBaseline(earlier, "main")).toBe(expected);
});
