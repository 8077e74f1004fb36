/** What a well-shaped list of environments can still get wrong: its order. */
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
    const found: Problem[] = [];
    if (names.indexOf(name) < index) {
      found.push({
        code: "policy-duplicate-environment",
        message: `there is an environment ${quoteText(name)} already`,
        place: at("name"),
        fix: "Remove one of them, or give it another name",
      });
    }
    if (needs !== undefined && !names.includes(needs)) {
      const meant = findClosestMatch(needs, names);
      found.push({
        code: "policy-unknown-environment",
        message: `${quoteText(name)} needs ${quoteText(needs)}, which is not an environment of this policy`,
        place: at("needs"),
        fix: `Write ${meant === undefined ? formatChoices(names.filter((other) => other !== name)) || "it above" : quoteText(meant)}`,
      });
    }
    const circle = findCycle(name, environments);
    // Told once, where the first environment of the circle stands.
    if (circle.length > 0 && circle.every((other) => names.indexOf(other) >= index)) {
      found.push({
        code: "policy-circular-environments",
        message: `no version could ever reach ${quoteText(name)}: ${[...circle, name].join(" needs ")}`,
        place: at("needs"),
        fix: 'Remove "needs" from the first environment',
      });
    }
    return found;
  });
}

/** The environments one passes on the way back to where one started; empty when the way ends. */
function findCycle(start: string, environments: readonly EnvironmentPolicy[]): readonly string[] {
  const passed: string[] = [];
  let here: string | undefined = start;
  while (here !== undefined && !passed.includes(here)) {
    passed.push(here);
    here = environments.find(({ name }) => name === here)?.needs;
  }
  return here === start ? passed : [];
}
