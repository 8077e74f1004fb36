/** Per-example results that the policy wants as evidence. */
import type { ModelPolicy } from "./policy.ts";

export interface WantedPredictions {
  /** Paths or globs. */
  readonly files: readonly string[];
  /** By what they have. */
  readonly columns: Omit<NonNullable<NonNullable<ModelPolicy["statistics"]>["predictions"]>, "files" | "positive">;
}

/** Where the policy says that per-example results are, and which column has what; `undefined`: it names none. */
export function findPredictions(statistics: ModelPolicy["statistics"]): WantedPredictions | undefined {
  if (statistics?.predictions === undefined) return undefined;
  const { files, positive: _, ...columns } = statistics.predictions;
  return { files, columns };
}
