/** A first policy, made from what a run measured: ready to copy, and read by this release. */

import type { Verdict } from "../../records/verdict.ts";
import { metricName } from "./policy-2-names.ts";

type Measured = Pick<Verdict["metrics"][number], "name" | "slice" | "candidate"> & {
  readonly better?: "higher" | "lower" | undefined;
};

/** A policy that a person reads to the end. */
const MAX_GATES = 5;

/**
 * One gate for each of the first metrics over everything whose direction is known: not worse than the base by more than 1 %.
 * Where no direction is known, the first metric with the question in a comment.
 *
 * @returns text of `.github/mlops.yml`; `undefined` when nothing was measured over everything
 */
export function suggestPolicy(metrics: readonly Measured[]): string | undefined {
  const whole = metrics.filter(
    ({ name, slice, candidate }) => slice === null && candidate !== null && metricName.safeParse(name).success,
  );
  const known = whole.filter(({ better }) => better !== undefined).slice(0, MAX_GATES);
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

/** Plain where YAML takes it for a text as it stands, else in JSON's quotes, which YAML reads too. */
const quoteScalar = (text: string): string =>
  /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
