/** Files as the tools write them: `test/cases/metrics`, where anybody can add one. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { decodeText } from "../../text/decode-text.ts";
import { readMetrics } from "./read-metrics.ts";

interface FileCase {
  readonly file: string;
  /** Where the tool puts it, where that tells its kind. */
  readonly path?: string;
  readonly wrote: string;
  /** By name, and `name [slice]`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** A part of why it is not read: nothing in it says what the result is. */
  readonly refused?: string;
  readonly also?: Readonly<Record<string, object>>;
  readonly skipped?: number;
}

const folder = new URL("../../../test/cases/metrics/", import.meta.url);
const cases: readonly FileCase[] = parse(readFileSync(new URL("files.yml", folder), "utf8"));

describe("a metrics file", () => {
  test.for(cases)("$file, $wrote", ({ file, path = file, metrics, also = {}, skipped, refused }) => {
    const reading = () => readMetrics(decodeText(readFileSync(new URL(file, folder))), path, "a-test");
    if (refused !== undefined) {
      expect(reading).toThrow(refused);
      return;
    }
    const read = reading();
    const named = new Map(
      read.metrics.map((one) => [one.slice === null ? one.name : `${one.name} [${one.slice}]`, one]),
    );
    expect(Object.fromEntries([...named].map(([name, { value }]) => [name, value]))).toEqual(metrics);
    for (const [name, kept] of Object.entries(also)) expect(named.get(name)).toMatchObject(kept);
    if (skipped !== undefined) expect(read.skipped).toHaveLength(skipped);
  });

  test("of this folder is a case", () => {
    const files = readdirSync(folder);
    const others = new Set(["files.yml", "make.py", "make-tables.py", "make-more.py", "make-reports.py"]);
    expect(files.filter((name) => !others.has(name) && !cases.some(({ file }) => file === name))).toEqual([]);
  });
});
