/** Both sides of a metric on the same cases, whatever kind of metric it is. */
import { compareClustered } from "../cluster/clustered.ts";
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, isInconclusive } from "../inconclusive.ts";
import { estimateConstant } from "../mean/identical.ts";
import type { CasePair } from "./align-predictions.ts";
import type { CaseResult } from "./case-result.ts";

export interface SideBySide {
  readonly candidate: number;
  readonly baseline: number;
  readonly result: Estimate | Inconclusive;
}

export interface UsablePair<Value> {
  readonly pair: CasePair;
  readonly candidate: Value;
  readonly baseline: Value;
}

export interface UsablePairs<Value> {
  readonly usable: readonly UsablePair<Value>[];
  /** Cases for which only the baseline has what it takes. */
  readonly lost: number;
}

/** @param read what a metric needs of one side; `undefined`: it is not there */
export function selectUsable<Value>(
  pairs: readonly CasePair[],
  read: (results: readonly CaseResult[], pair: CasePair) => Value | undefined,
): UsablePairs<Value> {
  let lost = 0;
  const usable = pairs.flatMap((pair): readonly UsablePair<Value>[] => {
    const [candidate, baseline] = [read(pair.candidate, pair), read(pair.baseline, pair)];
    if (candidate !== undefined && baseline !== undefined) return [{ pair, candidate, baseline }];
    if (baseline !== undefined) lost += 1;
    return [];
  });
  return { usable, lost };
}

/** The one try of a case that has been tried once, without an error. */
export function onlyResult(results: readonly CaseResult[]): CaseResult | undefined {
  const [result, ...others] = results;
  return others.length === 0 && result?.error === undefined ? result : undefined;
}

/** Whether cases count alike and are independent; otherwise their influences decide. */
export const isPlain = (usable: readonly UsablePair<unknown>[]): boolean =>
  usable.every(({ pair }) => pair.weight === undefined && pair.cluster === undefined);

export const weightsOf = (usable: readonly UsablePair<unknown>[]): Float64Array =>
  Float64Array.from(usable, ({ pair }) => pair.weight ?? 1);

/** What has no cluster stands alone, also when its id is the name of a cluster. */
const clusterOf = ({ pair: { id, cluster } }: UsablePair<unknown>): string =>
  cluster === undefined ? `id ${id}` : `cluster ${cluster}`;

/** Cases, or clusters where cases belong together. */
export const countIndependent = (usable: readonly UsablePair<unknown>[]): number => new Set(usable.map(clusterOf)).size;

/**
 * @param influences of the cases on `difference`, weights included
 * @param range how much the metric may change when all cases do
 */
export function compareInfluences(
  difference: number,
  influences: Float64Array,
  usable: readonly UsablePair<unknown>[],
  range: number,
): Estimate | Inconclusive {
  if (influences.every((influence) => influence === 0)) {
    return estimateConstant(countIndependent(usable), difference, range);
  }
  const result = compareClustered(difference, influences, usable.map(clusterOf));
  if (isInconclusive(result) || usable.some(({ pair }) => pair.cluster !== undefined)) return result;
  return { ...result, method: "paired t-test of influences" };
}
