/** All rules over one repository, and how far its gate can be trusted. */
import { listJudgingSteps, type RepositoryFacts } from "./facts.ts";
import type { Finding, Severity } from "./finding.ts";
import { ENVIRONMENT_RULES } from "./rules/environment-rules.ts";
import { GATE_RULES } from "./rules/gate-rules.ts";
import { MODEL_RULES } from "./rules/model-rules.ts";
import { POLICY_RULES } from "./rules/policy-rules.ts";
import { PROMOTION_RULES } from "./rules/promotion-rules.ts";
import { RUNNER_RULES } from "./rules/runner-rules.ts";
import { SETTINGS_RULES } from "./rules/settings-rules.ts";
import { TOKEN_RULES } from "./rules/token-rules.ts";

const RULES = [
  ...GATE_RULES,
  ...MODEL_RULES,
  ...POLICY_RULES,
  ...SETTINGS_RULES,
  ...ENVIRONMENT_RULES,
  ...PROMOTION_RULES,
  ...TOKEN_RULES,
  ...RUNNER_RULES,
];
const ORDER: readonly Severity[] = ["error", "warning", "note"];

/** What is worst comes first; within that, in the order of the rules. */
export const examine = (facts: RepositoryFacts): readonly Finding[] =>
  RULES.flatMap((rule) => rule(facts)).toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));

export interface TrustLevel {
  /** `none`: nothing is judged. `unknown`: the settings that decide it could not be read. */
  readonly level: "none" | "advisory" | "enforced" | "unknown";
  /** Codes of the findings that keep it from being more. */
  readonly because: readonly string[];
}

/** Findings that make a gate advisory whatever else is right (docs/how-to/enforce-the-gate.md). */
const ADVISORY: ReadonlySet<string> = new Set([
  ...["doctor-gate-shared-job", "doctor-gate-conditional", "doctor-gate-needs", "doctor-gate-step-conditional"],
  ...["doctor-gate-ignored", "doctor-gate-filtered", "doctor-gate-name-twice", "doctor-code-owners"],
  ...["doctor-check-not-required", "doctor-check-unbound", "doctor-owner-review", "doctor-policy-unused"],
  "doctor-model-not-judged",
]);

/** Only a workflow that a ruleset requires is out of the change's reach. */
export function findTrustLevel(facts: RepositoryFacts, findings: readonly Finding[]): TrustLevel {
  if (listJudgingSteps(facts).length === 0 && !isRequiredElsewhere(facts)) return { level: "none", because: [] };
  const because = [...new Set(findings.map(({ problem }) => problem.code).filter((code) => ADVISORY.has(code)))];
  if (because.length > 0) return { level: "advisory", because };
  if (facts.settings?.rules === undefined) return { level: "unknown", because };
  return isRequiredElsewhere(facts)
    ? { level: "enforced", because }
    : { level: "advisory", because: ["doctor-no-required-workflow"] };
}

const isRequiredElsewhere = ({ settings }: RepositoryFacts): boolean =>
  settings?.rules?.some(({ type }) => type === "workflows") ?? false;
