import fc from "fast-check";
import { expect, test } from "vitest";
import { orderByDependencies } from "./dependency-order.ts";

const job = (id: string, ...needs: string[]) => ({ id, needs });

test("jobs come after those they need, otherwise in file order", () => {
  const order = orderByDependencies([job("c", "B"), job("a"), job("b", "a"), job("d")]);
  expect(order).toMatchObject({ kind: "ordered", jobs: [{ id: "a" }, { id: "d" }, { id: "b" }, { id: "c" }] });
});

test("reports the needs that keep jobs from starting", () => {
  expect(orderByDependencies([job("a", "b"), job("b", "a"), job("c")])).toEqual({
    kind: "unsatisfiable",
    errors: [
      { job: "a", need: "b", reason: "cycle" },
      { job: "b", need: "a", reason: "cycle" },
    ],
  });
  expect(orderByDependencies([job("a", "a")])).toMatchObject({ errors: [{ job: "a", need: "a", reason: "cycle" }] });
  // `b` waits for `a` alone: only the unknown need is an error.
  expect(orderByDependencies([job("a", "z"), job("b", "a")])).toEqual({
    kind: "unsatisfiable",
    errors: [{ job: "a", need: "z", reason: "unknown" }],
  });
});

test("needs that only point back always have an order, which contains every job once", () => {
  const jobs = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 })
    .map((rows) => rows.map((row, n) => job(`j${n}`, ...(n === 0 ? [] : row.map((need) => `j${need % n}`)))));
  fc.assert(
    fc.property(
      jobs.chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
      (shuffled) => {
        const order = orderByDependencies(shuffled);
        const ids = order.kind === "ordered" ? order.jobs.map(({ id }) => id) : [];
        expect(ids.toSorted()).toEqual(shuffled.map(({ id }) => id).toSorted());
        for (const { id, needs } of shuffled) {
          for (const need of needs) expect(ids.indexOf(need)).toBeLessThan(ids.indexOf(id));
        }
      },
    ),
  );
});
