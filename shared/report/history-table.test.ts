import fc from "fast-check";
import { expect, test } from "vitest";
import { historyTable, sparkline } from "./history-table.ts";

test.for([
  [[1, 2, 3, 4, 5, 6, 7, 8], "▁▂▃▄▅▆▇█"],
  [[2, 2, 2], "▅▅▅"],
  [[-1e308, 0, 1e308], "▁▅█"],
  [[0.5, 0.1, 0.9], "▅▁█"],
] as const)("the values %j are %s", ([values, shown]) => {
  expect(sparkline(values)).toBe(shown);
});

test("every finite series has a bar for each value", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 30 }), (values) => {
      expect(sparkline(values)).toMatch(new RegExp(`^[▁▂▃▄▅▆▇█]{${values.length}}$`));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("metrics with fewer than three values are not shown, and names cannot act", () => {
  const values = (...numbers: readonly number[]) => numbers.map((value) => ({ commit: "a".repeat(40), value }));
  expect(historyTable({ history: [{ name: "mae", slice: null, values: values(1, 2) }] })).toBeUndefined();
  const table = historyTable({ history: [{ name: "<b>@mae|", slice: "poor", values: values(1, 3, 2) }] });
  expect(JSON.stringify(table)).toContain("▁█▅");
  expect(JSON.stringify(table)).not.toMatch(/"<b>@mae\|/);
});
