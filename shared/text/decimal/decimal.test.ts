import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absolute,
  canonicalDecimal,
  compare,
  compareTexts,
  decimalOf,
  decimalPlaces,
  formatDecimal,
  isInteger,
  isNumber,
  percentOf,
  subtract,
} from "./decimal.ts";

describe("decimals of floats", () => {
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
    expect(formatDecimal(decimalOf(value))).toBe(shown);
  });

  test("what floats get wrong is exact here", () => {
    expect(formatDecimal(subtract(decimalOf(0.73), decimalOf(0.72)))).toBe("0.01");
    expect(formatDecimal(subtract(decimalOf(1), decimalOf(0.9)))).toBe("0.1");
    expect(formatDecimal(percentOf(decimalOf(2), decimalOf(0.5)))).toBe("0.01");
    expect(formatDecimal(percentOf(decimalOf(0.29), absolute(decimalOf(-100))))).toBe("0.29");
  });

  test("numbers keep their order, and the text that is shown reads back as the same number", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(compare(decimalOf(a), decimalOf(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        const shown = formatDecimal(decimalOf(a));
        expect(shown.startsWith("≈") || Number(shown) === a).toBe(true);
      }),
      { seed: 21, numRuns: 5_000 },
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%s is not a decimal", (value) => {
    expect(() => decimalOf(value)).toThrow(RangeError);
  });
});

describe("decimals in text, against BigInt", () => {
  const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength });
  const decimals = fc
    .tuple(fc.constantFrom("", "-"), digits(25), fc.option(digits(25)), fc.option(fc.integer({ min: -30, max: 30 })))
    .map(([minus, whole, fraction, power]) => {
      const plain = whole.replace(/^0+(?=\d)/, "");
      return `${minus}${plain}${fraction === null ? "" : `.${fraction}`}${power === null ? "" : `e${power}`}`;
    });
  const near = fc.tuple(decimals, fc.constantFrom("0", "00", "1", "e0")).map(([text, more]) => {
    const longer = text.includes(".") || more === "e0" ? text + more : `${text}.${more}`;
    return [text, text.includes("e") ? text : longer] as const;
  });
  const pairs = fc.oneof(fc.tuple(decimals, decimals), near);

  /** The number times 10^60, which makes any of them whole. */
  const scaled = (text: string): bigint => {
    const [mantissa = "", power = "0"] = text.split("e");
    const [whole = "", fraction = ""] = mantissa.split(".");
    return (
      BigInt(whole.replace("-", "") + fraction) *
      10n ** BigInt(60 - fraction.length + Number(power)) *
      (text.startsWith("-") ? -1n : 1n)
    );
  };

  test("compare as BigInts do", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [x, y] = [scaled(a), scaled(b)];
        expect(Math.sign(compareTexts(a, b)) + 0).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(canonicalDecimal(a) === canonicalDecimal(b)).toBe(x === y);
        const decimals = decimalPlaces(a);
        expect(x % 10n ** BigInt(60 - decimals)).toBe(0n);
        if (decimals > 0) expect(x % 10n ** BigInt(61 - decimals)).not.toBe(0n);
      }),
      { numRuns: 2_000, seed: 11 },
    );
  });

  test("are what JSON accepts as finite numbers with an exponent of four digits at most, and integers what BigInt prints", () => {
    const texts = fc.oneof(decimals, fc.string({ unit: fc.constantFrom(..."0123456789+-.eE _x"), maxLength: 8 }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(isNumber(text)).toBe(readsAsFinite(text) && !/e[+-]?\d{5}/i.test(text));
        const whole = /^-?\d+$/.test(text) && BigInt(text).toString() === text;
        expect(isInteger(text)).toBe(whole);
      }),
      { numRuns: 2_000, seed: 11 },
    );
  });

  function readsAsFinite(text: string): boolean {
    try {
      // JSON allows whitespace around a value; a cell may have none.
      return text === text.trim() && Number.isFinite(JSON.parse(text) as number);
    } catch {
      return false;
    }
  }
});
