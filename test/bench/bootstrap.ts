/**
 * How long 9,999 paired resamples with BCa intervals take, on one thread: means of case by case differences, and F1 by counts.
 *
 *     node test/bench/bootstrap.ts
 *
 * The goals are a fifth of what SciPy's `bootstrap` takes at 10,000 cases, and two fifths at 1,000, on the same machine:
 * `python test/bench/bootstrap.py` prints these.
 */
import { bootstrapCells } from "../../shared/core/statistics/bootstrap/resample-cells.ts";
import { bootstrapMean } from "../../shared/core/statistics/bootstrap/resample-means.ts";
import { Random } from "../../shared/core/statistics/random/random.ts";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const random = new Random(`sha256:${"01234567".repeat(8)}`);
const time = (run: () => unknown): Promise<number> =>
  measureMedian(5, async () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });

const f1 = (counts: ArrayLike<number>): number => {
  const [, onlyBaseline = 0, onlyCandidate = 0, both = 0, missed = 0, hitBaseline = 0, hitCandidate = 0, hit = 0] =
    Array.from(counts);
  const of = (right: number, wrong: number): number => (2 * right) / (2 * right + wrong);
  return (
    of(hit + hitCandidate, onlyCandidate + both + missed + hitBaseline) -
    of(hit + hitBaseline, onlyBaseline + both + missed + hitCandidate)
  );
};

logMachine();
for (const [n, goal] of [
  [1000, 25],
  [10_000, 200],
] as const) {
  const values = Float64Array.from({ length: n }, () => random.nextShare() - 0.49);
  logTiming(`mean of ${n} differences`, await time(() => bootstrapMean(values, random)), goal);
  const shares = values.map((value) => Math.round(value * 5) / 5);
  logTiming(`mean of ${n} differences of five repeats`, await time(() => bootstrapMean(shares, random)), goal);
  const cells = Float64Array.of(45, 3, 3, 4, 3, 4, 4, 34).map((percent) => (percent * n) / 100);
  logTiming(`F1 of ${n} cases`, await time(() => bootstrapCells(cells, f1, random)), goal);
}
