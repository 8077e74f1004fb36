import { expect, test } from "vitest";
import type { GitHubAccount } from "./approvals.ts";
import { countReviewApprovals, findReviewTeamQuestions } from "./count-review-approvals.ts";
import type { PullRequestReview, ReviewedChange } from "./reviewed-change.ts";
import { problemCodes } from "./testing.ts";

const IDS: Readonly<Record<string, number>> = { alice: 1, bob: 2, carol: 3, dan: 4, bot: 5 };
const account = (login: string): GitHubAccount => ({
  login,
  id: IDS[login.toLowerCase()] ?? 90,
  type: login === "bot" ? "Bot" : "User",
});
const HEAD = "a".repeat(40);

interface Given {
  readonly by: string;
  readonly state?: string;
  readonly commit?: string;
  readonly at?: string | undefined;
}
const change = (reviews: readonly Given[], author = "alice"): ReviewedChange => ({
  ...{
    number: 7,
    url: "https://github.com/o/r/pull/7",
    author: account(author),
    head: HEAD,
    files: [],
    writers: [account(author)],
  },
  mergedAt: "2026-06-15T12:00:00Z",
  reviews: reviews.map(
    (given): PullRequestReview => ({
      ...{
        state: given.state ?? "APPROVED",
        user: account(given.by),
        commit: given.commit ?? HEAD,
        body: "x".repeat(300),
      },
      submittedAt: "at" in given ? given.at : "2026-06-15T11:00:00Z",
    }),
  ),
});
const count = (reviews: readonly Given[], needed = 1, more: Partial<Parameters<typeof countReviewApprovals>[1]> = {}) =>
  countReviewApprovals(change(reviews), {
    ...{
      needed,
      environment: "production",
      approvers: ["bob", "Carol", "bot"],
      byTeam: new Map(),
      requestedBy: { id: 4 },
    },
    ...more,
  });

test.each<[string, readonly Given[], number, readonly string[]]>([
  ["one for one", [{ by: "bob" }], 1, []],
  ["names in other capitals", [{ by: "BOB" }, { by: "carol" }], 2, []],
  ["one person twice is one", [{ by: "bob" }, { by: "bob" }], 2, ["approvals-missing"]],
  ["the author of the pull request", [{ by: "alice" }], 1, ["approvals-missing", "approval-by-requester"]],
  ["whoever asked for the plan", [{ by: "dan" }], 1, ["approvals-missing", "approval-by-requester"]],
  ["a bot, although it is named", [{ by: "bot" }], 1, ["approvals-missing", "approval-by-bot"]],
  ["after the merge", [{ by: "bob", at: "2026-06-15T12:00:01Z" }], 1, ["approvals-missing", "approval-after-merge"]],
  ["at an unknown time", [{ by: "bob", at: undefined }], 1, ["approvals-missing", "approval-after-merge"]],
  ["of another commit", [{ by: "bob", commit: "b".repeat(40) }], 1, ["approvals-missing", "approval-of-other-commit"]],
  [
    "withdrawn by asking for changes",
    [{ by: "bob" }, { by: "bob", state: "CHANGES_REQUESTED", at: "2026-06-15T11:30:00Z" }],
    1,
    ["approvals-missing", "approval-rejected"],
  ],
  [
    "the order of a list does not matter",
    [{ by: "bob", state: "CHANGES_REQUESTED", at: "2026-06-15T11:30:00Z" }, { by: "bob" }],
    1,
    ["approvals-missing", "approval-rejected"],
  ],
  [
    "a comment after it changes nothing",
    [{ by: "bob" }, { by: "bob", state: "COMMENTED", at: "2026-06-15T11:30:00Z" }],
    1,
    [],
  ],
  ["somebody without a say asks for changes", [{ by: "bob" }, { by: "erin", state: "CHANGES_REQUESTED" }], 1, []],
  [
    "one approver asks for changes",
    [{ by: "bob" }, { by: "carol", state: "CHANGES_REQUESTED" }],
    1,
    ["approvals-missing", "approval-rejected"],
  ],
  ["a state that is none", [{ by: "bob", state: "LGTM" }], 1, ["approvals-missing"]],
])("%s", (_, reviews, needed, codes) => {
  expect(problemCodes(() => count(reviews, needed))).toEqual(codes);
});

test("what is kept of an approval", () => {
  const [approval] = count([{ by: "bob" }]);
  expect(approval).toEqual({
    ...{ login: "bob", id: 2, by: "review", commit: HEAD, at: "2026-06-15T11:00:00.000Z" },
    ...{ url: "https://github.com/o/r/pull/7", comment: "x".repeat(200) },
  });
});

test("a team's member counts, and one whose team cannot be read does not", () => {
  const approvers = ["octo/ml"];
  const asked = change([{ by: "bob" }, { by: "carol", state: "DISMISSED" }]);
  expect(findReviewTeamQuestions(asked, approvers, "Octo")).toEqual([{ id: 2, login: "bob", teams: ["ml"] }]);
  expect(findReviewTeamQuestions(asked, ["bob"], "octo")).toEqual([]);
  // A team of the same name here is not that team.
  expect(findReviewTeamQuestions(asked, approvers, "other")).toEqual([{ id: 2, login: "bob", teams: [undefined] }]);
  const as = (standing: "member" | "no-member" | "unknown") => () =>
    count([{ by: "bob" }], 1, { approvers, byTeam: new Map([[2, standing]]) });
  expect(problemCodes(as("member"))).toEqual([]);
  expect(problemCodes(as("no-member"))).toEqual(["approvals-missing", "approval-by-other"]);
  expect(problemCodes(as("unknown"))).toEqual(["approvals-missing", "approval-team-unreadable"]);
});

test("who wrote a commit of the pull request does not count, and with a commit of nobody's account none does", () => {
  const criteria = {
    ...{ needed: 1, environment: "production", approvers: ["bob", "carol"], byTeam: new Map(), requestedBy: { id: 4 } },
  };
  const written = (writers: ReviewedChange["writers"], by = "bob") =>
    problemCodes(() => countReviewApprovals({ ...change([{ by }]), writers }, criteria));
  expect(written([account("alice"), account("bob")])).toEqual(["approvals-missing", "approval-by-writer"]);
  expect(written([account("alice"), account("bob")], "carol")).toEqual([]);
  expect(written([account("alice"), undefined])).toEqual(["approvals-missing", "request-writer-unknown"]);
});
