/** Which of the comparisons of one metric decides: the best kind that the policy allows and that suffices. */
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, inconclusive, isInconclusive } from "../inconclusive.ts";

/** Best first: the same cases twice, then how the metric varied from run to run, then the two results alone. */
export const EVIDENCE_KINDS = ["predictions", "history", "summaries"] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

export interface Comparison {
  readonly kind: EvidenceKind;
  readonly result: Estimate | Inconclusive;
  /** Cases without a result, as their run broke. They are no regression, and they never pass. */
  readonly missing?: number;
}

export interface ChosenEvidence {
  readonly kind: EvidenceKind;
  readonly estimate: Estimate;
  readonly missing: number;
  /** Why better kinds do not decide: one sentence each. */
  readonly passedOver: readonly string[];
}

/** @returns why none suffices, in the words of the best kind that is there */
export function chooseEvidence(
  comparisons: readonly Comparison[],
  allowed: readonly EvidenceKind[],
): ChosenEvidence | Inconclusive {
  const usable = EVIDENCE_KINDS.filter((kind) => allowed.includes(kind)).flatMap((kind) =>
    comparisons.filter((comparison) => comparison.kind === kind),
  );
  // Missing results count whichever kind decides: another kind must not make up for a run that broke.
  const missing = Math.max(0, ...comparisons.map((comparison) => comparison.missing ?? 0));
  const passedOver: string[] = [];
  let first: Inconclusive | undefined;
  for (const { kind, result } of usable) {
    if (!isInconclusive(result)) return { kind, estimate: result, missing, passedOver };
    first ??= inconclusive(result.inconclusive, `${kind}: ${result.detail}`);
    passedOver.push(`${kind}: ${result.detail}`);
  }
  if (missing > 0) return inconclusive("missing-results", [describeMissing(missing), ...passedOver].join("; "));
  return (
    first ?? inconclusive("not-supported", `there is no evidence of the kinds that may decide: ${allowed.join(", ")}`)
  );
}

/** One sentence without a full stop. */
export const describeMissing = (cases: number): string =>
  `${cases} ${cases === 1 ? "case has" : "cases have"} no result: left out, or the run broke`;
