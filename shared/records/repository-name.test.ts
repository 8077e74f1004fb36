import { expect, test } from "vitest";
import { isSameRepository } from "./repository-name.ts";

test.for([
  ["octo/model", "octo/model", true],
  ["octo/model", "Octo/MODEL", true],
  ["octo/model", "octo/models", false],
  ["octo/model", "eve/model", false],
  ["octo/model", "", false],
] as const)("%s and %s: %s", ([a, b, same]) => {
  expect([isSameRepository(a, b), isSameRepository(b, a)]).toEqual([same, same]);
});
