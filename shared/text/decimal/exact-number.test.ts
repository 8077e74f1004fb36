import { expect, test } from "vitest";
import { exactNumber } from "./exact-number.ts";

test.for([
  ["0", 0],
  ["-0.0", -0],
  ["0e5", 0],
  ["12", 12],
  ["9007199254740992", 9_007_199_254_740_992],
  ["9007199254740993", undefined],
  ["+9007199254740993", undefined],
  ["37422211447691050", 37_422_211_447_691_048],
  ["12345678901234567890", undefined],
  ["0.1234567890123456789", 0.12345678901234568],
  ["1e400", Number.POSITIVE_INFINITY],
  ["1e-400", undefined],
  ["-0.00e-400", -0],
] as const)("%s is %s", ([written, value]) => {
  expect(exactNumber(written)).toBe(value);
});
