/** Several environments whose reviewers are asked one after the other: people of each, and enough different ones in all. */
import { refused } from "../../problem/problem.ts";
import type { Approval } from "../../records/promotion-record.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { DeploymentReview, EnvironmentProtection } from "./approvals.ts";
import { assertEnvironmentProtected } from "./assert-environment-protected.ts";
import { type ApprovalCriteria, countApprovals } from "./count-approvals.ts";

type Chained = Pick<EnvironmentPolicy, "name" | "approvals" | "approval-environments">;

/** The environments whose reviewers approve: the ones that the policy lists, or the one itself. */
export const approvingEnvironments = ({ name, "approval-environments": listed }: Chained): readonly string[] =>
  listed ?? [name];

/**
 * Whether GitHub asks in each of them, and whether there are enough people in all.
 *
 * @param protections of `approvingEnvironments`, in their order
 * @throws ActionError (a refusal) as `assertEnvironmentProtected`
 */
export function assertChainProtected(
  protections: readonly (EnvironmentProtection | undefined)[],
  environment: Chained,
  requester: { readonly id: number; readonly login: string },
): readonly EnvironmentProtection[] {
  const { approvals } = environment;
  const names = approvingEnvironments(environment);
  const each = names.length === 1 ? approvals : 1;
  const guards = names.map((name, index) =>
    assertEnvironmentProtected(protections[index], { name, approvals: each }, requester),
  );
  const reviewers = guards.flatMap((guard) => guard.reviewers);
  const people = new Set(reviewers.flatMap(({ type, id }) => (type === "User" && id !== requester.id ? [id] : [])));
  if (reviewers.some(({ type }) => type === "Team") || people.size >= approvals) return guards;
  throw refused({
    code: "environment-with-too-few-reviewers",
    message: `only ${people.size} of the reviewers of ${names.join(", ")} together may approve (${requester.login} is the requester), but the policy requires ${approvals} approvals`,
    fix: "Add reviewers in the repository's settings, under Environments, or let somebody else request the promotion",
  });
}

export interface ChainCriteria extends Omit<ApprovalCriteria, "environment" | "byTeam"> {
  /** At least one person of each must have approved. */
  readonly chain: readonly Pick<ApprovalCriteria, "environment" | "byTeam">[];
}

/**
 * @returns the approvals that count, one for each person
 * @throws ActionError (a refusal) as `countApprovals`
 */
export function countChainApprovals(
  reviews: readonly DeploymentReview[],
  { chain, needed, ...criteria }: ChainCriteria,
): readonly Approval[] {
  const [only, ...others] = chain;
  if (only !== undefined && others.length === 0) return countApprovals(reviews, { ...criteria, ...only, needed });
  if (needed === 0) return [];
  const found = chain.flatMap(({ environment, byTeam }) => {
    const own = reviews.filter(({ environments }) => environments.some(({ id }) => id === environment.id));
    const approved = countApprovals(own, { ...criteria, environment, byTeam, needed: 1 });
    return approved.map((approval) => ({ ...approval, by: "environment" as const, environment: environment.name }));
  });
  // Who is a reviewer of several has one approval.
  const people = [...new Map(found.toReversed().map((approval) => [approval.id, approval])).values()].toReversed();
  if (people.length >= needed) return people;
  const names = chain.map(({ environment }) => environment.name).join(", ");
  throw refused({
    code: "approvals-missing",
    message: `${names} together need ${needed} valid approvals of different people, and have ${people.length}`,
    fix: `Start a new run, and let ${needed} people other than the requester approve it`,
  });
}
