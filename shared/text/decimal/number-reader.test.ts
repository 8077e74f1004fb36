import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isNumber } from "./decimal.ts";
import { numberReader } from "./number-reader.ts";

const german = numberReader({ decimal: ",", thousands: ".", leadingDot: false });
const english = numberReader({ decimal: ".", thousands: ",", leadingDot: true });

test.each([
  ["1.234.567,50", "1234567.50"],
  ["1234567,50", "1234567.50"],
  ["-0,5", "-0.5"],
  ["1,5e-7", "1.5e-7"],
  ["1.234", "1234"],
  ["1.2345", undefined],
  ["12.34,5", undefined],
  ["0.123", undefined],
  ["1,234.5", undefined],
  ["1..234", undefined],
  [",5", undefined],
  ["1,", undefined],
  ["1,5e400", undefined],
])("German: %s is %s", (text, plain) => {
  expect(german(text)).toBe(plain);
});

test.each([
  ["1,234.50", "1234.50"],
  [".5", "0.5"],
  ["-.25", "-0.25"],
  [".5e3", "0.5e3"],
  [".", undefined],
  ["-", undefined],
  ["", undefined],
  [".e3", undefined],
  ["5.", undefined],
  ["1,234,56", undefined],
])("English, without its zero: %s is %s", (text, plain) => {
  expect(english(text)).toBe(plain);
});

test("a number written with any marks is read digit by digit, and is the same number as without", () => {
  const mark = fc.constantFrom(".", ",");
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.nat(999_999),
      mark,
      fc.boolean(),
      (whole, fraction, decimal, grouped) => {
        const thousands = decimal === "." ? "," : " ";
        const digits = String(whole);
        const written = grouped ? digits.replace(/\B(?=(?:\d{3})+$)/g, thousands) : digits;
        const read = numberReader({ decimal, thousands, leadingDot: false })(`${written}${decimal}${fraction}`);
        expect(read).toBe(`${digits}.${fraction}`);
        expect(isNumber(read ?? "")).toBe(true);
      },
    ),
    { numRuns: 1000, seed: 23 },
  );
});

test("the strict form reads what it always read", () => {
  const strict = numberReader({ decimal: ".", thousands: null, leadingDot: false });
  expect(["1.50", "-0", "1e3", ".5", "1,000", "1e400"].map(strict)).toEqual([
    "1.50",
    "-0",
    "1e3",
    undefined,
    undefined,
    undefined,
  ]);
});
