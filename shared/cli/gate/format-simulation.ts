/** A simulation in a terminal. */
import type { SimulatedRule, Simulation } from "../../core/gate/simulate-gate.ts";
import { formatRule } from "../../report/rulings.ts";
import { printable } from "../command.ts";

export function formatSimulation({ judged, failed, inconclusive, rules }: Simulation): string {
  const of = `of ${judged}`;
  const open = inconclusive === 0 ? "" : `, and ${inconclusive} would not be decided`;
  return [
    `${failed} ${of} earlier results would have failed, each against the one before it${open}.`,
    ...rules.map((rule) => `  ${describe(rule)}: ${countsOf(rule)}`),
    failed === 0 ? "" : "If nobody made those models worse, the rules are tighter than their noise.",
  ]
    .filter((line) => line !== "")
    .map((line) => `${printable(line)}\n`)
    .join("");
}

const describe = (rule: SimulatedRule): string => {
  const name = rule.slice === null ? rule.metric : `${rule.metric} [${rule.slice}]`;
  return `${name} ${formatRule(rule).markdown}`;
};

function countsOf({ failed, inconclusive, newest }: SimulatedRule): string {
  const parts = [
    failed === 0 ? "never" : failed === 1 ? `once, ${newest}` : `${failed} times, last ${newest}`,
    ...(inconclusive === 0 ? [] : [`${inconclusive} times not decided`]),
  ];
  return parts.join(", ");
}
