/** Files of 16 MiB that were made to be slow, or to end the process: each is decided, and what is refused says why. */
import { expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { collectMetrics, readMetrics } from "./read-metrics.ts";

const SIZE = 16 * 1024 * 1024 - 100;
/** Parts from 0 on, as long as they fit. */
const fill = (part: (at: number) => string, between: string, size = SIZE): string => {
  const one = part(1_000_000).length + between.length;
  return Array.from({ length: Math.floor(size / one) }, (_, at) => part(at)).join(between);
};
/** Just fewer than are refused unread. */
const FEW = 149_000;
const few = (part: (at: number) => string, between: string): string =>
  Array.from({ length: FEW }, (_, at) => part(at)).join(between);

test.each<[string, string, () => string, string]>([
  ["deep lists", "m.json", () => "[".repeat(SIZE / 2) + "]".repeat(SIZE / 2), "too-many"],
  ["deep lists, fewer", "m.json", () => "[".repeat(FEW) + "]".repeat(FEW), "too-deep"],
  ["one long text", "m.json", () => `{"mae": 1, "x": "${"x".repeat(SIZE)}"}`, "read"],
  ["one long number", "m.json", () => `{"mae": ${"1".repeat(SIZE)}}`, "not-json"],
  ["one long fraction", "m.json", () => `{"mae": 0.${"1".repeat(SIZE)}}`, "not-json"],
  ["one name again and again", "m.json", () => `{${fill(() => '"mae":1', ",")}}`, "too-many"],
  ["many numbers", "m.json", () => `{${few((at) => `"m${at}":1`, ",")}}`, "too-many"],
  ["many wrong numbers", "m.json", () => `{${few((at) => `"m${at}":NaN`, ",")}}`, "not-finite"],
  ["many slices", "m.json", () => `{"slices":{${fill((at) => `"s${at}":{"mae":1}`, ",")}}}`, "too-many"],
  ["what is left after the end", "m.json", () => `{"a": 1}${" ".repeat(SIZE)}x`, "not-json"],
  ["zero bytes", "m.json", () => "\0".repeat(SIZE), "not-json"],
  ["one line of commas", "m.csv", () => ",".repeat(SIZE), "too-many"],
  ["quotes that do not end", "m.csv", () => '"'.repeat(SIZE), "not-csv"],
  ["many rows", "m.csv", () => `metric,value\n${few((at) => `m${at},1`, "\n")}`, "too-many"],
  ["lists that do not end", "m.yaml", () => `a: ${"[".repeat(100_000)}`, "not-yaml"],
  ["a dash in a dash", "m.yaml", () => "- ".repeat(500_000), "not-yaml"],
  ["a table in a table", "m.toml", () => `a${".a".repeat(SIZE / 2)} = 1`, "too-many"],
  ["an element in an element", "m.xml", () => "<a>".repeat(SIZE / 3), "too-many"],
  ["an element in an element, fewer", "m.xml", () => "<a>".repeat(FEW), "not-xml"],
  ["one sample with many labels", "m.prom", () => `# TYPE a gauge\na{${few((at) => `l${at}="x"`, ",")}} 1`, "empty"],
  ["many lines", "m.jsonl", () => few((at) => (at % 3 === 0 ? `{"step":${at},"loss":1}` : ""), "\n"), "read"],
  ["one long line", "m.txt", () => "x".repeat(SIZE), "unknown-kind"],
])("%s in %s", (_, path, text, outcome) => {
  try {
    collectMetrics([readMetrics(text(), path, "gate-metrics")]);
    expect("read").toBe(outcome);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    expect(error.problems.map(({ code }) => code)).toEqual([`metrics-${outcome}`]);
  }
});
