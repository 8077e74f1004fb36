/** What files and sets must be to each other: references, and what occurs once in all files together. */
import { startLocalGitHub } from "@mlops-actions/localhub";
import { describe, expect, test } from "vitest";
import type { DataReport } from "../../shared/records/data-report.ts";
import { readYaml } from "../../shared/text/yaml/read-yaml.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const VISITS =
  "version: 1\ncolumns: [{ name: id, type: integer }, { name: person, type: integer, nullable: true }, { name: clinic, type: string }]\n";
const PEOPLE = "version: 1\ncolumns: [{ name: no, type: integer }, { name: clinic, type: string }]\n";
const FILES = {
  "contracts/visits.yml": VISITS,
  "contracts/people.yml": PEOPLE,
  "data/visits-1.csv": "id,person,clinic\n1,7,a\n2,8,a\n",
  "data/visits-2.csv": "person,clinic,id\n7,b,3\n,a,4\n",
  "data/people.csv": "clinic,no\na,7\na,8\nb,7\n",
};
const policy = (rules: string): string => `version: 2
data:
  sets:
    visits: { contract: contracts/visits.yml, files: [data/visits-*.csv] }
    people: { contract: contracts/people.yml, files: [data/people.csv] }
${rules}
`;

async function checkData(text: string, changed: Readonly<Record<string, string>> = {}) {
  await using hub = await startLocalGitHub({ limits: "off", people: { alice: "write" } });
  const files = { ".github/mlops.yml": text, ...FILES, ...changed };
  await hub.push({ files });
  const played = await playAction(spec, run, connect, { hub, files });
  const record = played.read("data-report.json");
  const report = record === "" ? undefined : (readYaml(record, "data-report.json").value as DataReport);
  return { ...played, report };
}

const PERSON = "{ from: { set: visits, keys: [person] }, to: { set: people, keys: [no] } }";

describe("references", () => {
  test("what is there passes; a null refers to nothing", async () => {
    const { exitCode, report } = await checkData(policy(`  references: [${PERSON}]`));
    expect(exitCode).toBe(0);
    expect(report?.references).toMatchObject([{ missing: 0, allowed: 0, outcome: "pass" }]);
  });

  test.each<[string, string, number, number]>([
    ["one that is missing", PERSON, 1, 1],
    ["as many as are allowed", PERSON.replace(/\}$/, ", max: 1 }"), 1, 0],
    ["only shown", PERSON.replace(/\}$/, ", severity: warn }"), 1, 0],
    [
      "by several columns together",
      "{ from: { set: visits, keys: [person, clinic] }, to: { set: people, keys: [no, clinic] } }",
      2,
      1,
    ],
  ])("%s", async (_, rule, missing, code) => {
    const { exitCode, report, summary, log } = await checkData(policy(`  references: [${rule}]`), {
      "data/people.csv": "clinic,no\na,7\nc,8\n".replace("c,8", code === 1 && missing === 2 ? "c,8" : "b,9"),
    });
    expect(report?.references?.[0]).toMatchObject({ missing });
    expect(exitCode).toBe(code);
    if (code === 1) {
      expect(log).toContain(`${missing} different values of person`);
      expect(summary).toContain(missing === 1 ? "1 value of `person`" : "2 values of `person`, `clinic`");
      // The values themselves are in none of them.
      expect(`${log}${summary}`).not.toMatch(/\b8\b.*people/);
    }
  });

  test("a file without the column has not passed", async () => {
    const optional = PEOPLE.replace("name: no, type: integer", "name: no, type: integer, required: false");
    const { exitCode, log } = await checkData(policy(`  references: [${PERSON}]`), {
      "contracts/people.yml": optional,
      "data/people.csv": "clinic\na\n",
    });
    expect(exitCode).toBe(1);
    expect(log).toMatch(/\[data-reference\]/);
  });
});

describe("unique in all files together", () => {
  test.each<[string, string, string, number, number]>([
    ["nothing repeats", "{ set: visits, keys: [id] }", "id,person,clinic\n5,7,a\n", 0, 0],
    ["what another file has", "{ set: visits, keys: [id] }", "id,person,clinic\n1,7,a\n9,9,a\n", 1, 1],
    ["within a file as well", "{ set: visits, keys: [person, clinic] }", "id,person,clinic\n5,9,a\n6,9,a\n", 1, 1],
    ["only shown", "{ set: visits, keys: [id], severity: warn }", "id,person,clinic\n1,7,a\n", 1, 0],
  ])("%s", async (_, rule, file, repeated, code) => {
    const { exitCode, report, errorCodes } = await checkData(policy(`  unique: [${rule}]`), {
      "data/visits-2.csv": file,
    });
    expect(report?.uniqueAcross).toMatchObject([{ repeated, outcome: repeated === 0 ? "pass" : "fail" }]);
    expect(exitCode).toBe(code);
    expect(errorCodes).toEqual(code === 0 ? [] : ["data-unique", "data-contract-broken"]);
  });

  test("of the only set, without a name", async () => {
    const one =
      "version: 2\ndata: { contract: contracts/visits.yml, files: [data/visits-*.csv], unique: [{ keys: [id] }] }\n";
    expect((await checkData(one)).exitCode).toBe(0);
    const repeats = await checkData(one, { "data/visits-2.csv": "id,person,clinic\n1,7,a\n" });
    expect(repeats.log).toContain("1 row repeats values of id that all files should have once");
  });
});

test.each([
  ["  references: [{ from: { set: visits, keys: [persn] }, to: { set: people, keys: [no] } }]", "reference-column"],
  ["  references: [{ from: { set: visits, keys: [person] }, to: { set: peple, keys: [no] } }]", "policy-unknown-set"],
  [
    "  references: [{ from: { set: visits, keys: [person, id] }, to: { set: people, keys: [no] } }]",
    "policy-keys-differ",
  ],
  ["  unique: [{ keys: [id] }]", "policy-missing-key"],
  ["  unique: [{ set: visits, keys: [no] }]", "unique-column"],
])("%s is refused as %s", async (rules, code) => {
  const { exitCode, errorCodes, report } = await checkData(policy(rules));
  expect([exitCode, errorCodes, report]).toEqual([1, [code], undefined]);
});
