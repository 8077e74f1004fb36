/** The story of doctor: what the repository is, what GitHub makes of it, and which of its gates are not real. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { ReadRepository } from "../../shared/adapters/doctor/read-repository.ts";
import { examine, findTrustLevel } from "../../shared/core/doctor/examine.ts";
import type { FoundPolicy } from "../../shared/core/doctor/facts.ts";
import type { Finding, Severity } from "../../shared/core/doctor/finding.ts";
import { NEEDED_PERMISSIONS } from "../../shared/core/doctor/needed-permissions.ts";
import type { RepositorySettings } from "../../shared/core/doctor/settings.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { renderDoctor } from "../../shared/report/doctor.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  readonly readRepository: () => Promise<ReadRepository>;
  readonly readSettings: (policy: FoundPolicy) => Promise<RepositorySettings>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log }) => {
  // Gather.
  const repository = await ports.readRepository();
  const settings = await ports.readSettings(repository.policy);

  // Decide.
  const facts = { ...repository, settings, permissions: NEEDED_PERMISSIONS };
  const findings = [...repository.unreadable, ...examine(facts)];
  const trust = findTrustLevel(facts, findings);
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;

  // Show.
  const failing = findings.filter(({ severity }) => FAILING[inputs["fail-on"]].includes(severity));
  for (const finding of findings) show(finding);
  return {
    outputs: { level: trust.level, errors: String(count("error")), warnings: String(count("warning")) },
    summary: renderDoctor(findings, trust),
    failed: failing.length === 0 ? undefined : toFailure(failing),
  };

  function show({ severity, problem }: Finding): void {
    if (severity === "note") log.info(`${problem.message}. ${problem.fix}. [${problem.code}]`);
    else if (severity === "warning" || inputs["fail-on"] === "never") log.warn(problem);
    else log.error(problem);
  }
};

const FAILING: Readonly<Record<"error" | "warning" | "never", readonly Severity[]>> = {
  error: ["error"],
  warning: ["error", "warning"],
  never: [],
};

const toFailure = (failing: readonly Finding[]): Problem => ({
  code: "doctor-findings",
  message:
    failing.length === 1
      ? "one thing makes a gate or a protection unreal"
      : `${failing.length} things make gates or protections unreal`,
  fix: "The job summary has the place and the fix of each",
});
