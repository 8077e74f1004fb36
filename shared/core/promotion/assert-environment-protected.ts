/** Whether GitHub requires a review before a job can use an environment. Without one, approvals would mean nothing. */
import { refused } from "../../problem/problem.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { EnvironmentProtection } from "./approvals.ts";

/**
 * @param environment from the policy, with one approval or more
 * @param requester who cannot approve
 * @throws ActionError (a refusal): `environment-missing`, `environment-without-reviewers`, `environment-with-too-few-reviewers`
 */
export function assertEnvironmentProtected(
  protection: EnvironmentProtection | undefined,
  { name, approvals: needed }: Pick<EnvironmentPolicy, "name" | "approvals">,
  requester: { readonly id: number; readonly login: string },
): EnvironmentProtection {
  const where = "in the repository's settings, under Environments";
  const required = `the policy requires ${needed} approval${needed === 1 ? "" : "s"}`;
  if (protection === undefined) {
    throw refused({
      code: "environment-missing",
      message: `this repository has no environment ${name}; GitHub would create it without protection`,
      fix: `Create it with required reviewers ${where}`,
    });
  }
  if (protection.reviewers.length === 0) {
    throw refused({
      code: "environment-without-reviewers",
      message: `the environment ${name} has no required reviewers, but ${required}`,
      fix: `Add required reviewers ${where}; a private repository needs GitHub Enterprise for it`,
    });
  }
  const people = protection.reviewers.filter(({ type, id }) => type === "User" && id !== requester.id).length;
  const teams = protection.reviewers.some(({ type }) => type === "Team");
  if (!teams && people < needed) {
    throw refused({
      code: "environment-with-too-few-reviewers",
      message: `only ${people} of the reviewers of ${name} may approve (${requester.login} is the requester), but ${required}`,
      fix: `Add reviewers ${where}, or let somebody else request the promotion`,
    });
  }
  return protection;
}
