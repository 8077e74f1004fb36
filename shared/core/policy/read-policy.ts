/** From the text of `.github/mlops.yml` to a valid policy. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, throwIfProblems } from "../../text/document/document.ts";
import { type ValidationResult, validateDocument } from "../../text/document/validate-document.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { environmentProblems } from "./environment-problems.ts";
import { gateProblems } from "./gate-problems.ts";
import { POLICY_PATH, type Policy, policy } from "./policy.ts";

/** @throws ActionError with every problem, each with line and column; all codes start with `policy-`. */
export function readPolicy(text: string, file: string = POLICY_PATH): Policy {
  const checked = checkPolicy(readYaml(text, file, "policy"));
  if ("value" in checked) return checked.value;
  throwIfProblems(checked.problems);
  throw new Error("a policy was refused without a reason");
}

/** The schema first; then what can still be wrong in a policy that it accepts. */
function checkPolicy(document: Document): ValidationResult<Policy> {
  const validated = validateDocument(policy, document);
  if ("problems" in validated) return validated;
  const problems: readonly Problem[] = [
    ...gateProblems(validated.value, document),
    ...environmentProblems(validated.value, document),
  ];
  return problems.length > 0 ? { problems } : validated;
}
