import { expect, test } from "vitest";
import { SeenValues } from "./seen-values.ts";

test("repeated values are found as a map finds them, also while the table grows", () => {
  const seen = new Map<string, number>();
  const values = new SeenValues(undefined, 2);
  let repeated = 0;
  for (let line = 1; line <= 50_000; line += 1) {
    // A linear congruential generator: repeats come in no order.
    const value = `v${(line * 48_271) % 40_009}`;
    const earlier = seen.get(value) ?? 0;
    if (values.add(value, line) !== earlier)
      throw new Error(`line ${line}: ${values.add(value, line)}, not ${earlier}`);
    if (earlier === 0) seen.set(value, line);
    else repeated += 1;
  }
  expect(repeated).toBe(50_000 - seen.size);
});

test("when it is full it says so, and still knows the values it has", () => {
  const values = new SeenValues(3);
  expect(["a", "b", "c", "d", "a", "d"].map((value, at) => values.add(value, at + 1))).toEqual([0, 0, 0, -1, 1, -1]);
});
