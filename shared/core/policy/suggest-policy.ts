/** A first policy, made from what a run measured: ready to copy, and read by this release. */
import type { Verdict } from "../../records/verdict.ts";
import { quoteScalar } from "../../text/yaml/quote-scalar.ts";
import { metricName } from "./policy-2-names.ts";

type Measured = Pick<Verdict["metrics"][number], "name" | "slice" | "candidate"> & {
  readonly better?: "higher" | "lower" | undefined;
};

/** A policy that a person reads to the end. */
const MAX_GATES = 5;

/** Measured on what the model has seen: `train_loss`, `train.accuracy`, `train/f1`. */
const ON_TRAINING_DATA = /(?:^|[\W_])train(?:ing)?(?:[\W_]|$)/i;
/** What depends on the machine and its load differs by more than 1 % from run to run. */
const OF_THE_MACHINE =
  /\b(?:run ?time|latency|duration|elapsed|seconds?|secs?|ms|time|memory|vram|throughput|qps|rps|fps|utilization|energy|power|co2|emissions|tflops|mfu)\b/i;

/** 0 for what a team gates first: quality, on data that the model has not seen. */
const doubt = (name: string): number => Number(ON_TRAINING_DATA.test(name)) + 2 * Number(isOfTheMachine(name));

const isOfTheMachine = (name: string): boolean => OF_THE_MACHINE.test(name.replaceAll(/[\W_]+/g, " "));

/** `roc_auc` and `test.roc_auc` say more of the whole than `test.classification_report.0.recall`. */
const depth = (name: string): number => name.split(/[./]/).length;

/**
 * One gate for each of up to five metrics over everything whose direction is known: not worse than the base by more than 1 %.
 * Those nearest the top of the file come first; of the training's own data and of the machine only where nothing else is.
 * Where no direction is known, the first metric with the question in a comment.
 *
 * @returns text of `.github/mlops.yml`; `undefined` when nothing was measured over everything
 */
export function suggestPolicy(metrics: readonly Measured[]): string | undefined {
  const whole = metrics.filter(
    ({ name, slice, candidate }) => slice === null && candidate !== null && metricName.safeParse(name).success,
  );
  const directed = whole.filter(({ better }) => better !== undefined);
  const least = Math.min(...directed.map(({ name }) => doubt(name)));
  const known = directed
    .filter(({ name }) => doubt(name) === least)
    .sort((a, b) => depth(a.name) - depth(b.name))
    .slice(0, MAX_GATES);
  const chosen = known.length > 0 ? known : whole.slice(0, 1);
  if (chosen.length === 0) return undefined;
  return ["version: 2", "gates:", ...chosen.flatMap(gateLines), ""].join("\n");
}

function gateLines({ name, candidate, better }: Measured): readonly string[] {
  return [
    `  - metric: ${quoteScalar(name)} # ${candidate} in this run`,
    better === undefined ? "    better: higher # or lower" : `    better: ${better}`,
    // A share of nothing is nothing.
    `    max-regression: ${candidate === 0 ? 0.01 : "1%"}`,
  ];
}
