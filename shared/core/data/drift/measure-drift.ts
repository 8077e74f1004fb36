/** How far a column's distribution has moved, by one test. */
import { binBoth } from "../../statistics/drift/bin-both.ts";
import { compareCounts } from "../../statistics/drift/chi-square.ts";
import { type CountsOfBoth, sum } from "../../statistics/drift/counts.ts";
import { jensenShannonDistance } from "../../statistics/drift/jensen-shannon.ts";
import { compareSamples } from "../../statistics/drift/kolmogorov-smirnov.ts";
import { stabilityIndex } from "../../statistics/drift/stability-index.ts";
import { type Inconclusive, inconclusive, isInconclusive } from "../../statistics/inconclusive.ts";
import type { ColumnType } from "../contract.ts";
import { type ColumnSample, isNumeric } from "./column-sample.ts";

export type DriftTest = "psi" | "ks" | "chi-square" | "jensen-shannon";

export interface Drift {
  /** From 0 for none. Of `chi-square` it is Cramér's V, since the statistic itself grows with the number of rows. */
  readonly value: number;
  /** The chance of such a value when nothing changed, where the test has one. */
  readonly p?: number;
}

interface Samples {
  readonly candidate: ColumnSample;
  readonly base: ColumnSample;
}

export function measureDrift(test: DriftTest, type: ColumnType, samples: Samples): Drift | Inconclusive {
  if (test === "ks") return measureSamples(samples);
  const counts = isNumeric(type) ? binBoth(samples.candidate.numbers, samples.base.numbers) : countBoth(samples);
  if (isInconclusive(counts)) return counts;
  if (test === "chi-square") return measureAssociation(counts);
  const value = test === "psi" ? stabilityIndex(counts) : jensenShannonDistance(counts);
  return typeof value === "number" ? { value } : value;
}

function measureSamples({ candidate, base }: Samples): Drift | Inconclusive {
  const compared = compareSamples(candidate.numbers, base.numbers);
  return isInconclusive(compared) ? compared : { value: compared.distance, p: compared.p };
}

function measureAssociation(counts: CountsOfBoth): Drift | Inconclusive {
  const compared = compareCounts(counts);
  if (isInconclusive(compared)) return compared;
  const total = sum(counts.candidate) + sum(counts.baseline);
  return { value: Math.sqrt(compared.statistic / total), p: compared.p };
}

function countBoth({ candidate, base }: Samples): CountsOfBoth | Inconclusive {
  const [mine, theirs] = [candidate.counts, base.counts];
  if (mine === undefined || theirs === undefined) {
    return inconclusive("not-comparable", "it has too many different values to be categories");
  }
  const values = [...new Set([...theirs.keys(), ...mine.keys()])];
  const of = (counts: ReadonlyMap<string, number>) => values.map((value) => counts.get(value) ?? 0);
  return { candidate: of(mine), baseline: of(theirs) };
}
