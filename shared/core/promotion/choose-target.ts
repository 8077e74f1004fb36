/** From a request to the environment and the version that it means. */
import { refused, userError } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { formatChoices } from "../../text/document/document.ts";
import { isSameEnvironment } from "../policy/environment-name.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import { getEnvironment, type LedgerState } from "./ledger.ts";

export interface PromotionRequest {
  readonly kind: "promote" | "roll-back";
  readonly environment: string;
  /** May be empty for a roll back, which then means the version deployed before. */
  readonly version: string;
  readonly reason: string;
}

/** @throws ActionError `environment-unknown` */
export function findEnvironment<Environment extends Pick<EnvironmentPolicy, "name">>(
  name: string,
  environments: readonly Environment[],
): Environment {
  const found = environments.find((environment) => isSameEnvironment(environment.name, name));
  if (found !== undefined) return found;
  const names = environments.map((environment) => environment.name);
  const closest = findClosestMatch(name, names);
  throw userError({
    code: "environment-unknown",
    message: `the policy has no environment ${JSON.stringify(name.slice(0, 60))}`,
    fix: names.length === 0 ? 'Add "environments:" to .github/mlops.yml' : `Write ${closest ?? formatChoices(names)}`,
  });
}

/**
 * Which version is meant.
 *
 * @throws ActionError `version-missing`, `reason-missing`, `nothing-to-roll-back-to`
 */
export function chooseVersion({ kind, environment, version, reason }: PromotionRequest, ledger: LedgerState): string {
  if (kind === "promote") {
    if (version !== "") return version;
    throw userError({
      code: "version-missing",
      message: "input version is missing",
      fix: 'Add "version:" under "with:"',
    });
  }
  assertReason(reason, "a roll back", "what is wrong with the deployed version");
  const { deployedVersions, olderVersions } = getEnvironment(ledger, environment);
  const earlier = deployedVersions.slice(0, -1);
  const found = earlier.findLast((deployed) => version === "" || deployed.version.version === version);
  if (found !== undefined) return found.version.version;
  const choices = earlier.map((deployed) => deployed.version.version);
  throw refused({
    code: "nothing-to-roll-back-to",
    message:
      version === ""
        ? `${environment} has no earlier version`
        : `${version} is not an earlier version of ${environment}${olderVersions ? ", or none of the newest, which the ledger keeps at hand" : ""}`,
    fix: choices.length === 0 ? "Promote another version" : `Roll back to ${formatChoices(choices)}`,
  });
}

/** @throws ActionError `reason-missing` */
export function assertReason(reason: string, what: string, subject: string): void {
  if (reason.trim() !== "") return;
  throw userError({
    code: "reason-missing",
    message: `${what} needs a reason`,
    fix: `Describe in the input "reason" ${subject}`,
  });
}
