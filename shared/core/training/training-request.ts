/** What makes two orders of one workflow run the same request: a re-run of a job takes what an earlier attempt has started. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { RunState } from "./run-state.ts";

export interface TrainingOrder {
  /** The run that orders, whose attempts share the request, and its job. */
  readonly run: number;
  readonly job: string;
  readonly workflow: number;
  readonly ref: string;
  readonly commit: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The same for every attempt of the same job with the same inputs: 16 hex digits. */
export const requestKeyOf = (order: TrainingOrder, digestOf: DigestFunction): string =>
  digestOf(canonicalJson({ ...order })).slice("sha256:".length, "sha256:".length + 16);

/** The key; what it is made from, if trainings are skipped by that; and chance, which only the run of one attempt has. */
export const requestIdOf = (key: string, random: string, content?: string): string =>
  content === undefined ? `${key}-${random}` : `${key}-${content}-${random}`;

export interface EarlierRun {
  readonly id: number;
  readonly state: RunState;
  readonly attempt: number;
}

/** Those that spare a new training, the best first: one that has not ended, else those that succeeded, the newest first. */
export function reusableRuns(runs: readonly EarlierRun[]): readonly EarlierRun[] {
  const newest = runs.toSorted((one, other) => other.id - one.id);
  const open = newest.filter(({ state }) => state.kind !== "ended");
  return open.length > 0
    ? open.slice(0, 1)
    : newest.filter(({ state }) => state.kind === "ended" && state.outcome === "success");
}
