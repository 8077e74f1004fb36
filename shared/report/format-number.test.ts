import fc from "fast-check";
import { expect, test } from "vitest";
import { formatComparable } from "./format-number.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test.each([
  [
    [2.8734512, 2.8812],
    ["2.87345", "2.8812"],
  ],
  [
    [0.90001, 0.90002],
    ["0.90001", "0.90002"],
  ],
  [
    [1e-7, 2e-7],
    ["1e-7", "2e-7"],
  ],
  [
    [0.1 + 0.2, 0.3],
    ["0.30000000000000004", "0.3"],
  ],
  [
    [20190, null],
    ["20190", undefined],
  ],
  [
    [0, -0],
    ["0", "0"],
  ],
])("%j are shown as %j", (numbers, shown) => {
  expect(formatComparable(numbers)).toEqual(shown);
});

test("formatted numbers compare like the numbers themselves", () => {
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const [left, right] = formatComparable([a, b]).map(Number);
      expect(Math.sign((left ?? Number.NaN) - (right ?? Number.NaN)) + 0).toBe((a > b ? 1 : a < b ? -1 : 0) + 0);
    }),
  );
});
