/** What the post step must know of the run that was started. */
import type { SavedState } from "../../shared/action/run-action.ts";

export interface SavedDispatchedRun {
  readonly workflow: number;
  readonly ref: string;
  readonly request: string;
  /** Null between the order and GitHub's answer. */
  readonly run: number | null;
}

/** @param child `undefined` when it has ended */
export const saveDispatchedRun = (state: SavedState, child: SavedDispatchedRun | undefined): void =>
  state.save("child", child === undefined ? "" : JSON.stringify(child));

/** Only `saveChild` writes it. */
export function restoreDispatchedRun(state: SavedState): SavedDispatchedRun | undefined {
  const saved = state.read("child");
  return saved === "" ? undefined : (JSON.parse(saved) as SavedDispatchedRun);
}
