import { expect, test } from "vitest";
import { operationById, operations } from "./description.ts";
import { DEVIATIONS } from "./deviations.ts";
import { bodyViolations } from "./validators.ts";

test.each(DEVIATIONS)("$side of $operation at $at has an operation and a reason", ({ operation, reason }) => {
  expect(operations.has(operation)).toBe(true);
  expect(reason.length).toBeGreaterThan(20);
});

test("a deviation allows only its one value", () => {
  const create = operationById("issues/create");
  expect(bodyViolations(create, { title: "x", body: null })).toEqual([]);
  expect(bodyViolations(create, { title: "x", body: false })).toHaveLength(1);
  expect(bodyViolations(create, { title: null, body: null }).map(({ instancePath }) => instancePath)).toContain(
    "/title",
  );
});
