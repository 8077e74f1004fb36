import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { DeploymentReview, GitHubAccount } from "./approvals.ts";
import { assertEnvironmentProtected } from "./assert-environment-protected.ts";
import { challengeOf, countApprovals } from "./count-approvals.ts";
import { problemCodes } from "./testing.ts";

interface ApprovalCase {
  readonly name: string;
  readonly needed: number;
  readonly attempt?: number;
  readonly challenge?: boolean;
  readonly reviews?: readonly {
    readonly by: string;
    readonly id?: number;
    readonly type?: string;
    readonly state?: string;
    readonly comment?: string;
    readonly environment?: number;
    /** Through a team; `name` unless given: a reviewer by name. */
    readonly reviewer?: "name" | "member" | "no-member" | "unknown";
  }[];
  /** Who counts, or the codes of the refusal. */
  readonly counts?: readonly string[];
  readonly codes?: readonly string[];
}

const IDS: Readonly<Record<string, number>> = { alice: 1, bob: 2, carol: 3, dan: 4 };
const account = (login: string, id = IDS[login] ?? 90, type = "User"): GitHubAccount => ({ login, id, type });
const production = { id: 7, name: "production", reviewers: [], preventsSelfReview: true };
const path = new URL("../../../test/cases/promotion/approvals.yml", import.meta.url);

test.for(parse(readFileSync(path, "utf8")) as readonly ApprovalCase[])("$name", (one) => {
  const reviews = (one.reviews ?? []).map(
    (review): DeploymentReview => ({
      state: review.state ?? "approved",
      comment: review.comment ?? "",
      environments: [{ id: review.environment ?? 7, name: review.environment === 8 ? "staging" : "production" }],
      user: account(review.by, review.id, review.type),
    }),
  );
  const run = {
    id: 1,
    attempt: one.attempt ?? 1,
    status: "in_progress",
    event: "workflow_dispatch",
    ...{ headBranch: "main", updatedAt: "" },
    actor: account("alice"),
    triggeringActor: account("dan"),
  };
  const challenge = one.challenge ? challengeOf(`sha256:abcd1234${"0".repeat(56)}`) : undefined;
  const standing = (one.reviews ?? []).map(({ by, id, reviewer = "name" }) => ({ ...account(by, id), reviewer }));
  const byName = standing.filter(({ reviewer }) => reviewer === "name");
  const environment = { ...production, reviewers: byName.map(({ id, login }) => ({ type: "User", id, login })) };
  const byTeam = new Map(standing.flatMap(({ id, reviewer }) => (reviewer === "name" ? [] : [[id, reviewer]])));
  const count = () =>
    countApprovals(reviews, { needed: one.needed, environment, byTeam, run, requestedBy: { id: 1 }, challenge });
  expect(problemCodes(count)).toEqual(one.codes ?? []);
  if (one.counts !== undefined) expect(count().map(({ login }) => login)).toEqual(one.counts);
});

describe("whether the environment is protected", () => {
  const people = (...logins: readonly string[]) =>
    logins.map((login) => ({ type: "User", id: IDS[login] ?? 90, login }));
  const team = { type: "Team", id: 1, login: "reviewers" };
  test.for([
    ["no environment", undefined, 1, ["environment-missing"]],
    ["no reviewers", [], 1, ["environment-without-reviewers"]],
    ["the requester alone", people("alice"), 1, ["environment-with-too-few-reviewers"]],
    ["one for two", people("alice", "bob"), 2, ["environment-with-too-few-reviewers"]],
    ["one for one", people("bob"), 1, []],
    ["two for two", people("alice", "bob", "carol"), 2, []],
    ["a team, whose members cannot be read", [team], 2, []],
    ["a team whose id is the requester's", [team], 1, []],
  ] as const)("%s", ([_, reviewers, approvals, codes]) => {
    const protection = reviewers === undefined ? undefined : { ...production, reviewers };
    const environment = { name: "production", approvals };
    expect(problemCodes(() => assertEnvironmentProtected(protection, environment, account("alice")))).toEqual(codes);
  });
});
