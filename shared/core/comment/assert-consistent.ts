/**
 * Whether a report's records can be what they claim. A verdict that comes out of an artifact was written by a run that a
 * stranger may have started: it is shown only when it is about that run's commit and agrees with itself.
 */
import { type Problem, refused } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import { evaluateRule } from "../gate/evaluate-rule.ts";
import type { GateRequirement } from "../policy/expand-gates.ts";
import type { JudgingRun } from "./comment-target.ts";

export interface ReportRecords {
  readonly verdict?: Verdict | undefined;
  readonly data?: DataReport | undefined;
}

/** @throws ActionError for the first contradiction */
export function assertConsistent(records: ReportRecords, repository: string, judging: JudgingRun): void {
  const { verdict, data } = records;
  const { run, head } = judging.revision;
  for (const { schema, origin } of [verdict, data].filter((record) => record !== undefined)) {
    if (origin.repository.toLowerCase() !== repository.toLowerCase()) {
      throw inconsistentRecord("record-foreign", `the record ${schema} is from the repository ${origin.repository}`);
    }
    if (origin.run !== run)
      throw inconsistentRecord("record-foreign", `the record ${schema} is from run ${origin.run}, not ${run}`);
  }
  if (verdict === undefined) return;
  if (verdict.head !== head) {
    throw inconsistentRecord(
      "verdict-other-commit",
      `the verdict is about ${verdict.head.slice(0, 7)}, and this run about ${head.slice(0, 7)}`,
    );
  }
  const broken = verdict.rulings.find((ruling) => ruling.outcome === "pass" && !holds(ruling));
  if (broken !== undefined) {
    throw inconsistentRecord(
      "verdict-contradicts-itself",
      `the rule on ${broken.metric} is said to hold, and its numbers say no`,
    );
  }
  if (verdict.outcome === "pass" && !(verdict.rulings.length > 0 && verdict.rulings.every(passes))) {
    throw inconsistentRecord("verdict-contradicts-itself", "it is said to pass, and not every rule holds");
  }
}

/** What a reader should know about how the run ended. */
export function collectWarnings({ verdict }: ReportRecords, { conclusion }: JudgingRun): readonly string[] {
  if (conclusion === undefined || verdict === undefined) return [];
  const fromOutside = "Measured by the workflow of the pull request itself: look at its changes under .github first";
  if (verdict.outcome === "pass" && conclusion !== "success") return [fromOutside, `The run ended with ${conclusion}`];
  if (verdict.outcome !== "pass" && conclusion === "success") return [fromOutside, "The run is green all the same"];
  return [fromOutside];
}

const passes = ({ outcome }: Ruling): boolean => outcome === "pass";

/** Judges the ruling's own numbers anew. */
function holds(ruling: Ruling): boolean {
  const { metric, slice, better, candidate, baseline } = ruling;
  const values = { candidate: candidate ?? undefined, before: baseline ?? undefined };
  const gate = { metric, slice, better, requirements: [] };
  const compared = { kind: "found", metrics: [], provenance: NOWHERE } as const;
  return evaluateRule(gate, requirementOf(ruling), values, compared).outcome === "pass";
}

function requirementOf({ rule, threshold, unit }: Ruling): GateRequirement {
  if (rule !== "max-regression") return { rule, threshold };
  return unit === "percent" ? { rule, by: "share", percent: threshold } : { rule, by: "amount", amount: threshold };
}

/** Only the numbers are looked at. */
const NOWHERE = { commit: "", metricsDigest: "", source: "" };

const inconsistentRecord = (code: string, message: string) =>
  refused({
    code,
    message,
    fix: "Hand over the records of the run that judged, as its artifact, unchanged",
  } satisfies Problem);
