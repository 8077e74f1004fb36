/** check-data: what it finds in data files, and pull requests that try to loosen the contract. */
import { gzipSync } from "node:zlib";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connect } from "../../shared/action/run-action.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { findFrozenErrors, inMemory } from "../../shared/records/testing.ts";
import { renderAsGitHub } from "../../shared/report/testing.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { type Play, playAction } from "../../test/fixture/play-action.ts";
import type { Files } from "../../test/fixture/prepare-job.ts";
import { connect } from "./connect.ts";
import { type Ports, run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = "version: 1\ndata: { contract: contracts/visits.yml, files: [data/*.csv] }\n";
const CONTRACT = `version: 1
columns:
  - { name: person, type: integer, unique: true }
  - { name: visits, type: integer, min: 0, max: 100 }
  - { name: plan, type: string, enum: [free, family] }
`;
const CLEAN = "person,visits,plan\n1,0,free\n2,100,family\n";

/** Files of the workspace, and a contract that does not come from GitHub. */
const connectWithContract: Connect<typeof spec, Ports> = async (given) => ({
  ...(await connect(given)),
  resolveContract: async () => ({
    contract: readContract(CONTRACT, "contracts/visits.yml"),
    ...{ path: "contracts/visits.yml", ref: "c".repeat(40), digest: `sha256:${"1".repeat(64)}` },
    ...{ files: ["data/*.csv"], notes: ["The contract was changed."], version: 2 as const },
  }),
});

async function check(files: Files, play: Play<typeof spec> = {}, connection = connectWithContract) {
  const played = await playAction(spec, run, connection, { files, ...play });
  return { ...played, report: played.readRecord(inMemory(dataReport), "data-report.json") };
}

describe("data that the contract", () => {
  test("allows passes, and the record names contract, files and their digest", async () => {
    const { exitCode, outputs, report, summary } = await check({ "data/visits.csv": CLEAN });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      outcome: "pass",
      files: [
        { path: "data/visits.csv", bytes: CLEAN.length, rows: 2, dialect: { delimiter: ",", encoding: "utf-8" } },
      ],
      contracts: [{ path: "contracts/visits.yml", ref: "c".repeat(40) }],
      findings: [],
      notes: ["The contract was changed."],
      origin: { repository: "octo/model", actor: "alice" },
    });
    expect(outputs).toEqual({
      outcome: "pass",
      record: "data-report.json",
      "data-digest": report?.dataDigest,
      findings: "0",
    });
    expect(summary).toContain("2 rows in 1 file");
  });

  test("does not allow fails with the line of each fault, compressed or not", async () => {
    const dirty = "person,visits,plan\n1,-1,free\n2,many,gold\n2,101,free\n";
    const { exitCode, outputs, report, log, errorCodes } = await check({
      "data/visits.csv": CLEAN,
      "data/new.csv": gzipSync(dirty),
    });
    expect([exitCode, outputs.outcome]).toEqual([1, "fail"]);
    expect(report?.findings.map(({ check, column, line }) => `${check} ${column} ${line}`)).toEqual([
      "range visits 2",
      "type visits 3",
      "enum plan 3",
      "unique person 4",
      "range visits 4",
    ]);
    expect(log).toContain("data/new.csv:3");
    expect(errorCodes).toEqual(expect.arrayContaining(["data-type", "data-contract-broken"]));
  });

  test("does not allow is told with the whole file first, and each column before any twice", async () => {
    const dirty = "person,visits,plan\nx,-1,gold\n1,y,free\n1,2,free\n,3\n";
    const { errorCodes } = await check({ "data/visits.csv": dirty });
    expect(errorCodes).toEqual([
      ...["data-row-width", "data-type", "data-range", "data-enum", "data-type", "data-unique"],
      "data-contract-broken",
    ]);
  });

  test.each([
    ["an empty file", "", "data-header"],
    ["a cut archive", gzipSync(CLEAN.repeat(500)).subarray(0, 60), "data-readable"],
    ["UTF-16", Buffer.from(`\uFEFF${CLEAN}`, "utf16le"), "data-encoding"],
    ["an unclosed quote", `${CLEAN}3,"1,free\n`, "data-readable"],
  ])("cannot check is a finding: %s", async (_, content, code) => {
    const { exitCode, report, errorCodes } = await check({ "data/visits.csv": content });
    expect([exitCode, report?.outcome]).toEqual([1, "fail"]);
    expect(errorCodes).toContain(code);
  });
});

describe("data beyond a limit of the contract", () => {
  const sparse = gzipSync(`person,visits,plan\n${"1,1,free\n".repeat(3_000_000)}`);
  const SMALL = `${CONTRACT.replace(", unique: true", "")}limits: { row-length: 100, unpack-ratio: 50 }\n`;
  const connectSmall: typeof connectWithContract = async (given) => {
    const ports = await connectWithContract(given);
    const contract = readContract(SMALL, "contracts/visits.yml");
    return { ...ports, resolveContract: async () => ({ ...(await ports.resolveContract()), contract }) };
  };

  test.each([
    ["a row", `${CLEAN}${"7".repeat(200)},1,free\n`, "limits.row-length"],
    ["an archive", sparse, "limits.unpack-ratio"],
  ])("is an error that names the limit, in the record too: %s", async (_, content, knob) => {
    const files = { "data/visits.csv": content, "data/clean.csv": CLEAN };
    const { exitCode, outputs, report, errorCodes, log, summary } = await check(files, {}, connectSmall);
    expect([exitCode, outputs.outcome, report?.outcome]).toEqual([1, "error", "error"]);
    expect(errorCodes).toEqual(["data-limit", "data-not-judged"]);
    expect([log, summary].every((shown) => shown.includes(knob))).toBe(true);
    expect(report?.problems).toMatchObject([{ code: "data-limit", place: { file: "data/visits.csv" } }]);
  });

  test("is told beside what is wrong", async () => {
    const files = { "data/visits.csv": `${CLEAN}3,101,free\n${"7".repeat(200)},1,free\n` };
    const { outputs, errorCodes } = await check(files, {}, connectSmall);
    expect([outputs.outcome, errorCodes]).toEqual(["fail", ["data-limit", "data-range", "data-contract-broken"]]);
  });
});

test.each<readonly [string, Files, Play<typeof spec>["inputs"], string]>([
  ["no file", {}, {}, "no-files"],
  ["only a folder of another name", { "data/x/y.csv": CLEAN }, {}, "no-files"],
  ["a path out of the workspace", {}, { files: "../visits.csv" }, "input-invalid"],
])("%s is an error, without a record", async (_, files, inputs, code) => {
  const { exitCode, outputs, errorCodes, report } = await check(files, { inputs });
  expect([exitCode, outputs.outcome, report]).toEqual([1, "error", undefined]);
  expect(errorCodes).toEqual([code]);
});

test.each([
  ["a file to check", { "data/visits.csv": CLEAN }, "data/visits.csv", "one of the files to check"],
  [
    "the contract",
    { "data/visits.csv": CLEAN, "contracts/visits.yml": CONTRACT },
    "contracts/visits.yml",
    "the contract",
  ],
])("the record does not take the place of %s", async (_, files, record, what) => {
  const { exitCode, outputs, errorCodes, log, read } = await check(files, { inputs: { record } });
  expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, "error", ["record-overwrites"]]);
  expect(log).toContain(what);
  expect(read(record)).toBe(files[record as keyof typeof files]);
});

test("the record takes the place of an earlier record", async () => {
  const { exitCode, report } = await check({ "data/visits.csv": CLEAN, "data-report.json": "{}" });
  expect([exitCode, report?.outcome]).toEqual([0, "pass"]);
});

test("two files of the same bytes are named, and what is left out is not checked", async () => {
  const files = { "data/a.csv": CLEAN, "data/b.csv": CLEAN, "data/c.csv": "broken" };
  const { exitCode, report } = await check(files, {}, async (given) => {
    const ports = await connectWithContract(given);
    const patterns = ["data/*.csv", "!data/c.csv"];
    return { ...ports, resolveContract: async () => ({ ...(await ports.resolveContract()), files: patterns }) };
  });
  expect([exitCode, report?.files.map(({ path }) => path)]).toEqual([0, ["data/a.csv", "data/b.csv"]]);
  expect(report?.notes).toContain("data/b.csv: it has the same bytes as data/a.csv, as a copy or a hard link has");
});

test("the record says how much each pattern covered", async () => {
  const { report } = await check({ "data/a.csv": CLEAN, "data/b.csv": CLEAN });
  expect(report?.patterns).toEqual([{ use: "data", pattern: "data/*.csv", files: 2, bytes: 2 * CLEAN.length }]);
});

test("the digest depends on the bytes and the names", async () => {
  const digests = await Promise.all(
    [{ "data/a.csv": CLEAN }, { "data/b.csv": CLEAN }, { "data/a.csv": `${CLEAN}3,1,free\n` }].map(
      async (files) => (await check(files)).report?.dataDigest,
    ),
  );
  expect(new Set(digests).size).toBe(3);
  expect((await check({ "data/a.csv": CLEAN })).report?.dataDigest).toBe(digests[0]);
});

test("no cell leaves the action: not by log, annotation, summary, output or record", async () => {
  const canaries = Array.from({ length: 24 }, (_, at) => `canary${at}x`);
  const [a, b, c, ...rest] = canaries;
  const files = {
    "data/cells.csv": `person,visits,plan\n${a},${b},${c}\n"${rest[0]}"${rest[1]},1,free\n7,${rest[2]}\n\n1,1,"${rest[3]}\n`,
    "data/rows.csv": rest.slice(4, 10).join(",\n"),
    "data/header.csv": `"person,visits\n${rest[10]}",visits,plan,"${rest[11]}\n"\n`,
    "data/nul.csv": `${CLEAN}${rest[12]}\0,1,${rest[13]}\n`,
    "data/returns.csv": `person,visits,plan\r${rest[14]},${rest[15]},free`,
    "data/delimiter.csv": `person;visits;plan\n${rest[16]};1;free`,
    "data/latin.csv": Buffer.from(`${CLEAN}3,1,${rest[17]}\xe4\n`, "latin1"),
  };
  const { exitCode, report, log, outputs, summary, read } = await check(files);
  expect(exitCode).toBe(1);
  expect(new Set(report?.findings.map(({ file }) => file)).size).toBe(Object.keys(files).length);
  expect([log, JSON.stringify(outputs), summary, read("data-report.json")].join("\n")).not.toMatch(/canary/);
});

test("hostile names of columns cannot format the summary", async () => {
  const hostile = "</td> | `x` [x](http://evil) @alice <img src=x>";
  const { summary, outputs } = await check({ "data/a.csv": `person,visits,plan,"${hostile}"\n1,1,free,x\n` });
  expect(outputs.outcome).toBe("fail");
  expect(renderAsGitHub(summary, "summary")).not.toMatch(/href=|<img|\/somebody/);
});

describe("with the contract from GitHub", () => {
  const FILES = { ".github/mlops.yml": POLICY, "contracts/visits.yml": CONTRACT, "data/visits.csv": CLEAN };
  const BOTH_INPUTS = { contract: "contracts/visits.yml", files: "data/*.csv" };
  let hub: LocalGitHub;
  let base: string;
  beforeAll(async () => {
    hub = await startLocalGitHub({ limits: "off", people: { alice: "write" } });
    base = await hub.push({ files: FILES, message: "Add data and its contract" });
  });
  afterAll(() => hub.close());

  /** With the files of the base branch, and these. */
  const checkOnGitHub = (files: Files, play: Play<typeof spec> = {}) =>
    check({ ...FILES, ...files }, { hub, ...play }, connect);

  test("clean data on the default branch passes", async () => {
    const { exitCode, report } = await checkOnGitHub({});
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ contracts: [{ path: "contracts/visits.yml", ref: base }], notes: [] });
  });

  test.each<[string, Files, Play<typeof spec>["inputs"], number]>([
    ["the trusted policy", {}, {}, 1],
    ["the checkout's policy, when the inputs say everything", {}, BOTH_INPUTS, 1],
    ["nobody, when the checkout has no policy either", { ".github/mlops.yml": "" }, BOTH_INPUTS, 2],
    ["the checkout's policy, when it has changed", { ".github/mlops.yml": "version: 2\n" }, BOTH_INPUTS, 2],
    ["the trusted policy, whatever the checkout's is", { ".github/mlops.yml": "version: 2\n" }, {}, 1],
  ])("the version of the record is asked for by %s", async (_, files, inputs, version) => {
    const all = { ...FILES, ...files };
    const present = Object.entries(all).filter(([, content]) => content !== "");
    const { read } = await check(Object.fromEntries(present), { hub, inputs }, connect);
    const written = JSON.parse(read("data-report.json"));
    expect(written.schema).toBe(`mlops-actions/data-report@${version}`);
    if (version === 1) expect(findFrozenErrors(dataReport, written)).toEqual([]);
  });

  test("a pull request that loosens the contract is checked against the old one, and the report notes it", async () => {
    const files = {
      "contracts/visits.yml": CONTRACT.replace("max: 100", "max: 100000"),
      "data/visits.csv": CLEAN.replace("100", "5000"),
    };
    const { event } = await openPullRequest(hub, { branch: "loosen", files });
    const { exitCode, report, log } = await checkOnGitHub(files, { event });
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({
      outcome: "fail",
      contracts: [{ ref: base }],
      findings: [{ check: "range", line: 3 }],
    });
    expect(report?.notes.join()).toContain("contracts/visits.yml is changed in this checkout");
    expect(log).toContain("is changed in this checkout");
  });

  test("a pull request whose policy names another contract is checked against the old one", async () => {
    const files = {
      ".github/mlops.yml": POLICY.replace("visits.yml", "loose.yml"),
      "contracts/loose.yml": "version: 1\nunexpected-columns: allow\ncolumns: [{ name: person, type: string }]\n",
      "data/visits.csv": "person\nx\n",
    };
    const { event } = await openPullRequest(hub, { branch: "other-contract", files });
    const { exitCode, report } = await checkOnGitHub(files, { event });
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ outcome: "fail", contracts: [{ path: "contracts/visits.yml", ref: base }] });
    expect(report?.notes.join()).toContain(".github/mlops.yml");
  });

  test("a pull request cannot add the contract that it is checked against", async () => {
    const files = { "contracts/new.yml": "version: 1\ncolumns: [{ name: person, type: string }]\n" };
    const { event } = await openPullRequest(hub, { branch: "add", files });
    const inputs = { contract: "contracts/new.yml", files: "data/visits.csv" };
    const { exitCode, outputs, errorCodes } = await checkOnGitHub(files, { event, inputs });
    expect([exitCode, outputs.outcome, errorCodes]).toEqual([1, "error", ["contract-missing"]]);
  });

  test.each([
    ["a file that does not exist", { files: "data/none.csv" }, "no-files"],
    ["a contract that does not exist", { contract: "contracts/none.yml", files: "data/*.csv" }, "contract-missing"],
    ["a file that is not a contract", { contract: ".github/mlops.yml" }, "contract-unknown-key"],
  ])("%s is an error, without a record", async (_, inputs, code) => {
    const { exitCode, outputs, errorCodes, report } = await checkOnGitHub({}, { inputs });
    expect([exitCode, outputs.outcome, report]).toEqual([1, "error", undefined]);
    expect(errorCodes).toContain(code);
  });
});
