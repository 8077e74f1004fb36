/** From the text of `.github/mlops.yml` to a policy that means something. */
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

/** The shape first; what only a well-shaped policy can get wrong second. */
function checkPolicy(document: Document): ValidationResult<Policy> {
  const shaped = validateDocument(policy, document);
  if ("problems" in shaped) return shaped;
  const problems: readonly Problem[] = [
    ...gateProblems(shaped.value, document),
    ...environmentProblems(shaped.value, document),
  ];
  return problems.length > 0 ? { problems } : shaped;
}
