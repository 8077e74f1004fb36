/**
 * Whether a report's records are consistent. A verdict from an artifact was written by a run that an untrusted user may
 * have started: it is shown only when it is about that run's commit and does not contradict itself.
 */
import { type Problem, refused } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import type { GateRequirement } from "../policy/expand-gates.ts";
import { evaluateRule } from "./evaluate-rule.ts";

/** The records that a report shows. Without a verdict, a merge is never recommended. */
export interface ReportRecords {
  readonly verdict?: Verdict | undefined;
  readonly data?: DataReport | undefined;
}

/**
 * `run` is the judging run and `head` the commit it is about, as GitHub says them.
 *
 * @throws ActionError for the first contradiction
 */
export function assertConsistent(
  { verdict, data }: ReportRecords,
  repository: string,
  { run, head }: { readonly run: number; readonly head: string },
): void {
  for (const { schema, origin } of [verdict, data].filter((record) => record !== undefined)) {
    if (!isSameRepository(origin.repository, repository)) {
      const message = `the record ${schema} is from the repository ${origin.repository}, not from ${repository}`;
      throw inconsistentRecord("record-foreign", message);
    }
    if (origin.run !== run)
      throw inconsistentRecord("record-foreign", `the record ${schema} is from run ${origin.run}, not from run ${run}`);
  }
  if (verdict === undefined) return;
  if (verdict.head !== head) {
    throw inconsistentRecord(
      "verdict-other-commit",
      `the verdict is about commit ${verdict.head.slice(0, 7)}, but the run is about ${head.slice(0, 7)}`,
    );
  }
  const unknown = verdict.rulings.find(({ rule, better }) => !isKnownRule(rule) || better === "neither");
  if (unknown !== undefined) {
    throw refused({
      code: "record-newer",
      message: `the verdict has the rule ${unknown.rule} on ${unknown.metric}, which this release cannot check`,
      fix: "Update report-metrics in the workflow that reads it",
    });
  }
  const contradicting = verdict.rulings.find((ruling) => ruling.outcome === "pass" && !isSatisfied(ruling));
  if (contradicting !== undefined) {
    throw inconsistentRecord(
      "verdict-contradicts-itself",
      `the rule on ${contradicting.metric} is recorded as passed, but its own numbers violate it`,
    );
  }
  if (verdict.outcome === "pass" && !(verdict.rulings.length > 0 && verdict.rulings.every(hasPassed))) {
    throw inconsistentRecord(
      "verdict-contradicts-itself",
      "the verdict is recorded as pass, but not every rule passed",
    );
  }
}

const hasPassed = ({ outcome }: Ruling): boolean => outcome === "pass";

/** Evaluates the ruling's own numbers again. */
function isSatisfied(ruling: Ruling): boolean {
  const { metric, slice, better, candidate, baseline } = ruling;
  const requirement = requirementOf(ruling);
  if (requirement === undefined || better === "neither") return false;
  const values = { candidate: candidate ?? undefined, before: baseline ?? undefined };
  const gate = { metric, slice, better, requirements: [] };
  const compared = { kind: "found", metrics: [], provenance: NO_PROVENANCE } as const;
  return evaluateRule(gate, requirement, values, compared).outcome === "pass";
}

const isKnownRule = (rule: Ruling["rule"]): rule is GateRequirement["rule"] =>
  rule === "min" || rule === "max" || rule === "max-regression";

function requirementOf({ rule, threshold, unit }: Ruling): GateRequirement | undefined {
  if (!isKnownRule(rule)) return undefined;
  if (rule !== "max-regression") return { rule, threshold };
  return unit === "percent" ? { rule, by: "share", percent: threshold } : { rule, by: "amount", amount: threshold };
}

/** Only the numbers are evaluated. */
const NO_PROVENANCE = { commit: "", metricsDigest: "", source: "" };

const inconsistentRecord = (code: string, message: string) =>
  refused({
    code,
    message,
    fix: "Pass the records from the artifact of the judging run, unchanged",
  } satisfies Problem);
