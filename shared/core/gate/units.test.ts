import fc from "fast-check";
import { expect, test } from "vitest";
import { convertUnit } from "./units.ts";

test.each([
  [250, "ms", "s", 0.25],
  [2.3, "s", "ms", 2300],
  [1100, "ms", "s", 1.1],
  [90, "s", "min", 1.5],
  [2, "h", "min", 120],
  [1, "GiB", "B", 1_073_741_824],
  [2, "KiB", "B", 2048],
  [1, "kWh", "J", 3_600_000],
  [5, "µs", "ns", 5000],
  [7, "seconds", "s", 7],
  [3, "USD", "$", 3],
  [1, "USD", "EUR", undefined],
  [1, "ms", "MB", undefined],
  [1, "furlong", "s", undefined],
  [0, "ms", "s", 0],
  [-250, "ms", "s", -0.25],
])("%d %s in %s is %s", (value, from, to, expected) => {
  expect(convertUnit(value, from, to)).toBe(expected);
});

test("there and back is the same, wherever a unit is a power of ten of the other", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-100, max: 1e100 });
  const unit = fc.constantFrom("ns", "us", "ms", "s");
  fc.assert(
    fc.property(value, unit, unit, (amount, from, to) => {
      const there = convertUnit(amount, from, to) ?? Number.NaN;
      const back = convertUnit(there, to, from) ?? Number.NaN;
      expect(Math.abs(back - amount)).toBeLessThanOrEqual(Math.abs(amount) * 2 ** -51);
    }),
    { seed: 3, numRuns: 2_000 },
  );
});

test.each([
  [
    "ns",
    [
      ["us", 1e3],
      ["ms", 1e6],
      ["s", 1e9],
      ["min", 6e10],
      ["h", 3.6e12],
    ],
  ],
  [
    "B",
    [
      ["kB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
      ["kiB", 1024],
      ["MiB", 1024 ** 2],
      ["GiB", 1024 ** 3],
    ],
  ],
  [
    "J",
    [
      ["Wh", 3600],
      ["kWh", 3.6e6],
    ],
  ],
  ["g", [["kg", 1000]]],
] as const)("of %s there are so many in each larger unit", (smallest, larger) => {
  for (const [unit, count] of larger) expect(convertUnit(1, unit, smallest)).toBe(count);
});
