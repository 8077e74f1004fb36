/** A first policy, made from what a run measured: ready to copy, and read by this release. */
import type { Verdict } from "../../records/verdict.ts";
import { quoteScalar } from "../../text/yaml/quote-scalar.ts";
import { metricName, modelName } from "./policy-2-names.ts";

type Measured = Pick<Verdict["metrics"][number], "name" | "slice" | "candidate"> & {
  readonly better?: "higher" | "lower" | undefined;
};

/** A policy that a person reads to the end. */
export const MAX_SUGGESTED_GATES = 5;

/** Measured on what the model has seen: `train_loss`, `train.accuracy`, `train/f1`. */
const ON_TRAINING_DATA = /(?:^|[\W_])train(?:ing)?(?:[\W_]|$)/i;
/** What depends on the machine and its load differs by more than 1 % from run to run. */
const OF_THE_MACHINE =
  /\b(?:run ?time|latency|duration|elapsed|seconds?|secs?|ms|time|memory|vram|throughput|qps|rps|fps|utilization|energy|power|co2|emissions|tflops|mfu)\b/i;

/** 0 for what a team gates first: quality, on data that the model has not seen. */
export const distanceFromQuality = (name: string): number =>
  Number(ON_TRAINING_DATA.test(name)) + 2 * Number(isOfTheMachine(name));

const isOfTheMachine = (name: string): boolean => OF_THE_MACHINE.test(name.replaceAll(/[\W_]+/g, " "));

/** `roc_auc` and `test.roc_auc` say more of the whole than `test.classification_report.0.recall`. */
const depth = (name: string): number => name.split(/[./]/).length;

/** One rule to begin with: not worse than the base by more than 1 %. */
export interface SuggestedGate {
  readonly metric: string;
  /** `undefined`: the name does not say it. */
  readonly better: "higher" | "lower" | undefined;
  /** In the run that it is made from. */
  readonly measured: number;
}

/** What one result suggests. */
export interface Suggestion {
  /** A model, or a leg of a matrix in brackets behind it, such as `train (small)`. */
  readonly key: string;
  readonly gates: readonly SuggestedGate[];
}

/**
 * One gate for each of up to five metrics over everything whose direction is known. Those nearest the top of the file come first; of
 * the training's own data and of the machine only where nothing else is. Where no direction is known, the first metric alone.
 */
export function suggestGates(metrics: readonly Measured[]): readonly SuggestedGate[] {
  const whole = metrics.flatMap(({ name: metric, slice, candidate, better }) =>
    slice === null && candidate !== null && metricName.safeParse(metric).success
      ? [{ metric, better, measured: candidate }]
      : [],
  );
  // Keras: beside `val_loss`, `loss` is that of the training.
  const names = new Set(whole.map(({ metric }) => metric));
  const distanceOf = (metric: string): number =>
    Math.max(distanceFromQuality(metric), Number(names.has(`val_${metric}`)));
  const directed = whole.filter(({ better }) => better !== undefined);
  const least = Math.min(...directed.map(({ metric }) => distanceOf(metric)));
  const known = directed
    .filter(({ metric }) => distanceOf(metric) === least)
    .sort((a, b) => depth(a.metric) - depth(b.metric))
    .slice(0, MAX_SUGGESTED_GATES);
  return known.length > 0 ? known : whole.slice(0, 1);
}

interface SuggestedPolicy {
  /** Of `.github/mlops.yml`. */
  readonly text: string;
  /** The models that it names: each step must then say which one it is. None: one list is for all results. */
  readonly models: readonly string[];
}

/**
 * One policy for all results of a workflow: one list of gates where they measure the same, such as the legs of a matrix; else a list
 * for each.
 *
 * @returns `undefined` when nothing was measured over everything
 */
export function suggestPolicy(results: readonly Suggestion[]): SuggestedPolicy | undefined {
  const some = results.filter(({ gates }) => gates.length > 0);
  const [first] = some;
  if (first === undefined) return undefined;
  if (some.every((other) => isAlike(first, other)))
    return { text: formatLines(["version: 2", ...gateLines(some, "")]), models: [] };
  const models = [...Map.groupBy(some, ({ key }) => modelOf(key))].flatMap(([model, legs]) =>
    legs.every((leg) => isAlike(leg, legs[0] ?? leg))
      ? [{ model, legs }]
      : legs.map((leg) => ({ model: leg.key, legs: [leg] })),
  );
  const named = models.filter(({ model }) => modelName.safeParse(model).success);
  const lines = named.flatMap(({ model, legs }) => [
    `  ${quoteScalar(model)}:`,
    MODEL_FILES,
    ...gateLines(legs, "    "),
  ]);
  return { text: formatLines(["version: 2", "models:", ...lines]), models: named.map(({ model }) => model) };
}

/** A gate does not look at them. */
const MODEL_FILES = "    files: [model/**] # where its files are: needed to register it";

const formatLines = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** Without the leg of a matrix. */
const modelOf = (key: string): string => key.replace(/ \(.*\)$/s, "");

const isAlike = (some: Suggestion, other: Suggestion): boolean => signature(some) === signature(other);
const signature = ({ gates }: Suggestion): string =>
  JSON.stringify(gates.map(({ metric, better }) => [metric, better]));

/** @param results that suggest the same; at least one */
function gateLines(results: readonly Suggestion[], indent: string): readonly string[] {
  const gates = results[0]?.gates ?? [];
  const lines = gates.flatMap(({ metric, better }, at) => {
    const measured = results.flatMap((result) => result.gates[at]?.measured ?? []);
    const [low, high] = [Math.min(...measured), Math.max(...measured)];
    return [
      `  - metric: ${quoteScalar(metric)} # ${low === high ? low : `${low} to ${high}`} in this run`,
      better === undefined ? "    better: higher # or lower" : `    better: ${better}`,
      // A share of nothing is nothing.
      `    max-regression: ${measured.includes(0) ? 0.01 : "1%"}`,
    ];
  });
  return ["gates:", ...lines].map((line) => `${indent}${line}`);
}
