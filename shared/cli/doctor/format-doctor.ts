/** The doctor's findings in a terminal. */
import type { TrustLevel } from "../../core/doctor/examine.ts";
import type { Finding, Severity } from "../../core/doctor/finding.ts";
import { formatProblem } from "../../problem/problem.ts";
import { printable } from "../command.ts";

const MARKS: Readonly<Record<Severity, string>> = { error: "✗", warning: "!", note: "·" };

const LEVELS: Readonly<Record<TrustLevel["level"], string>> = {
  none: "Nothing is gated.",
  advisory: "The gate is advisory: it shows an honest author what a change does, and somebody can go around it.",
  enforced: "The gate is enforced, as far as settings can show it.",
  unknown: "Whether the gate is enforced is not known: GitHub's settings were not read.",
};

export function formatDoctor(findings: readonly Finding[], trust: TrustLevel, notes: readonly string[]): string {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const counts = `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}, ${plural(count("note"), "note")}.`;
  return [
    ...findings.map(({ severity, problem }) => `${MARKS[severity]} ${formatProblem(problem)}`),
    ...(findings.length === 0 ? [] : [""]),
    ...notes.map((note) => `note: ${note}`),
    `${LEVELS[trust.level]} ${counts}`,
    ...(trust.because.length === 0 ? [] : [`Because of: ${trust.because.join(", ")}`]),
  ]
    .map((line) => `${printable(line)}\n`)
    .join("");
}

const plural = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;
