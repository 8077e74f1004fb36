import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CaseResult } from "./case-result.ts";
import { formatPredictions } from "./format-predictions.ts";
import { readPredictions } from "./read-predictions.ts";

test("only what comparisons need is kept", () => {
  const text = 'id,label,prompt,score\n1,a,"my ""secret"", number",0.1\n2,"b,c",x,\n';
  expect(formatPredictions(readPredictions(text, "p.csv"))).toBe('id,label,score\n1,a,0.1\n2,"b,c",\n');
});

test("what is written is read back as the same", () => {
  // Cells are trimmed, an empty one is none, and 1.0 is 1: so they are read, and so they stay.
  const cell = fc
    .oneof(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.constantFrom('a"b', "a,b", "a\nb", "a;b", "a\tb", "=1+1", "{x"),
    )
    .map((text) =>
      text
        .replaceAll(/[\0\r]/g, "")
        .trim()
        .replace(/^([+-]?\d+)\.0+$/, "$1"),
    )
    .filter((text) => text !== "");
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const result = fc.record(
    {
      ...{ label: cell, prediction: cell, group: cell, cluster: cell, repeat: cell, error: cell },
      ...{ score: number, weight: number },
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.array(result, { minLength: 1, maxLength: 8 }),
      fc.array(cell, { minLength: 8, maxLength: 8 }),
      (all, ids) => {
        const results = all.map((one, at): CaseResult => ({ ...one, id: `${at} ${ids[at]}`, line: 0 }));
        const read = readPredictions(formatPredictions(results), "p.csv").map((one) => ({ ...one, line: 0 }));
        expect(read).toEqual(results);
      },
    ),
  );
});
