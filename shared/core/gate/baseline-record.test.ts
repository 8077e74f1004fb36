import { describe, expect, test } from "vitest";
import { findRecordMismatch, isArtifactOfRun } from "./baseline-record.ts";
import type { BaselineRun } from "./baseline-runs.ts";

const [BASE, OTHER] = ["a".repeat(40), "b".repeat(40)] as [string, string];
const [OWN, FORK] = [1, 2];

describe("the artifact", () => {
  const run: BaselineRun = {
    id: 7,
    path: ".github/workflows/train.yml",
    event: "push",
    status: "completed",
    conclusion: "success",
    head_sha: BASE,
    head_branch: "main",
    repository: { id: OWN },
    head_repository: { id: OWN },
  };
  const maker = { id: 7, head_branch: "main", head_sha: BASE, repository_id: OWN, head_repository_id: OWN };

  test.each([
    ["of the run", { expired: false, workflow_run: maker }, true],
    ["of the run, expired", { expired: true, workflow_run: maker }, false],
    ["of another run", { expired: false, workflow_run: { ...maker, id: 8 } }, false],
    ["of another commit", { expired: false, workflow_run: { ...maker, head_sha: OTHER } }, false],
    ["of a fork", { expired: false, workflow_run: { ...maker, head_repository_id: FORK } }, false],
    ["of nobody knows which run", { expired: false, workflow_run: null }, false],
    ["of an unnamed run", { expired: false }, false],
  ])("%s", (_, artifact, expected) => {
    expect(isArtifactOfRun(run, artifact)).toBe(expected);
  });
});

describe("the record", () => {
  const origin = { repository: "octo/model", workflow: "train", run: 7, attempt: 1, actor: "octo" };
  const record = { outcome: "success", commit: BASE, origin } as const;

  test.each([
    ["of the commit", record, undefined],
    ["of the repository in other capitals", { ...record, origin: { ...origin, repository: "Octo/Model" } }, undefined],
    ["of a training that failed", { ...record, outcome: "failure" }, "says that the training ended in failure"],
    ["that names the model", { ...record, modelName: "visits" }, undefined],
    ["of another model", { ...record, modelName: "fraud" }, "is about the model fraud"],
    ["of nothing", undefined, "says that the training ended in nothing"],
    ["of another commit", { ...record, commit: OTHER }, "is about commit bbbbbbb, and not aaaaaaa"],
    [
      "of another repository",
      { ...record, origin: { ...origin, repository: "eve/model" } },
      "was made in another repository",
    ],
  ] as const)("%s", (_, given, mismatch) => {
    expect(findRecordMismatch(given, { commit: BASE, repository: "octo/model", model: "visits" })).toBe(mismatch);
  });
});
