/** Per-example results that lie beside a record in its artifact. */
import { type PredictedCases, toPredictedCases } from "../../core/gate/predicted-cases.ts";
import type { WantedPredictions } from "../../core/policy/wanted-predictions.ts";
import { ActionError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import { digestOf } from "../files/digest.ts";

/**
 * Those that the record names by digest: under which path the artifact has them is of no importance.
 *
 * @param files of the artifact
 * @returns text: why there are none that could be used
 */
export function readKeptCases(
  files: ReadonlyMap<string, Uint8Array>,
  written: readonly FileRecord[] | undefined,
  columns: WantedPredictions["columns"],
): PredictedCases | string {
  if (written === undefined || written.length === 0) return "the baseline's record names none";
  const byDigest = new Map([...files.values()].map((bytes) => [digestOf(bytes), bytes]));
  const texts = [];
  for (const { path, digest } of written) {
    const bytes = byDigest.get(digest);
    if (bytes === undefined) return `the baseline's artifact does not have ${path} as its record names it`;
    texts.push({ path, text: new TextDecoder().decode(bytes) });
  }
  try {
    return toPredictedCases(texts, columns, written, digestOf);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const [problem] = error.problems;
    return `those of the baseline cannot be read: ${problem?.message} [${problem?.code}]`;
  }
}
