/** Results that the real tools wrote, and what is none. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../../problem/problem.ts";
import { describeResults, readResults, recordResults } from "./read-results.ts";

const CANARY = "canary-51f0";
const FOLDER = new URL("../../../../test/cases/results/", import.meta.url);
const load = (name: string): string => readFileSync(new URL(`${name}.json`, FOLDER), "utf8");
const show = (name: string) =>
  recordResults(`${name}.json`, readResults(load(name), `${name}.json`)).map(
    ({ column, message, count, severity = "fail" }) => `${severity} ${column ?? "-"}: ${message} (${count})`,
  );

const MESSAGE = [
  "fail none: column_in_dataframe does not hold (1)",
  "fail id: field_uniqueness does not hold (1)",
  "fail age: in_range(0, 120) does not hold (1)",
  "fail mail: str_matches('.+@.+') does not hold (1)",
  "fail -: rows does not hold (1)",
];
const EXPECTATIONS = [
  "fail nope: expect_column_values_to_be_between was not run (1)",
  "fail age: expect_column_values_to_be_between does not hold (1)",
  "warn id: expect_column_values_to_be_unique does not hold (2)",
  "fail -: expect_table_row_count_to_be_between does not hold (1)",
  "fail age, id: expect_column_pair_values_a_to_be_greater_than_b does not hold (2)",
  "fail mail: expect_column_values_to_match_regex does not hold (1)",
];

describe("what a tool found is a finding, with no value of the data", () => {
  test.each<[string, readonly string[]]>([
    ["great-expectations-validation", EXPECTATIONS],
    // It says neither why nothing was judged nor how severe it is.
    [
      "great-expectations-describe",
      EXPECTATIONS.map((line) => line.replace("was not run", "does not hold").replace("warn", "fail")),
    ],
    ["pandera-message", MESSAGE],
    [
      "pandera-failure-cases",
      [
        "fail -: column_in_dataframe does not hold (1)",
        "fail -: rows does not hold (1)",
        "fail id: field_uniqueness does not hold (2)",
        "fail age: in_range(0, 120) does not hold (1)",
        "fail mail: str_matches('.+@.+') does not hold (1)",
      ],
    ],
    [
      "dbt-run-results",
      [
        "fail -: accepted_values_visits_kind__a__b__c does not hold (1)",
        "warn -: not_null_visits_age does not hold (1)",
        "fail -: not_null_visits_nope was not run (1)",
        "fail -: unique_visits_id does not hold (1)",
      ],
    ],
  ])("%s", (name, lines) => {
    expect([...show(name)].sort()).toEqual([...lines].sort());
    expect(JSON.stringify(show(name))).not.toContain(CANARY);
  });
  test("every file is read", () => {
    const names = readdirSync(FOLDER).flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? []);
    expect(names.map((name) => readResults(load(name), name).tool).sort()).toEqual([
      ...["dbt", "great-expectations", "great-expectations", "pandera", "pandera"],
    ]);
  });
  test("each file says whose it is, and how many checks there were", () => {
    const describeOf = (name: string) => describeResults("r.json", readResults(load(name), "r.json"));
    expect(describeOf("great-expectations-validation")).toBe("r.json: 7 checks of Great Expectations, 6 do not hold");
    expect(describeOf("dbt-run-results")).toBe("r.json: 5 checks of dbt, 4 do not hold");
  });
  test("a checkpoint's own file has the validation below the run", () => {
    const validation: unknown = JSON.parse(load("great-expectations-validation"));
    const file = { success: false, run_results: { "a::b": { validation_result: validation, actions_results: {} } } };
    expect(recordResults("c.json", readResults(JSON.stringify(file), "c.json"))).toHaveLength(6);
  });
});

describe("what has not passed is never green", () => {
  const outcomes = (value: unknown) =>
    readResults(JSON.stringify(value), "r.json").checks.map(({ name, outcome }) => `${name} ${outcome}`);
  const dbt = (status: unknown, unique_id = "test.p.t.0123456789") => ({
    metadata: { dbt_schema_version: "https://schemas.getdbt.com/dbt/run-results/v6.json" },
    results: [{ status, unique_id, failures: null }],
  });
  test.each<[string, unknown, readonly string[]]>([
    [
      "a validation that failed without saying by what",
      { success: false, results: [{ success: true, expectation_config: { type: "e" } }] },
      ["e pass", "validation fail"],
    ],
    [
      "an expectation whose success is no word of ours",
      { success: true, results: [{ success: "true", expectation_config: { type: "e" } }] },
      ["e fail"],
    ],
    [
      "an unknown severity",
      { success: false, results: [{ success: false, expectation_config: { type: "e", severity: "minor" } }] },
      ["e fail"],
    ],
    ["a test of dbt that was skipped", dbt("skipped"), ["t not-run"]],
    ["a status of dbt that is unknown", dbt("great"), ["t not-run"]],
    ["a model of dbt that could not be built", dbt("error", "model.p.m"), ["model m not-run"]],
    ["errors of pandera without a name", { DATA: { X: [{}] } }, ["check fail"]],
  ])("%s", (_, file, expected) => {
    expect(outcomes(file)).toEqual(expected);
  });
  test("a run of pandera that found nothing has passed", () => {
    expect(outcomes({ SCHEMA: {}, DATA: {} })).toEqual(["validation pass"]);
  });
  test.each<[string, string, string]>([
    ["nothing was checked", '{"success": true, "results": []}', "results-empty"],
    ["no test was run", JSON.stringify({ ...dbt("success", "model.p.m") }), "results-empty"],
    ["an empty object", "{}", "results-unknown"],
    ["an empty list", "[]", "results-unknown"],
    ["metrics", '{"accuracy": 0.9}', "results-unknown"],
    ["no JSON", "success", "results-not-json"],
  ])("%s", (_, text, code) => {
    expect(() => readResults(text, "r.json")).toThrow(ActionError);
    try {
      readResults(text, "r.json");
    } catch (error) {
      expect((error as ActionError).problems.map((problem) => problem.code)).toEqual([code]);
    }
  });
  test("any file gives checks or a problem with its place", () => {
    const file = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(fc.constantFrom("results", "validation_results", "run_results", "DATA", "metadata"), fc.jsonValue())
        .map(([key, value]) => ({ success: true, [key]: value })),
    );
    fc.assert(
      fc.property(file, (value) => {
        expect(nameOrPlace(JSON.stringify(value))).toMatch(/./);
      }),
    );
  });
});

function nameOrPlace(text: string): string {
  try {
    return readResults(text, "r.json")
      .checks.map(({ name }) => name)
      .join(" ");
  } catch (error) {
    if (error instanceof ActionError) return error.problems[0]?.place?.file ?? "";
    throw error;
  }
}
