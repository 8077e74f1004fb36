import { describe, expect, test } from "vitest";
import {
  type CommentTrigger,
  choosePullRequest,
  type ListedPullRequest,
  resolveCommentTarget,
} from "./comment-target.ts";
import { HEAD } from "./testing.ts";

const OTHER = "b".repeat(40);
const occasion = (name: string, payload: object): CommentTrigger => ({
  event: { name, payload: payload as CommentTrigger["event"]["payload"] },
  repository: "acme/model",
  workflow: "acme/model/.github/workflows/pull-request.yml@refs/pull/3/merge",
  run: { id: 50, attempt: 2 },
});
const pullRequest = (from: string | null) => ({
  pull_request: { number: 3, head: { sha: HEAD, repo: from === null ? null : { full_name: from } } },
});
const run = (parts: object = {}) => ({
  workflow_run: {
    id: 40,
    run_attempt: 1,
    path: ".github/workflows/pull-request.yml@refs/heads/main",
    event: "pull_request",
    conclusion: "failure",
    head_sha: HEAD,
    head_branch: "better",
    head_repository: { id: 9, owner: { login: "mallory" } },
    // Empty for forks; never looked at.
    pull_requests: [{ number: 1 }],
    ...parts,
  },
});

test("a pull request of this repository is what its own run says", () => {
  expect(resolveCommentTarget(occasion("pull_request", pullRequest("Acme/Model")))).toEqual({
    kind: "pull-request",
    number: 3,
    judgingRun: {
      workflow: ".github/workflows/pull-request.yml",
      revision: { run: 50, attempt: 2, head: HEAD },
      conclusion: undefined,
    },
  });
});

test("after a run, the run and its branch are what GitHub's payload says", () => {
  expect(resolveCommentTarget(occasion("workflow_run", run()))).toEqual({
    kind: "judged-run",
    source: { owner: "mallory", branch: "better", repositoryId: 9 },
    judgingRun: {
      workflow: ".github/workflows/pull-request.yml",
      revision: { run: 40, attempt: 1, head: HEAD },
      conclusion: "failure",
    },
  });
});

test.each([
  ["a fork", "pull_request", pullRequest("mallory/model")],
  ["a fork that is gone", "pull_request", pullRequest(null)],
  ["a run of a push", "workflow_run", run({ event: "push" })],
  ["a run whose repository is gone", "workflow_run", run({ head_repository: null })],
  ["a merge group", "merge_group", {}],
  ["a push", "push", {}],
  ["pull_request_target, which has a token that may do too much", "pull_request_target", pullRequest("acme/model")],
])("%s is not commented on", (_, name, payload) => {
  expect(resolveCommentTarget(occasion(name, payload)).kind).toBe("none");
});

test.each([
  ["pull_request", {}],
  ["pull_request", { pull_request: { number: "3", head: {} } }],
  ["workflow_run", run({ head_sha: "main" })],
  ["workflow_run", run({ id: -1 })],
])("a payload of %s that is not GitHub's is refused", (name, payload) => {
  expect(() => resolveCommentTarget(occasion(name, payload))).toThrow(/event-unreadable/);
});

describe("of the pull requests from a branch", () => {
  const source = { owner: "mallory", branch: "better", repositoryId: 9 };
  const pull = (
    number: number,
    parts: { sha?: string; branch?: string; repositoryId?: number | undefined; open?: boolean } = {},
  ): ListedPullRequest => {
    const { open = true, sha = HEAD, branch = "better", ...rest } = parts;
    return { number, open, head: { sha, branch, repositoryId: "repositoryId" in rest ? rest.repositoryId : 9 } };
  };
  const closed = { open: false };

  test.each<[string, readonly ListedPullRequest[], number]>([
    ["the only one", [pull(3)], 3],
    ["the one of the run's repository, not another with that commit", [pull(1, { repositoryId: 8 }), pull(3)], 3],
    ["the one of the run's branch", [pull(1, { branch: "Better" }), pull(3)], 3],
    ["the open one", [pull(1, closed), pull(3), pull(4, closed)], 3],
    ["one that was merged meanwhile", [pull(3, closed)], 3],
    ["the one whose head it is", [pull(2, { sha: OTHER }), pull(3)], 3],
  ])("chosen: %s", (_, pulls, number) => {
    expect(choosePullRequest(pulls, source, HEAD).number).toBe(number);
  });

  test.each<[string, readonly ListedPullRequest[], string]>([
    ["none", [], "pull-request-not-found"],
    ["one of another repository", [pull(1, { repositoryId: 8 })], "pull-request-not-found"],
    ["one whose repository is gone", [pull(1, { repositoryId: undefined })], "pull-request-not-found"],
    ["one of another branch", [pull(1, { branch: "best" })], "pull-request-not-found"],
    ["two", [pull(1), pull(2)], "pull-request-ambiguous"],
    ["two closed ones", [pull(1, closed), pull(2, closed)], "pull-request-ambiguous"],
    ["one that moved on", [pull(1, { sha: OTHER })], "verdict-stale"],
    ["an open one that moved on, beside a closed one", [pull(1, closed), pull(2, { sha: OTHER })], "verdict-stale"],
  ])("refused: %s", (_, pulls, code) => {
    expect(() => choosePullRequest(pulls, source, HEAD)).toThrow(
      expect.objectContaining({ kind: "refused", problems: [expect.objectContaining({ code })] }),
    );
  });
});
