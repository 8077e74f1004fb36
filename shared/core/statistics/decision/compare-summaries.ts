/** Two results of a metric by what their records say about noise: repeats, standard errors, or a share and its n. */
import type { Metric } from "../../../records/fields.ts";
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { comparePairedMeans } from "../mean/paired-t.ts";
import { compareMeans, compareSamples } from "../mean/welch.ts";
import { compareShares } from "../proportion/wilson.ts";

export type Summary = Pick<Metric, "value" | "n" | "stderr" | "repeats">;
type Repeat = NonNullable<Metric["repeats"]>[number];

/** @param isShare whether the metric is a share of its n cases, as accuracy is and F1 is not */
export function compareSummaries(candidate: Summary, baseline: Summary, isShare: boolean): Estimate | Inconclusive {
  const bad = findNotFinite([candidate.value, baseline.value], "value");
  if (bad !== undefined) return bad;
  const [a, b] = [candidate.repeats ?? [], baseline.repeats ?? []];
  if (a.length > 1 && b.length > 1) return compareRepeats(a, b);
  if (candidate.stderr !== undefined && baseline.stderr !== undefined) {
    return compareMeans(toMean(candidate, candidate.stderr), toMean(baseline, baseline.stderr));
  }
  if (isShare && candidate.n !== undefined && baseline.n !== undefined) {
    return compareShares({ share: candidate.value, n: candidate.n }, { share: baseline.value, n: baseline.n });
  }
  return inconclusive("not-supported", "neither repeats nor standard errors of both sides are known");
}

const toMean = ({ value, n }: Summary, stderr: number) => ({ mean: value, stderr, ...(n !== undefined && { n }) });

/** Paired where both sides have the same seeds and folds, each once. */
function compareRepeats(candidate: readonly Repeat[], baseline: readonly Repeat[]): Estimate | Inconclusive {
  const before = new Map(baseline.map((repeat) => [nameOf(repeat), repeat.value]));
  const now = new Map(candidate.map((repeat) => [nameOf(repeat), repeat.value]));
  const differences = [...now].flatMap(([name, value]) => {
    const other = before.get(name);
    return other === undefined || name === undefined ? [] : [value - other];
  });
  const isPaired = differences.length === candidate.length && differences.length === baseline.length;
  return isPaired
    ? comparePairedMeans(differences)
    : compareSamples(
        candidate.map(({ value }) => value),
        baseline.map(({ value }) => value),
      );
}

const nameOf = ({ seed, fold }: Repeat): string | undefined =>
  seed === undefined && fold === undefined ? undefined : `${seed ?? ""} ${fold ?? ""}`;
