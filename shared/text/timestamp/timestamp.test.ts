/** Dates and timestamps against JavaScript's own calendar. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDate, isTimestamp, timestampKey } from "./timestamp.ts";

describe("timestamps", () => {
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
        const [x, y] = [timestampKey(a.text), timestampKey(b.text)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(a.instant - b.instant));
      }),
      { numRuns: 2_000, seed: 11 },
    );
  });

  test("are the same with and without zeros at the end of the fraction", () => {
    const keys = ["2024-01-01T00:00:00Z", "2024-01-01 00:00:00.000Z", "2024-01-01T05:30:00.0+05:30"].map(timestampKey);
    expect(new Set(keys).size).toBe(1);
    expect(timestampKey("0001-01-01T00:00:00+14:00") < timestampKey("0001-01-01T00:00:00Z")).toBe(true);
  });
});
