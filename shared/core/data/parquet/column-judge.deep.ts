/** As `column-judge.test.ts`, with other columns each time; a failure prints its seed. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { judgeAgreesWithText } from "./testing.ts";

test("stored values are judged as their texts are, in 100,000 columns", () => {
  // The setup of deep runs multiplies the number by ten or more.
  expect(() => fc.assert(judgeAgreesWithText, { numRuns: 10_000 })).not.toThrow();
});
