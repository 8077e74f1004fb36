import { expect, test } from "vitest";
import { OPERATIONS } from "../../openapi/operations.ts";
import { routes } from "./index.ts";

test("every operation of the description has exactly one route", () => {
  expect(routes.map(({ operation }) => operation).sort()).toEqual([...OPERATIONS].sort());
});
