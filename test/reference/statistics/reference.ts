/** Reads values that another program computed, and says how far ours may be from them. */
import { readFileSync } from "node:fs";

/** @param name of the JSON file beside this one; the script of the same name wrote it */
export const readReference = <Content>(name: string): Content =>
  JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));

/** Relative to the larger of the two, so that small probabilities count as much as large ones. */
export function relativeError(actual: number, expected: number): number {
  return actual === expected ? 0 : Math.abs(actual - expected) / Math.max(Math.abs(actual), Math.abs(expected));
}
