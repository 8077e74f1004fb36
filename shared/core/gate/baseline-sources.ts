/** Where a baseline may come from, as the policy says: the first that is found. */
import { parseDuration } from "../policy/duration.ts";
import type { BaselineSource } from "../policy/policy-2-gates.ts";
import type { Baseline, Provenance } from "./baseline.ts";

/**
 * @param event the one that started the run. In a merge queue the entries ahead are not on the branch yet, and have no record:
 *   what the branch itself has is what the group is compared with
 */
export const sourcesFor = (sources: readonly BaselineSource[], event: string): readonly BaselineSource[] =>
  event === "merge_group" ? [...sources, { from: "nearest-ancestor", within: MAX_QUEUE }] : sources;

const MAX_QUEUE = 100;

/** Of `nearest-ancestor` without a number: so many commits back. */
export const DEFAULT_WITHIN = 20;

/** What a diff is shown against, and the record of the base commit alone. */
export interface DiffBaseline {
  /** The base commit's. */
  readonly judged: Baseline;
  /** For the reader; the same, or one that is further away. */
  readonly shown: Baseline;
}

/**
 * Of what a diff has found, the baseline that the policy allows its rules.
 *
 * @param findOther for sources that a diff does not look at
 */
export async function chooseAllowed(
  { judged, shown }: DiffBaseline,
  sources: readonly BaselineSource[],
  now: Date,
  findOther: (source: BaselineSource) => Promise<Baseline>,
): Promise<Baseline> {
  const absent = [];
  for (const source of sources) {
    const { from, within = DEFAULT_WITHIN } = source;
    const isNear =
      shown.kind === "found" && shown.provenance.distance !== undefined && shown.provenance.distance <= within;
    const found =
      from === "first-parent"
        ? judged
        : from === "nearest-ancestor"
          ? isNear
            ? shown
            : judged
          : await findOther(source);
    if (found.kind !== "found") {
      absent.push(found);
      continue;
    }
    const old = findAgeProblem(found.provenance, source["max-age"], now);
    if (old === undefined) return found;
    absent.push({ kind: "missing", reason: old } as const);
  }
  return joinAbsent(absent);
}

/** @returns why it is too old; `undefined`: it is not. What does not say how old it is, is too old. */
export function findAgeProblem(
  { measuredAt, source }: Provenance,
  maxAge: string | undefined,
  now: Date,
): string | undefined {
  if (maxAge === undefined) return undefined;
  const measured = measuredAt === undefined ? Number.NaN : Date.parse(measuredAt);
  const age = now.getTime() - measured;
  if (Number.isNaN(age)) return `how old ${source} is, is not known; at most ${maxAge} is allowed`;
  if (age <= parseDuration(maxAge)) return undefined;
  return `${source} is ${Math.floor(age / DAY)} days old; at most ${maxAge} is allowed`;
}

const DAY = 86_400_000;

/** What none of the sources had: only if none ever could have had one, it is a first run. */
export function joinAbsent(
  absent: readonly Exclude<Baseline, { kind: "found" }>[],
): Exclude<Baseline, { kind: "found" }> {
  const reason = [...new Set(absent.map((each) => each.reason))].join("; ");
  const isFirst = absent.length > 0 && absent.every(({ kind }) => kind === "first-run");
  return { kind: isFirst ? "first-run" : "missing", reason };
}
