/** Numbers, moments, bytes and repeated values against oracles that work in another way. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalDecimal, compareDecimals, decimalsOf, isInteger, isNumber } from "./decimal.ts";
import { Distinct } from "./distinct.ts";
import { isDate, isTimestamp, momentKey } from "./moment.ts";
import { Utf8Reader } from "./utf8.ts";

const runs = { numRuns: 2000, seed: 11 };

describe("decimals", () => {
  const digits = (most: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: most });
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

  test("compare as whole numbers of any size do", () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [x, y] = [scaled(a), scaled(b)];
        expect(Math.sign(compareDecimals(a, b)) + 0).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(canonicalDecimal(a) === canonicalDecimal(b)).toBe(x === y);
        const decimals = decimalsOf(a);
        expect(x % 10n ** BigInt(60 - decimals)).toBe(0n);
        if (decimals > 0) expect(x % 10n ** BigInt(61 - decimals)).not.toBe(0n);
      }),
      runs,
    );
  });

  test("are exactly what JSON takes for finite numbers, and integers what BigInt prints", () => {
    const texts = fc.oneof(decimals, fc.string({ unit: fc.constantFrom(..."0123456789+-.eE _x"), maxLength: 8 }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(isNumber(text)).toBe(readsAsFinite(text));
        const whole = /^-?\d+$/.test(text) && BigInt(text).toString() === text;
        expect(isInteger(text)).toBe(whole);
      }),
      runs,
    );
  });

  function readsAsFinite(text: string): boolean {
    try {
      // JSON takes blanks around a value; a cell has none.
      return text === text.trim() && Number.isFinite(JSON.parse(text) as number);
    } catch {
      return false;
    }
  }
});

describe("moments", () => {
  const instants = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2999, 11, 31) });

  test("every day is a date, and the day after the last of a month is not", () => {
    const day = 86_400_000;
    const days: string[] = [];
    for (let at = Date.UTC(1896, 0, 1); at < Date.UTC(2105, 0, 1); at += day)
      days.push(new Date(at).toISOString().slice(0, 10));
    const known = new Set(days);
    const all = Array.from({ length: 209 * 12 * 33 }, (_, at) => {
      const [year, month] = [1896 + Math.floor(at / (12 * 33)), Math.floor(at / 33) % 12];
      return `${year}-${String(month + 1).padStart(2, "0")}-${String(at % 33).padStart(2, "0")}`;
    });
    expect(all.filter((text) => isDate(text) !== known.has(text))).toEqual([]);
  });

  test("order as instants do, whatever their offset", () => {
    const written = fc.tuple(instants, fc.integer({ min: -14 * 60, max: 14 * 60 })).map(([instant, offset]) => {
      const local = new Date(instant + offset * 60_000).toISOString().slice(0, -1);
      const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
        String(part).padStart(2, "0"),
      );
      return { instant, text: `${local}${offset < 0 ? "-" : "+"}${hours}:${minutes}` };
    });
    fc.assert(
      fc.property(written, written, (a, b) => {
        expect(isTimestamp(a.text, "required")).toBe(true);
        const [x, y] = [momentKey(a.text), momentKey(b.text)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(a.instant - b.instant));
      }),
      runs,
    );
  });

  test("are the same with and without zeros at the end of the fraction", () => {
    const keys = ["2024-01-01T00:00:00Z", "2024-01-01 00:00:00.000Z", "2024-01-01T05:30:00.0+05:30"].map(momentKey);
    expect(new Set(keys).size).toBe(1);
    expect(momentKey("0001-01-01T00:00:00+14:00") < momentKey("0001-01-01T00:00:00Z")).toBe(true);
  });
});

test("UTF-8 is read the same in any pieces, and what is not UTF-8 is never taken for text", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 5 }), (bytes, piece) => {
      const [whole, cut] = [bytes.length + 1, piece].map((size) => {
        const reader = new Utf8Reader();
        let text = "";
        for (let at = 0; at < bytes.length; at += size) text += reader.push(bytes.subarray(at, at + size));
        return text + reader.end();
      });
      expect(cut).toBe(whole);
      const valid = decodes(bytes);
      expect(whole?.isWellFormed()).toBe(valid !== undefined);
      if (valid !== undefined) expect(whole).toBe(valid);
    }),
    runs,
  );
});

function decodes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

test("repeated values are found as a map finds them, also while the table grows", () => {
  const seen = new Map<string, number>();
  const distinct = new Distinct(undefined, 2);
  let repeated = 0;
  for (let line = 1; line <= 50_000; line += 1) {
    // A linear congruential generator: repeats come in no order.
    const value = `v${(line * 48_271) % 40_009}`;
    const earlier = seen.get(value) ?? 0;
    if (distinct.see(value, line) !== earlier)
      throw new Error(`line ${line}: ${distinct.see(value, line)}, not ${earlier}`);
    if (earlier === 0) seen.set(value, line);
    else repeated += 1;
  }
  expect(repeated).toBe(50_000 - seen.size);
});

test("when there is no room for more values it says so, and still knows those it has", () => {
  const distinct = new Distinct(3);
  expect(["a", "b", "c", "d", "a", "d"].map((value, at) => distinct.see(value, at + 1))).toEqual([0, 0, 0, -1, 1, -1]);
});
