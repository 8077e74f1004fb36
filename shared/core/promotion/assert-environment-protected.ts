/** Whether GitHub really asks somebody before a job gets at an environment. A gate that is not real is worse than none. */
import { refused } from "../../problem/problem.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { EnvironmentProtection } from "./approvals.ts";

/**
 * @param environment from the policy, with one approval or more
 * @param requester who cannot give one of them
 * @throws ActionError (a refusal): `environment-missing`, `environment-without-reviewers`, `environment-with-too-few-reviewers`
 */
export function assertEnvironmentProtected(
  guard: EnvironmentProtection | undefined,
  { name, approvals: needed }: Pick<EnvironmentPolicy, "name" | "approvals">,
  requester: { readonly id: number; readonly login: string },
): EnvironmentProtection {
  const where = "in the repository's settings, under Environments";
  if (guard === undefined) {
    throw refused({
      code: "environment-missing",
      message: `this repository has no environment ${name}; GitHub would make one that nobody guards`,
      fix: `Make it with required reviewers ${where}`,
    });
  }
  if (guard.reviewers.length === 0) {
    throw refused({
      code: "environment-without-reviewers",
      message: `the environment ${name} has no required reviewers, though the policy asks for ${needed} approval${needed === 1 ? "" : "s"}`,
      fix: `Add required reviewers ${where}; a private repository needs GitHub Enterprise for it`,
    });
  }
  const people = guard.reviewers.filter(({ type, id }) => type === "User" && id !== requester.id).length;
  const teams = guard.reviewers.some(({ type }) => type === "Team");
  if (!teams && people < needed) {
    throw refused({
      code: "environment-with-too-few-reviewers",
      message: `of the reviewers of ${name}, ${people} did not ask for this (${requester.login} did), and the policy asks for ${needed}`,
      fix: `Add reviewers ${where}, or let somebody else ask`,
    });
  }
  return guard;
}
