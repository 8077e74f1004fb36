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
const connectTo =
  (contract: string, patterns: readonly string[] = ["data/*.csv"]): Connect<typeof spec, Ports> =>
  async (given) => ({
    ...(await connect(given)),
    resolveData: async () => ({
      sets: [
        {
          contract: readContract(contract, "contracts/visits.yml"),
          ...{ path: "contracts/visits.yml", ref: "c".repeat(40), digest: `sha256:${"1".repeat(64)}` },
          files: patterns,
        },
      ],
      ...{
        leakage: [],
        references: [],
        unique: [],
        drift: [],
        base: undefined,
        notes: ["The contract was changed."],
        version: 2 as const,
      },
    }),
  });

const connectWithContract = connectTo(CONTRACT);

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
  const connectSmall = connectTo(SMALL);

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

test("what only warns is annotated and recorded, and passes", async () => {
  const connection = connectTo(`version: 1
rules: [{ check: visits < 50, severity: warn, description: more is rare }]
columns: [{ name: person, type: integer }, { name: visits, type: integer }, { name: plan, type: string }]
`);
  const files = { "data/visits.csv": "person,visits,plan\n1,60,free\n" };
  const { exitCode, report, summary, log, errorCodes } = await check(files, {}, connection);
  expect([exitCode, report?.outcome, errorCodes]).toEqual([0, "pass", []]);
  expect(report?.findings).toMatchObject([{ check: "rule", severity: "warn", line: 2 }]);
  expect(log).toContain("a row breaks visits < 50 (more is rare)");
  expect(summary).toContain("1 warning");
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
  const patterns = ["data/*.csv", "!data/c.csv"];
  const { exitCode, report } = await check(files, {}, connectTo(CONTRACT, patterns));
  expect([exitCode, report?.files.map(({ path }) => path)]).toEqual([0, ["data/a.csv", "data/b.csv"]]);
  expect(report?.notes).toContain("data/b.csv: it has the same bytes as data/a.csv, as a copy or a hard link has");
});

test("the findings are written for other tools, and the record names what was written", async () => {
  const files = { "data/visits.csv": "person,visits,plan\n1,-1,free\n" };
  const inputs = { sarif: "out/findings.sarif", junit: "findings.xml" };
  const { report, read } = await check(files, { inputs });
  const [result] = JSON.parse(read("out/findings.sarif")).runs[0].results;
  expect(result).toMatchObject({ ruleId: "data-range", level: "error" });
  expect(read("findings.xml")).toContain('<testsuite name="data/visits.csv" tests="1" failures="1">');
  expect(report?.written?.map(({ use, path }) => `${use} ${path}`)).toEqual([
    "sarif out/findings.sarif",
    "junit findings.xml",
  ]);
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
  const inputs = { sarif: "findings.sarif", junit: "findings.xml" };
  const { exitCode, report, log, outputs, summary, read } = await check(files, { inputs });
  expect(exitCode).toBe(1);
  expect(new Set(report?.findings.map(({ file }) => file)).size).toBe(Object.keys(files).length);
  const written = ["data-report.json", "findings.sarif", "findings.xml"].map(read);
  expect([log, JSON.stringify(outputs), summary, ...written].join("\n")).not.toMatch(/canary/);
});

test("hostile names of columns cannot format the summary", async () => {
  const hostile = "</td> | `x` [x](http://evil) @alice <img src=x>";
  const { summary, outputs } = await check({ "data/a.csv": `person,visits,plan,"${hostile}"\n1,1,free,x\n` });
  expect(outputs.outcome).toBe("fail");
  expect(renderAsGitHub(summary, "summary")).not.toMatch(/href=|<img|\/somebody/);
});

describe("with sets of files", () => {
  const policy = (leakage: string) => `version: 2
data:
  sets:
    train: { contract: contracts/visits.yml, files: [data/train*.csv] }
    test: { contract: contracts/test.yml, files: [data/test.csv] }
${leakage === "" ? "" : `  leakage:\n    - ${leakage}\n`}`;
  const files = {
    "contracts/visits.yml": CONTRACT,
    "contracts/test.yml": CONTRACT.replace("max: 100", "max: 5"),
    "data/train-1.csv": "person,visits,plan\n1,0,free\n2,100,family\n",
    "data/train-2.csv": "person,visits,plan\n3,0,free\n",
    "data/test.csv": "plan,person,visits\nfree,4,5\nfree,5,1\n",
  };
  async function checkSets(leakage: string, changed: Files = {}) {
    await using hub = await startLocalGitHub({ limits: "off", people: { alice: "write" } });
    const all = { ".github/mlops.yml": policy(leakage), ...files, ...changed };
    await hub.push({ files: all, message: "Add data and contracts" });
    return await check(all, { hub }, connect);
  }

  test("each is checked by its own contract, and the record says which", async () => {
    const { exitCode, report } = await checkSets("{ keys: [person], between: [train, test] }");
    expect([exitCode, report?.outcome]).toEqual([0, "pass"]);
    expect(report).toMatchObject({
      contracts: [
        { name: "train", path: "contracts/visits.yml" },
        { name: "test", path: "contracts/test.yml" },
      ],
      leakage: [{ keys: ["person"], between: ["train", "test"], shared: 0, allowed: 0, outcome: "pass" }],
    });
    expect(report?.files.map(({ path, contract }) => `${path} ${contract}`)).toEqual([
      "data/train-1.csv contracts/visits.yml",
      "data/train-2.csv contracts/visits.yml",
      "data/test.csv contracts/test.yml",
    ]);
    const broken = await checkSets("", { "data/test.csv": "plan,person,visits\nfree,4,6\n" });
    expect(broken.report?.findings).toMatchObject([{ check: "range", file: "data/test.csv" }]);
  });

  const shares = { "data/test.csv": "plan,person,visits\nfree,4,5\nfree,3,1\nfamily,2,1\nfree,2,1\n" };
  test.each([
    ["fail", "{ keys: [person], between: [train, test] }", 2, "fail", 1],
    ["fail whatever their order", "{ keys: [person], between: [test, train] }", 2, "fail", 1],
    ["pass up to a limit", "{ keys: [person], between: [train, test], max: 2 }", 2, "pass", 0],
    ["count by all keys together", "{ keys: [person, plan], between: [train, test] }", 2, "fail", 1],
    ["only warn", "{ keys: [person], between: [train, test], severity: warn }", 2, "fail", 0],
  ])("examples that a training and a test set share %s", async (_, leakage, shared, outcome, code) => {
    const contract = { "contracts/test.yml": files["contracts/test.yml"].replace(", unique: true", "") };
    const { exitCode, report, summary, log } = await checkSets(leakage, { ...shares, ...contract });
    expect(report?.leakage).toMatchObject([{ shared, outcome }]);
    expect(exitCode).toBe(code);
    expect(report?.outcome).toBe(code === 0 ? "pass" : "fail");
    if (outcome === "fail") {
      expect(log).toMatch(/the sets (?:train and test|test and train) share 2 examples by person/);
      expect(summary).toMatch(/share 2 examples/);
    }
  });

  test.each([
    ["an unknown key", "{ keys: [persn], between: [train, test] }", {}, "leakage-column"],
    ["an unknown set", "{ keys: [person], between: [train, tst] }", {}, "policy-unknown-set"],
    ["a file in two sets", "", { "data/test.csv": undefined }, "data-file-in-two-sets"],
  ])("%s is an error, without a record", async (_, leakage, changed, code) => {
    const twice = code === "data-file-in-two-sets";
    const text = policy(leakage).replace("data/test.csv", twice ? "data/*.csv" : "data/test.csv");
    const { exitCode, errorCodes, report } = await checkSets(leakage, {
      ".github/mlops.yml": text,
      ...(twice ? {} : changed),
    });
    expect([exitCode, report]).toEqual([1, undefined]);
    expect(errorCodes).toContain(code);
  });

  test("a set whose files lack the key is not called free of leaks", async () => {
    const contract = { "contracts/test.yml": files["contracts/test.yml"].replace("unique: true", "required: false") };
    const { exitCode, report, errorCodes } = await checkSets("{ keys: [person], between: [train, test] }", {
      ...contract,
      "data/test.csv": "plan,visits\nfree,5\n",
    });
    expect([exitCode, report?.leakage?.[0]?.outcome]).toEqual([1, "fail"]);
    expect(errorCodes).toContain("data-leakage");
  });
});

describe("beside the data of the base branch", () => {
  const policy = (drift: string) => `version: 2
data:
  contract: contracts/visits.yml
  files: [data/*.csv]
  drift:
    - ${drift}
`;
  const rows = (plans: readonly string[], visits: (at: number) => number) =>
    `person,visits,plan\n${plans.map((plan, at) => `${at},${visits(at)},${plan}\n`).join("")}`;
  const before = rows(
    Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? "free" : "family")),
    (at) => at % 50,
  );
  const moved = rows(
    Array.from({ length: 200 }, (_, at) => (at % 5 === 0 ? "free" : "family")),
    (at) => 50 + (at % 50),
  );

  async function checkChange(drift: string, changed: Files, atBase: Files = { "data/visits.csv": before }) {
    await using hub = await startLocalGitHub({ limits: "off", people: { alice: "write" } });
    const files = { ".github/mlops.yml": policy(drift), "contracts/visits.yml": CONTRACT, ...atBase };
    const base = await hub.push({ files, message: "Add data" });
    const { event } = await openPullRequest(hub, { branch: "data", files: changed });
    return { base, ...(await check({ ...files, ...changed }, { hub, event }, connect)) };
  }

  test.each([
    ["{ columns: [visits], test: ks, max: 0.3 }", "ks", 1],
    ["{ columns: [visits], test: psi, max: 0.25 }", "psi", 1],
    ["{ columns: [visits], test: jensen-shannon, max: 0.1 }", "jensen-shannon", 1],
    ["{ columns: [plan], test: chi-square, max: 0.1 }", "chi-square", 1],
    ["{ columns: [plan], test: psi, max: 0.1 }", "psi", 1],
    ["{ columns: [plan], test: psi, max: 0.1, severity: warn }", "psi", 0],
    ["{ columns: [visits], test: ks, max: 1 }", "ks", 0],
  ])("a distribution that moved: %s", async (drift, name, code) => {
    const { exitCode, report, base, log, summary, errorCodes } = await checkChange(drift, { "data/visits.csv": moved });
    expect(exitCode).toBe(code);
    expect(report).toMatchObject({ drift: [{ test: name }], base: { commit: base } });
    const [measured] = report?.drift ?? [];
    expect(measured?.value).toBeGreaterThan(0.1);
    if (code === 1) expect(errorCodes).toEqual(["data-drift", "data-contract-broken"]);
    if (measured?.outcome === "fail") {
      expect(log).toMatch(/differs from the base commit's data by 0\.\d+|differs from the base commit's data by \d/);
      expect(summary).toContain("Drift of");
    }
  });

  test("data that did not move passes, whatever its file is called now", async () => {
    const renamed = { "data/other.csv": before };
    const { report } = await checkChange("{ columns: [visits], test: ks, max: 0.01 }", renamed, {
      "data/visits.csv": before,
    });
    expect(report?.drift).toMatchObject([{ value: 0, outcome: "pass" }]);
    const away = await checkChange("{ columns: [visits], test: ks, max: 0.3 }", {
      "data/moved.csv": moved,
      "data/visits.csv": moved,
    });
    expect(away.report?.drift).toMatchObject([{ outcome: "fail" }]);
  });

  test("the first data has nothing to differ from", async () => {
    const { exitCode, report } = await checkChange(
      "{ columns: [visits], test: ks, max: 0 }",
      { "data/visits.csv": before },
      {},
    );
    expect([exitCode, report?.drift]).toEqual([0, undefined]);
  });

  test("what cannot be measured fails", async () => {
    const nothing = "person,visits,plan\nx,x,x\n";
    const { exitCode, report } = await checkChange("{ columns: [visits], test: ks, max: 1 }", {
      "data/visits.csv": nothing,
    });
    expect([exitCode, report?.drift?.[0]?.outcome]).toEqual([1, "inconclusive"]);
  });

  test.each([
    ["a column that no contract has", "{ columns: [visit], test: ks, max: 1 }", {}, "drift-column"],
    ["a test that a type does not have", "{ columns: [plan], test: ks, max: 1 }", {}, "drift-column"],
    [
      "data at the base that cannot be read",
      "{ columns: [visits], test: ks, max: 1 }",
      { "data/visits.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n" },
      "base-data-unreadable",
    ],
  ])("%s is an error, without a record", async (_, drift, atBase, code) => {
    const { exitCode, errorCodes, report } = await checkChange(drift, { "data/visits.csv": before }, atBase);
    expect([exitCode, errorCodes, report]).toEqual([1, [code], undefined]);
  });
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
    expect(report?.notes.join()).toContain(
      "contracts/visits.yml is changed (looser: visits max: 100 → 100000) in this checkout",
    );
    expect(log).toContain("(looser: visits max: 100 → 100000) in this checkout");
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
