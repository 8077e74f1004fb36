import fc from "fast-check";
import { expect, test } from "vitest";
import { formatChange } from "./format-change.ts";
import { formatPair } from "./format-number.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test.each([
  [2.634567890123457, 2.734567890123457, "2.635", "2.735"],
  [0.8512396694214877, 0.8612396694214877, "0.8512", "0.8612"],
  [0.8512396694214877, 0.8512396694214879, "0.85124", "0.85124"],
  [2, 9.123456, "2", "9.12"],
  [0.90001, 0.90002, "0.90001", "0.90002"],
  [1e-7, 2e-7, "1e-7", "2e-7"],
  [0.1 + 0.2, 0.3, "0.3", "0.3"],
  [20190, null, "20190", undefined],
  [1_234_567, 1_244_567, "1.2346e6", "1.2446e6"],
  [999_999, 411_522.6, "1e6", "412000"],
  [7.24e14, null, "7.24e14", undefined],
  [1.7e308, -1.7e308, "1.7e308", "-1.7e308"],
  [5e-324, 1, "5e-324", "1"],
  [0, -0, "0", "0"],
])("%d and %d are shown as %s and %s", (before, now, ...shown) => {
  expect(formatPair(before, now)).toEqual(shown);
});

test("what is shown never contradicts the numbers, and has at most five digits", () => {
  fc.assert(
    fc.property(finite, finite, (a, b) => {
      const shown = formatPair(a, b);
      const [left, right] = shown.map(Number);
      const order = Math.sign((left ?? Number.NaN) - (right ?? Number.NaN)) + 0;
      expect([0, (a > b ? 1 : a < b ? -1 : 0) + 0]).toContain(order);
      for (const text of shown) {
        const digits = text?.replace(/e.*$/, "").replaceAll(/\D/g, "").replace(/^0+/, "").replace(/0+$/, "") ?? "";
        expect(digits.length).toBeLessThanOrEqual(5);
      }
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test.each([
  ["lower", 2.634567890123457, 2.734567890123457, "▲ 3.8 % (0.1) worse"],
  ["lower", 4.42, 4.71, "▲ 6.6 % (0.29) worse"],
  ["higher", 0.8, 0.85, "▲ 6.3 % (0.05) better"],
  ["higher", 0.2, 0.3, "▲ 50 % (0.1) better"],
  ["higher", 0.8512396694214877, 0.8512396694214879, "▲ &lt; 0.01 % (2e-16) better"],
  [undefined, 1, 2, "▲ 100 % (1) higher"],
  ["neither", 2, 1, "▼ 50 % (1) lower"],
  ["lower", 0, 1, "▲ 1 worse"],
  ["lower", 1.7e308, -1.7e308, "▼ better"],
  ["lower", 3, 3, "same"],
  ["lower", null, 3, ""],
] as const)("better is %s: from %s to %s is %s", (better, before, now, shown) => {
  expect(formatChange(better, before, now).markdown).toBe(shown);
});
