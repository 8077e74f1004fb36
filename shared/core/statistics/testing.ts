/** For tests of statistics: results that must not be inconclusive, and seeds. */
import { createHash } from "node:crypto";
import { isInconclusive } from "./inconclusive.ts";
import { Random } from "./random/random.ts";

/** @throws Error with the reason when the result is inconclusive */
export function sure<Result extends object>(result: Result): Exclude<Result, { inconclusive: unknown }> {
  if (isInconclusive(result)) throw new Error(`${result.inconclusive}: ${result.detail}`);
  return result as Exclude<Result, { inconclusive: unknown }>;
}

export const digestOf = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

export const randomOf = (content: string): Random => new Random(digestOf(content));

/** Two by Box and Muller, of which one is used. */
export const drawNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(random.nextShare())) * Math.cos(2 * Math.PI * random.nextShare());
