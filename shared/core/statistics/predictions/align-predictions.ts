/** Two files of predictions as pairs of the same case. */
import { quoteText } from "../../../text/document/document.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";
import type { CaseResult } from "./case-result.ts";

/** Label, weight, group and cluster are those of the baseline, which the change under judgement cannot choose. */
export interface CasePair {
  readonly id: string;
  readonly label?: string | undefined;
  readonly weight?: number | undefined;
  readonly group?: string | undefined;
  readonly cluster?: string | undefined;
  /** One for each try. */
  readonly candidate: readonly CaseResult[];
  readonly baseline: readonly CaseResult[];
}

export type CaseName = Pick<CasePair, "id" | "group">;

export interface AlignedPredictions {
  readonly pairs: readonly CasePair[];
  /** Cases that only the baseline has: their results are missing. */
  readonly missing: readonly CaseName[];
  /** Cases that only the candidate has: nothing to compare them with. */
  readonly added: readonly CaseName[];
}

export function alignPredictions(
  candidate: readonly CaseResult[],
  baseline: readonly CaseResult[],
): AlignedPredictions | Inconclusive {
  const [now, before] = [groupById(candidate), groupById(baseline)];
  const pairs: CasePair[] = [];
  const missing: CaseName[] = [];
  for (const [id, results] of before) {
    const own = now.get(id);
    if (own === undefined) {
      missing.push({ id, group: results[0]?.group });
      continue;
    }
    const all = [...results, ...own];
    const label = all.find((result) => result.label !== undefined)?.label;
    if (all.some((result) => result.label !== undefined && result.label !== label)) {
      return inconclusive("not-comparable", `the case ${quoteText(id)} has several labels`);
    }
    const { weight, group, cluster } = results[0] ?? {};
    if (weight !== undefined && !(weight >= 0)) {
      return inconclusive("out-of-range", `the weight of the case ${quoteText(id)} is below 0`);
    }
    pairs.push({ id, label, weight, group, cluster, candidate: own, baseline: results });
  }
  const added = [...now]
    .filter(([id]) => !before.has(id))
    .map(([id, results]): CaseName => ({ id, group: results[0]?.group }));
  return pairs.length > 0
    ? { pairs, missing, added }
    : inconclusive("not-comparable", "the two files have no id in common");
}

/** The cases of one slice: what is missing elsewhere does not count. */
export function selectGroup({ pairs, missing, added }: AlignedPredictions, group: string): AlignedPredictions {
  const isIn = (name: CaseName): boolean => name.group === group;
  return { pairs: pairs.filter(isIn), missing: missing.filter(isIn), added: added.filter(isIn) };
}

function groupById(results: readonly CaseResult[]): ReadonlyMap<string, CaseResult[]> {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const group = groups.get(result.id);
    if (group === undefined) groups.set(result.id, [result]);
    else group.push(result);
  }
  return groups;
}
