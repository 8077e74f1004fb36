import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scannerAgreesWithReference } from "./testing.ts";

test("the scanner finds what the reference finds, on the same lines", () => {
  expect(() => fc.assert(scannerAgreesWithReference, { seed: 11, numRuns: 2_000 })).not.toThrow();
}, 300_000);
