/** From what somebody asks for to the environment and the version it means. */
import { mistake, refusal } from "../../action/problem.ts";
import { oneOf } from "../document/document.ts";
import { nearest } from "../document/nearest.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import { environmentIn, type LedgerState } from "./ledger.ts";

export interface Request {
  readonly kind: "promote" | "roll-back";
  readonly environment: string;
  /** May be empty for a roll back: what stood there before. */
  readonly version: string;
  readonly reason: string;
}

/** @throws ActionFailure `environment-unknown` */
export function findEnvironment(name: string, environments: readonly EnvironmentPolicy[]): EnvironmentPolicy {
  const found = environments.find((environment) => environment.name === name);
  if (found !== undefined) return found;
  const names = environments.map((environment) => environment.name);
  const meant = nearest(name, names);
  throw mistake({
    code: "environment-unknown",
    message: `the policy has no environment ${JSON.stringify(name.slice(0, 60))}`,
    fix: names.length === 0 ? 'Add "environments:" to .github/mlops.yml' : `Write ${meant ?? oneOf(names)}`,
  });
}

/**
 * Which version is meant.
 *
 * @throws ActionFailure `version-missing`, `reason-missing`, `nothing-to-roll-back-to`
 */
export function chooseVersion({ kind, environment, version, reason }: Request, ledger: LedgerState): string {
  if (kind === "promote") {
    if (version !== "") return version;
    throw mistake({
      code: "version-missing",
      message: "input version is missing",
      fix: 'Add "version:" under "with:"',
    });
  }
  if (reason.trim() === "") {
    throw mistake({
      code: "reason-missing",
      message: "a roll back needs a reason",
      fix: 'Say in the input "reason" what is wrong with what stands there',
    });
  }
  const before = environmentIn(ledger, environment).standing.slice(0, -1);
  const found = before.findLast((standing) => version === "" || standing.version.version === version);
  if (found !== undefined) return found.version.version;
  const choices = before.map((standing) => standing.version.version);
  throw refusal({
    code: "nothing-to-roll-back-to",
    message:
      version === "" ? `nothing stood in ${environment} before` : `${version} did not stand in ${environment} before`,
    fix: choices.length === 0 ? "Promote another version" : `Roll back to ${oneOf(choices)}`,
  });
}
