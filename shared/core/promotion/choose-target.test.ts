import { describe, expect, test } from "vitest";
import { chooseVersion, findEnvironment, type PromotionRequest } from "./choose-target.ts";
import { createLedger, problemCodes } from "./testing.ts";

const { ledger } = createLedger(
  ["v1.0.0", "staging"],
  ["v1.1.0", "staging"],
  ["v1.2.0", "staging"],
  ["v9.0.0", "vault"],
);
const choose = (change: Partial<PromotionRequest>): string =>
  chooseVersion({ kind: "roll-back", environment: "staging", version: "", reason: "worse", ...change }, ledger);

describe("a roll back", () => {
  test("goes to the version that was deployed just before, unless an earlier one is named", () => {
    expect(choose({})).toBe("v1.1.0");
    expect(choose({ version: "v1.1.0" })).toBe("v1.1.0");
    expect(choose({ version: "v1.0.0" })).toBe("v1.0.0");
  });

  test.each<[string, Partial<PromotionRequest>, string]>([
    ["the current version", { version: "v1.2.0" }, "nothing-to-roll-back-to"],
    ["a version that was never deployed", { version: "v1.3.0" }, "nothing-to-roll-back-to"],
    ["a version of another environment", { version: "v9.0.0" }, "nothing-to-roll-back-to"],
    ["what was before the first version", { environment: "vault" }, "nothing-to-roll-back-to"],
    ["any version, without a reason", { reason: " " }, "reason-missing"],
  ])("to %s is refused", (_, change, code) => {
    expect(problemCodes(() => choose(change))).toEqual([code]);
  });
});

test("a promotion names its version", () => {
  expect(choose({ kind: "promote", version: "v7.0.0", reason: "" })).toBe("v7.0.0");
  expect(problemCodes(() => choose({ kind: "promote" }))).toEqual(["version-missing"]);
});

test("the closest environment is suggested", () => {
  const environments = [{ name: "staging" }, { name: "production" }];
  expect(() => findEnvironment("prodution", environments)).toThrow("Write production");
  expect(() => findEnvironment("staging", [])).toThrow('Add "environments:"');
});
