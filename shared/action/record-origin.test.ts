import { expect, test } from "vitest";
import { origin2 } from "../records/fields-2.ts";
import type { ActionContext } from "./context.ts";
import { toRecordOrigin } from "./record-origin.ts";

const SHA = "a".repeat(40);
const context: ActionContext = {
  repository: "octo/model",
  repositoryId: "4711",
  event: { name: "push", payload: {} },
  sha: SHA,
  ref: "refs/heads/main",
  run: { id: 7, attempt: 2, number: 3 },
  workflow: "octo/model/.github/workflows/ci.yml@refs/heads/main",
  workflowSha: SHA,
  job: "train",
  actor: "alice",
  triggeringActor: "bob",
  urls: { api: "https://api.github.com", repository: "https://github.com/octo/model" },
  runnerEnvironment: "self-hosted",
  workspace: "/w",
  temp: "/t",
};
const known = {
  ...{ repository: "octo/model", workflow: context.workflow, run: 7, attempt: 2, actor: "alice" },
  ...{ server: "github.com", repositoryId: 4711, event: "push", ref: "refs/heads/main", sha: SHA, workflowSha: SHA },
  ...{ runNumber: 3, job: "train", triggeringActor: "bob", runner: "self-hosted" },
};
const nothing = { repositoryId: "", workflowSha: "", job: "", triggeringActor: "", ref: "", runnerEnvironment: "" };
const pull = { number: 12, head: { repo: { full_name: "eve/model" } } };

test.each<[string, Partial<ActionContext>, object]>([
  ["everything that a runner says", {}, known],
  [
    "nothing that a runner does not say",
    { ...nothing, sha: "main", urls: { ...context.urls, repository: "here" } },
    {
      ...{ repository: "octo/model", workflow: context.workflow, run: 7, attempt: 2, actor: "alice" },
      event: "push",
      runNumber: 3,
    },
  ],
  ["not a kind of runner that it does not know", { runnerEnvironment: "lunar" }, { ...known, runner: undefined }],
  [
    "the fork of a pull request",
    { event: { name: "pull_request", payload: { pull_request: pull } } },
    { ...known, event: "pull_request", headRepository: "eve/model", pullRequest: 12 },
  ],
  [
    "a pull request whose fork was deleted",
    { event: { name: "pull_request", payload: { pull_request: { number: 12, head: { repo: null } } } } },
    { ...known, event: "pull_request", pullRequest: 12 },
  ],
  [
    "the pull request of a comment",
    { event: { name: "issue_comment", payload: { issue: { number: 5, pull_request: {} } } } },
    { ...known, event: "issue_comment", pullRequest: 5 },
  ],
  [
    "no pull request for a comment on an issue, or for a payload that makes no sense",
    { event: { name: "issue_comment", payload: { issue: { number: 5 }, pull_request: "7" } } },
    { ...known, event: "issue_comment" },
  ],
])("the origin of a record names %s", (_, change, expected) => {
  const origin = toRecordOrigin({ ...context, ...change });
  expect(origin).toEqual(JSON.parse(JSON.stringify(expected)));
  expect(origin2.parse(origin)).toEqual(origin);
  expect(JSON.stringify(origin2.parse(origin))).toBe(JSON.stringify(origin));
});
