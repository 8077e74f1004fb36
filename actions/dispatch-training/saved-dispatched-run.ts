/** What the post step must know about the run that was started. */
import type { SavedState } from "../../shared/action/run-action.ts";

export interface SavedDispatchedRun {
  readonly workflow: number;
  readonly ref: string;
  readonly request: string;
  /** Null between the dispatch request and GitHub's response. */
  readonly run: number | null;
}

export const DISPATCHED_RUN = "dispatched-run";

/** @param run `undefined` when it has ended */
export const saveDispatchedRun = (state: SavedState, run: SavedDispatchedRun | undefined): void =>
  state.save(DISPATCHED_RUN, run === undefined ? "" : JSON.stringify(run));

/** Only `saveDispatchedRun` writes it. */
export function restoreDispatchedRun(state: SavedState): SavedDispatchedRun | undefined {
  const saved = state.read(DISPATCHED_RUN);
  return saved === "" ? undefined : (JSON.parse(saved) as SavedDispatchedRun);
}
