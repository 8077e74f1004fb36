import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findRepeats } from "../../core/data/unique/find-repeats.ts";
import { ValueLog } from "../../core/data/unique/value-log.ts";
import { createSpillFile } from "./spill-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "values-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Values that repeat often, of all lengths that are stored in different ways. */
const value = fc.oneof(
  fc.nat({ max: 300 }).map(String),
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.constantFrom(253, 254, 255, 256, 300, 3000).map((length) => "x".repeat(length)),
);

test("values that repeat are found as a map finds them, in memory and on disk, in one log and in several", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 2_000 }), fc.integer({ min: 1, max: 3 }), (values, logCount) => {
      const seen = new Set<string>();
      const repeats = values.flatMap((each, at) => {
        const isRepeat = seen.has(each);
        seen.add(each);
        return isRepeat ? [2 ** 33 + at] : [];
      });
      for (const maxBytes of [0, 100_000, 1e9]) {
        const spill = createSpillFile(folder);
        try {
          const logs = Array.from({ length: logCount }, () => new ValueLog(spill, maxBytes));
          for (const [at, each] of values.entries()) logs[at % logCount]?.addText(each, 2 ** 33 + at);
          const finished = logs.map(({ partitions }) => ({ partitions, spill }));
          const expected = { values: values.length, count: repeats.length, first: repeats.slice(0, 5) };
          expect(findRepeats(finished, 5)).toEqual(expected);
        } finally {
          spill.close();
        }
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});

test("what is written to disk is bounded in memory, and nothing is left behind", async () => {
  const spill = createSpillFile(folder);
  const log = new ValueLog(spill, 1_000_000);
  for (let at = 0; at < 400_000; at += 1) log.addText(`value-${at % 399_999}`, at);
  const blocks = log.partitions.flatMap(({ blocks }) => blocks);
  const inMemory = blocks.reduce((sum, block) => sum + block.buffer.byteLength, 0);
  expect(inMemory).toBeLessThan(1_100_000);
  expect(findRepeats([{ partitions: log.partitions, spill }], 5)).toEqual({
    values: 400_000,
    count: 1,
    first: [399_999],
  });
  spill.close();
  expect(await readdir(folder)).toEqual([]);
});

test("a folder that is not there is an error when there is something to write, and not before", () => {
  const spill = createSpillFile(join(folder, "missing"));
  spill.close();
  expect(() => spill.append(new Uint8Array(1))).toThrow("ENOENT");
});
