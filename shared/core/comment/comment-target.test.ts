import { describe, expect, test } from "vitest";
import {
  type CommentTrigger,
  choosePullRequest,
  type ListedPullRequest,
  resolveCommentTarget,
} from "./comment-target.ts";
import { HEAD } from "./testing.ts";

const OTHER = "b".repeat(40);
const trigger = (name: string, payload: object): CommentTrigger => ({
  event: { name, payload: payload as CommentTrigger["event"]["payload"] },
  repository: "acme/model",
  workflow: "acme/model/.github/workflows/pull-request.yml@refs/pull/3/merge",
  run: { id: 50, attempt: 2 },
});
const pullRequest = (from: string | null) => ({
  pull_request: {
    number: 3,
    base: { ref: "main" },
    user: { login: "alice" },
    head: { sha: HEAD, ref: "better", repo: from === null ? null : { full_name: from } },
  },
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
    head_repository: { id: 9, full_name: "mallory/model", owner: { login: "mallory" } },
    // Empty for forks; never used.
    pull_requests: [{ number: 1 }],
    ...parts,
  },
});

test("the pull request of a run in this repository comes from its payload", () => {
  expect(resolveCommentTarget(trigger("pull_request", pullRequest("Acme/Model")))).toEqual({
    kind: "pull-request",
    number: 3,
    base: "main",
    author: "alice",
    branch: "better",
    judgingRun: {
      workflow: ".github/workflows/pull-request.yml",
      revision: { run: 50, attempt: 2, head: HEAD },
      conclusion: undefined,
    },
  });
});

test("after a run, the run and its branch come from GitHub's payload", () => {
  expect(resolveCommentTarget(trigger("workflow_run", run()))).toEqual({
    kind: "judged-run",
    source: { owner: "mallory", branch: "better", repositoryId: 9, isFork: true },
    judgingRun: {
      workflow: ".github/workflows/pull-request.yml",
      revision: { run: 40, attempt: 1, head: HEAD },
      conclusion: "failure",
    },
  });
});

test("a run of Dependabot's, whose token may not write, is of this repository", () => {
  const head_repository = { id: 1, full_name: "Acme/model", owner: { login: "acme" } };
  expect(resolveCommentTarget(trigger("workflow_run", run({ head_repository })))).toMatchObject({
    source: { isFork: false },
  });
});

test.each([
  ["a fork", "pull_request", pullRequest("mallory/model")],
  ["a deleted fork", "pull_request", pullRequest(null)],
  ["a run of a push", "workflow_run", run({ event: "push" })],
  ["a run of a deleted repository", "workflow_run", run({ head_repository: null })],
  ["a merge group", "merge_group", {}],
  ["a push", "push", {}],
  ["pull_request_target, whose token has too many permissions", "pull_request_target", pullRequest("acme/model")],
])("%s is not commented on", (_, name, payload) => {
  expect(resolveCommentTarget(trigger(name, payload)).kind).toBe("none");
});

test.each([
  ["pull_request", {}],
  ["pull_request", { pull_request: { number: "3", head: {} } }],
  ["workflow_run", run({ head_sha: "main" })],
  ["workflow_run", run({ id: -1 })],
])("a payload of %s that GitHub would not send is refused", (name, payload) => {
  expect(() => resolveCommentTarget(trigger(name, payload))).toThrow(/event-unreadable/);
});

describe("of the pull requests from a branch", () => {
  const source = { owner: "mallory", branch: "better", repositoryId: 9, isFork: true };
  const pull = (
    number: number,
    parts: { sha?: string; branch?: string; repositoryId?: number | undefined; open?: boolean } = {},
  ): ListedPullRequest => {
    const { open = true, sha = HEAD, branch = "better", ...rest } = parts;
    return {
      number,
      open,
      base: "main",
      author: "alice",
      head: { sha, branch, repositoryId: "repositoryId" in rest ? rest.repositoryId : 9 },
    };
  };
  const closed = { open: false };

  test.each<[string, readonly ListedPullRequest[], number]>([
    ["the only one", [pull(3)], 3],
    ["the one of the run's repository, not another with that commit", [pull(1, { repositoryId: 8 }), pull(3)], 3],
    ["the one of the run's branch", [pull(1, { branch: "Better" }), pull(3)], 3],
    ["the open one", [pull(1, closed), pull(3), pull(4, closed)], 3],
    ["one that has been merged since then", [pull(3, closed)], 3],
    ["the one whose head it is", [pull(2, { sha: OTHER }), pull(3)], 3],
  ])("chosen: %s", (_, pulls, number) => {
    expect(choosePullRequest(pulls, source, HEAD).number).toBe(number);
  });

  test.each<[string, readonly ListedPullRequest[], string]>([
    ["none", [], "pull-request-not-found"],
    ["one of another repository", [pull(1, { repositoryId: 8 })], "pull-request-not-found"],
    ["one of a deleted repository", [pull(1, { repositoryId: undefined })], "pull-request-not-found"],
    ["one of another branch", [pull(1, { branch: "best" })], "pull-request-not-found"],
    ["two", [pull(1), pull(2)], "pull-request-ambiguous"],
    ["two closed ones", [pull(1, closed), pull(2, closed)], "pull-request-ambiguous"],
    ["one with a newer head", [pull(1, { sha: OTHER })], "verdict-stale"],
    ["an open one with a newer head, beside a closed one", [pull(1, closed), pull(2, { sha: OTHER })], "verdict-stale"],
  ])("refused: %s", (_, pulls, code) => {
    expect(() => choosePullRequest(pulls, source, HEAD)).toThrow(
      expect.objectContaining({ kind: "refused", problems: [expect.objectContaining({ code })] }),
    );
  });
});
