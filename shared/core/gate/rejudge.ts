/**
 * A verdict, judged anew by somebody who may write: its numbers are all that is taken from it. A run that an untrusted user has
 * started may have left rules out, changed thresholds, or written notes that nobody else would write.
 */
import { type Problem, refused } from "../../problem/problem.ts";
import { type DigestFunction, digestMetrics } from "../../records/digest.ts";
import type { Metric } from "../../records/fields.ts";
import type { Verdict } from "../../records/verdict.ts";
import type { Baseline } from "./baseline.ts";
import { buildVerdict, ofModel } from "./build-verdict.ts";
import { compareOnly, outcomeOf } from "./judge.ts";
import { type GatePolicy, judgeWithWaivers, type WaiverPorts } from "./judge-with-waivers.ts";
import type { PredictedCases } from "./predicted-cases.ts";

/** What the run did not bring, but was read where it cannot write. */
export interface TrustedJudgement extends WaiverPorts {
  /** `null`: the trusted commit has none, and nothing is gated. */
  readonly trusted: GatePolicy | null;
  readonly baseline: Baseline;
  readonly notes: readonly string[];
  /** What else differs, for a reader: of a run that may be believed. */
  readonly changes?: Verdict["changes"];
  /** The candidate's, where the policy names some: as the run reported them. */
  readonly predictions?: PredictedCases | undefined;
}

/** @throws ActionError `verdict-contradicts-itself`, and as `judgeWithWaivers` */
export async function rejudge(
  verdict: Verdict,
  { trusted, baseline, notes, predictions, changes, ...ports }: TrustedJudgement,
  digestOf: DigestFunction,
): Promise<Verdict> {
  if (verdict.outcome === "error") return withoutNumbers(verdict, trusted?.policy ?? null);
  const candidate = measuredIn(verdict);
  if (digestMetrics(candidate, digestOf) !== verdict.metricsDigest)
    throw contradiction("its metrics are not those whose digest it names");
  const { outcome, head, judged, metricsDigest, origin, proposedPolicy, problems } = verdict;
  const result =
    trusted === null
      ? { ...compareOnly(candidate, baseline), notes: [] }
      : await judgeWithWaivers(trusted, candidate, baseline, ports, predictions);
  const isOther = trusted !== null && result.outcome !== outcome && !isClosedAnyway(verdict);
  const anew = buildVerdict({
    ...{ result, subject: { head, judged }, baseline, metricsDigest, origin },
    policy: trusted?.policy ?? null,
    ...(predictions && { evidence: (verdict.evidence ?? []).filter(({ kind }) => kind === "predictions") }),
    ...(trusted !== null && ofModel(trusted.rules)),
    ...(changes && { inGit: changes }),
    notes: [
      ...notes,
      ...result.notes,
      ...(isOther ? [`The run that measured them came to another verdict: ${outcome}.`] : []),
    ],
  });
  return {
    ...anew,
    notes: [...new Set(anew.notes)],
    // That a gate is closed for another reason than a rule is not to be overruled by its numbers.
    ...(isClosedAnyway(verdict) && { outcome, ...(problems && { problems }) }),
    ...(trusted === null && proposedPolicy && { proposedPolicy }),
  };
}

/** Nothing was judged, and why is all there is to say. */
const withoutNumbers = (
  { schema, head, judged, metricsDigest, origin, model, notes, problems = notes.map(toProblem) }: Verdict,
  policy: Verdict["policy"],
): Verdict => ({
  ...{ schema, outcome: "error", head, judged, metricsDigest, origin, policy, problems },
  ...{ baseline: null, rulings: [], metrics: [], notes: [] },
  ...(model !== undefined && { model }),
});

/** A verdict of version 1 has no other place for it. */
const toProblem = (message: string) => ({ code: "not-judged", message, severity: "error" as const });

const isClosedAnyway = ({ outcome, rulings, problems = [] }: Verdict): boolean =>
  outcome === "fail" && rulings.length > 0 && (problems.length > 0 || outcomeOf(rulings) !== "fail");

/** The candidate's numbers, as they were before they were compared. */
export const measuredIn = ({ metrics }: Verdict): readonly Metric[] =>
  metrics.flatMap(({ name, slice, candidate: value, n, stderr, unit }) =>
    value === null ? [] : [{ name, slice, value, ...keepKnown({ n, stderr, unit }) }],
  );

/**
 * The baseline as the verdict has it: for a run of the repository's own, whose gate has read it.
 *
 * A repository's first run has none, and its verdict is inconclusive.
 */
export function baselineIn({ metrics, baseline, outcome, rulings, history }: Verdict): Baseline {
  if (baseline !== null && baseline.allowed !== false) {
    const before = metrics.flatMap(({ name, slice, baseline: value, nBaseline: n, stderrBaseline: stderr, unit }) =>
      value === null ? [] : [{ name, slice, value, ...keepKnown({ n, stderr, unit }) }],
    );
    // The newest value is the verdict's own.
    const earlier = history?.map((one) => ({ ...one, values: one.values.slice(0, -1) }));
    return { kind: "found", metrics: before, provenance: baseline, ...(earlier !== undefined && { history: earlier }) };
  }
  const said = rulings.map(({ reason }) => NO_BASELINE.exec(reason)?.[1]).find((reason) => reason !== undefined);
  return { kind: outcome === "inconclusive" ? "first-run" : "missing", reason: said ?? "the run had none" };
}

interface Known {
  readonly n?: number | undefined;
  readonly stderr?: number | undefined;
  readonly unit?: string | undefined;
}

const keepKnown = ({ n, stderr, unit }: Known) => ({
  ...(n !== undefined && { n }),
  ...(stderr !== undefined && { stderr }),
  ...(unit !== undefined && { unit }),
});

const NO_BASELINE = /^there is no baseline: (.*)$/s;

const contradiction = (message: string) =>
  refused({
    code: "verdict-contradicts-itself",
    message: `the verdict contradicts itself: ${message}`,
    fix: "Pass the verdict of the judging run, unchanged",
  } satisfies Problem);
