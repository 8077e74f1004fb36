/** Makes every property test check many more values than in `npm test`, and other ones each time: a failure prints its seed. */
import type { Parameters } from "fast-check";
import { vi } from "vitest";

/** `DEEP_FACTOR=100 npm run test:deep` for a night. */
const FACTOR = Number(process.env["DEEP_FACTOR"] ?? 10);
/** What fast-check does when a test does not say. */
const DEFAULT_RUNS = 100;

const withMoreRuns = <T>({ seed: _, numRuns = DEFAULT_RUNS, ...rest }: Parameters<T> = {}): Parameters<T> => ({
  ...rest,
  numRuns: numRuns * FACTOR,
});

vi.mock("fast-check", async (importOriginal) => {
  const original = await importOriginal<typeof import("fast-check")>();
  const deep = {
    ...original,
    assert: ((property, parameters) => original.assert(property, withMoreRuns(parameters))) as typeof original.assert,
    check: ((property, parameters) => original.check(property, withMoreRuns(parameters))) as typeof original.check,
  };
  return { ...deep, default: deep };
});
