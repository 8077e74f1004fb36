/** As `csv-scan.test.ts`, with other files each time; a failure prints its seed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scannerAgreesWithReference } from "./testing.ts";

test("the scanner finds what the reference finds, on 100,000 files", () => {
  // The setup of deep runs multiplies the number by ten or more.
  expect(() => fc.assert(scannerAgreesWithReference, { numRuns: 10_000 })).not.toThrow();
});
