/** What can be wrong in gates that the schema accepts: gates that never fail, always fail, or contradict each other. */
import type { Problem } from "../../problem/problem.ts";
import { type Document, type DocumentPath, formatPath, quoteText } from "../../text/document/document.ts";
import { guessDirection } from "../metrics/metric-direction.ts";
import { listRequirements, listSliceRequirements, needsDirection } from "./expand-gates.ts";
import type { Gate, GateRule } from "./policy.ts";

/** @param at where the list stands */
export function gateProblems(gates: readonly Gate[], at: DocumentPath, document: Document): readonly Problem[] {
  return gates.flatMap((gate, index) => {
    const path = [...at, index];
    const { slices, "worst-slice": worst, gap } = gate;
    const hasOtherRules = worst !== undefined || gap !== undefined || Object.keys(slices ?? {}).length > 0;
    return [
      ...duplicateGateProblems(gates, index, at, document),
      ...directionProblems(gate, path, document),
      ...ruleProblems(gate, gate, path, hasOtherRules, document),
      ...Object.entries(slices ?? {}).flatMap(([slice, rule]) =>
        ruleProblems(gate, rule, [...path, "slices", slice], false, document),
      ),
      ...(worst === undefined ? [] : ruleProblems(gate, worst, [...path, "worst-slice"], false, document)),
    ];
  });
}

/** Two gates for one metric may disagree, and a reader finds only the first. */
function duplicateGateProblems(
  gates: readonly Gate[],
  index: number,
  at: DocumentPath,
  document: Document,
): readonly Problem[] {
  const metric = gates[index]?.metric ?? "";
  const first = gates.findIndex((gate) => gate.metric === metric);
  if (first === index) return [];
  return [
    {
      code: "policy-duplicate-gate",
      message: `there is already a gate for the metric ${quoteText(metric)}, at line ${document.placeOf([...at, first, "metric"]).line}`,
      place: document.placeOf([...at, index, "metric"]),
      fix: 'Put its rules into that one; rules for slices go under "slices:"',
    },
  ];
}

/** A direction is never guessed: it is written, or the name is one whose direction is beyond dispute. */
function directionProblems(gate: Gate, path: DocumentPath, document: Document): readonly Problem[] {
  const { metric, better = guessDirection(metric) } = gate;
  const rules = [gate, ...Object.values(gate.slices ?? {})].flatMap(listRequirements);
  const wanting = [...rules, ...listSliceRequirements(gate)].find(needsDirection);
  if (better !== undefined || wanting === undefined) return [];
  return [
    {
      code: "policy-unknown-direction",
      message: `${formatPath(path)}: ${wanting.rule} needs to know whether a higher or a lower ${quoteText(metric)} is better, and its name does not say`,
      place: document.placeOf([...path, "metric"]),
      fix: 'Write "better: higher" or "better: lower"',
    },
  ];
}

/** The rules that compare with a baseline, or with the number of examples. */
const OTHER_RULES = ["max-regression", "max-change", "min-improvement", "min-n"] as const;

function ruleProblems(
  { metric, better = guessDirection(metric) }: Gate,
  rule: GateRule,
  path: DocumentPath,
  mayBeEmpty: boolean,
  document: Document,
): readonly Problem[] {
  const { min, max, "max-regression": regression } = rule;
  const others = OTHER_RULES.filter((key) => rule[key] !== undefined);
  if (min === undefined && max === undefined && others.length === 0) {
    return mayBeEmpty ? [] : [missingRuleProblem(path, document)];
  }
  const problem = (code: string, key: string, message: string, fix: string): Problem => ({
    code: `policy-${code}`,
    message: `${formatPath(path)}: ${message}`,
    place: document.placeOf([...path, key]),
    fix,
  });

  const problems: Problem[] = [];
  if (min !== undefined && max !== undefined && min > max) {
    const message = `min ${min} is above max ${max}, so no value could pass`;
    problems.push(problem("contradictory-thresholds", "max", message, "Swap or correct them"));
  }
  const [toWorse, toBetter] = better === "higher" ? (["min", "max"] as const) : (["max", "min"] as const);
  if (better !== undefined && rule[toBetter] !== undefined && rule[toWorse] === undefined && others.length === 0) {
    const message = `with "better: ${better}", ${toBetter} alone fails the gate only when ${quoteText(metric)} improves`;
    problems.push(problem("wrong-direction", toBetter, message, `Write ${toWorse} instead, or add it`));
  }
  if (better === "higher" && typeof regression === "string" && Number.parseFloat(regression) >= 100) {
    const message = `nothing falls by more than 100%, so max-regression ${regression} never fails the gate`;
    problems.push(problem("rule-without-effect", "max-regression", message, "Write a smaller share, for example 2%"));
  }
  return problems;
}

const missingRuleProblem = (path: DocumentPath, document: Document): Problem => ({
  code: "policy-gate-without-rule",
  message: `${formatPath(path)} has no rule, so it would never fail`,
  place: document.placeOf(path, "key"),
  fix: "Add min, max or max-regression",
});
