import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare, exact, print, share, size, subtract } from "./exact.ts";

describe("exact decimals", () => {
  test.each([
    [0.1, "0.1"],
    [-0.05, "-0.05"],
    [0, "0"],
    [-0, "0"],
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    [100, "100"],
    [1.25, "1.25"],
    [-3, "-3"],
    [5e-324, "≈ 5e-324"],
    [1.7976931348623157e308, "≈ 1.79769e+308"],
  ])("%s is shown as %s", (value, shown) => {
    expect(print(exact(value))).toBe(shown);
  });

  test("what floats get wrong comes out right", () => {
    expect(print(subtract(exact(0.73), exact(0.72)))).toBe("0.01");
    expect(print(subtract(exact(1), exact(0.9)))).toBe("0.1");
    expect(print(share(exact(2), exact(0.5)))).toBe("0.01");
    expect(print(share(exact(0.29), size(exact(-100))))).toBe("0.29");
  });

  test("numbers keep their order, and what is shown reads back as what was compared", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(compare(exact(a), exact(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        const shown = print(exact(a));
        expect(shown.startsWith("≈") || Number(shown) === a).toBe(true);
      }),
      { seed: 21, numRuns: 5_000 },
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%s is no decimal", (value) => {
    expect(() => exact(value)).toThrow(RangeError);
  });
});
