/** check-data beside the results of other tools. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Connect } from "../../shared/action/run-action.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";

const load = (name: string): string =>
  readFileSync(new URL(`../../test/cases/results/${name}`, import.meta.url), "utf8");
const connectOf =
  (version: 1 | 2): Connect<typeof spec, Ports> =>
  async (given) => ({
    ...(await connect(given)),
    resolveData: async () => ({
      sets: [
        {
          contract: readContract("version: 1\ncolumns: [{ name: id, type: integer }]\n", "contract.yml"),
          ...{ path: "contract.yml", ref: "c".repeat(40), digest: `sha256:${"1".repeat(64)}`, files: ["a.csv"] },
        },
      ],
      ...{ leakage: [], references: [], unique: [], drift: [], base: undefined, notes: [], version },
    }),
  });

async function check(files: Readonly<Record<string, string>>, results: string, version: 1 | 2 = 2) {
  const play = { files: { "a.csv": "id\n1\n", ...files }, inputs: { results } };
  const played = await playAction(spec, run, connectOf(version), play);
  return { ...played, report: played.readRecord(inMemory(dataReport), "data-report.json") };
}

test("what another tool found fails the check, and no value of it is kept", async () => {
  const name = "run_results.json";
  const { exitCode, report, log, summary, outputs } = await check({ [name]: load("dbt-run-results.json") }, name);
  expect([exitCode, report?.outcome, outputs.findings]).toEqual([1, "fail", "4"]);
  expect(report?.findings[0]).toEqual({
    ...{ check: "imported", file: name, column: null, line: null, count: 1, tool: "dbt" },
    message: "accepted_values_visits_kind__a__b__c does not hold",
  });
  expect(report?.notes).toContain("run_results.json: 5 checks of dbt, 4 do not hold");
  expect(log).toContain("unique_visits_id does not hold");
  expect(`${log}${summary}${JSON.stringify(report)}`).not.toContain("canary-51f0");
});

test("what holds is said, and a record of version 1 has it as well", async () => {
  const passes = JSON.stringify({ success: true, results: [{ success: true, expectation_config: { type: "e" } }] });
  expect((await check({ "r.json": passes }, "r.json")).report).toMatchObject({
    outcome: "pass",
    checks: 14,
    findings: [],
  });
  const { exitCode, report } = await check({ "r.json": load("pandera-message.json") }, "r.json", 1);
  expect([exitCode, report?.findings.length]).toEqual([1, 5]);
});

test.each([
  ["a result that is not there", {}, "no-files"],
  ["a file of another kind", { "r.json": "{}" }, "results-unknown"],
  ["a tool that has checked nothing", { "r.json": '{"success": true, "results": []}' }, "results-empty"],
])("%s is no pass", async (_, files, code) => {
  const { exitCode, errorCodes, outputs } = await check(files, "r.json");
  expect([exitCode, errorCodes, outputs.outcome]).toEqual([1, [code], "error"]);
});
