import * as fc from "fast-check";
import { expect, test } from "vitest";
import { judgeAgreesWithText } from "./testing.ts";

test("stored values are judged as their texts are, in the same rows", () => {
  expect(() => fc.assert(judgeAgreesWithText, { seed: 11, numRuns: 2_000 })).not.toThrow();
}, 60_000);
