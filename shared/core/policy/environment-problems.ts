/** What can be wrong in a list of environments that the schema accepts: its order. */
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { type Document, formatChoices, quoteText } from "../../text/document/document.ts";
import type { EnvironmentPolicy, Policy } from "./policy.ts";

export function environmentProblems(
  { environments }: Pick<Policy, "environments">,
  document: Document,
): readonly Problem[] {
  const names = environments.map(({ name }) => name);
  return environments.flatMap(({ name, needs }, index) => {
    const at = (key: string) => document.placeOf(["environments", index, key]);
    const problems: Problem[] = [];
    if (names.indexOf(name) < index) {
      problems.push({
        code: "policy-duplicate-environment",
        message: `there is already an environment ${quoteText(name)}`,
        place: at("name"),
        fix: "Remove one of them, or give it another name",
      });
    }
    if (needs !== undefined && !names.includes(needs)) {
      const meant = findClosestMatch(needs, names);
      problems.push({
        code: "policy-unknown-environment",
        message: `${quoteText(name)} needs ${quoteText(needs)}, which is not an environment of this policy`,
        place: at("needs"),
        fix: `Write ${meant === undefined ? formatChoices(names.filter((other) => other !== name)) || "an environment of this list" : quoteText(meant)}`,
      });
    }
    const cycle = findCycle(name, environments);
    // Reported once, at the first environment of the cycle.
    if (cycle.length > 0 && cycle.every((other) => names.indexOf(other) >= index)) {
      problems.push({
        code: "policy-circular-environments",
        message: `no version could ever reach ${quoteText(name)}: ${[...cycle, name].join(" needs ")}`,
        place: at("needs"),
        fix: 'Remove "needs" from the first environment',
      });
    }
    return problems;
  });
}

/** The environments from `start` along `needs` back to `start`; empty when that never returns to it. */
function findCycle(start: string, environments: readonly EnvironmentPolicy[]): readonly string[] {
  const visited: string[] = [];
  let current: string | undefined = start;
  while (current !== undefined && !visited.includes(current)) {
    visited.push(current);
    current = environments.find(({ name }) => name === current)?.needs;
  }
  return current === start ? visited : [];
}
