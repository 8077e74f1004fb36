/** check-data on real pull requests of the local GitHub: dirty data, broken files, and those who would loosen the contract. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAction } from "../../shared/action/run-action.ts";
import { fakeHost } from "../../shared/action/testing.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = "version: 1\ndata: { contract: contracts/visits.yml, files: [data/*.csv] }\n";
const CONTRACT = `version: 1
columns:
  - { name: person, type: integer, unique: true }
  - { name: visits, type: integer, min: 0, max: 100 }
  - { name: plan, type: string, enum: [free, family] }
`;
const CLEAN = "person,visits,plan\n1,0,free\n2,100,family\n";

let hub: LocalGitHub;
let token: string;
let base: string;
const root = mkdtempSync(join(tmpdir(), "check-data-"));
let places = 0;

beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", people: { alice: "write" } });
  const files = { ".github/mlops.yml": POLICY, "contracts/visits.yml": CONTRACT, "data/visits.csv": CLEAN };
  base = await hub.push({ files, message: "Add data and its contract" });
  token = hub.tokenWith({ contents: "read" });
});
afterAll(async () => {
  rmSync(root, { recursive: true });
  await hub.close();
});

type Tree = Readonly<Record<string, string | Uint8Array>>;

/** Plays the action for a push to the default branch, or as given, in a workspace with these files. */
async function check(
  files: Tree,
  inputs: Readonly<Record<string, string>> = {},
  env?: Readonly<Record<string, string>>,
) {
  places += 1;
  const workspace = join(root, `workspace-${places}`);
  for (const [path, content] of Object.entries({ "contracts/visits.yml": CONTRACT, ...files })) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  const given = Object.entries({ token, ...inputs });
  const host = fakeHost({
    ...(env ?? on("push", "refs/heads/main", base, {})),
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_REPOSITORY: hub.repository.fullName,
    GITHUB_WORKSPACE: workspace,
    GITHUB_WORKFLOW_REF: `${hub.repository.fullName}/.github/workflows/pull-request.yml@refs/heads/main`,
    GITHUB_ACTOR: "alice",
    GITHUB_API_URL: hub.apiUrl,
    GITHUB_SERVER_URL: hub.url,
  });
  await runAction(spec, run, connect, host);
  const record = join(workspace, "data-report.json");
  const text = existsSync(record) ? readFileSync(record, "utf8") : "";
  return {
    exit: host.exitCodes,
    said: host.messages.join("\n"),
    outputs: Object.fromEntries(host.outputs),
    summary: host.summaries.join(""),
    text,
    report: text === "" ? undefined : dataReport.parse(JSON.parse(text)),
  };
}

function on(event: string, ref: string, sha: string, payload: object): Readonly<Record<string, string>> {
  places += 1;
  const path = join(root, `event-${places}.json`);
  writeFileSync(path, JSON.stringify(payload));
  return { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path, GITHUB_REF: ref, GITHUB_SHA: sha };
}

async function pullRequest(branch: string, files: Readonly<Record<string, string>>) {
  await hub.as("alice").push({ branch, files, message: branch });
  const { number } = await hub.as("alice").openPullRequest({ head: branch, title: branch });
  const { body } = await hub.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  return on("pull_request", `refs/pull/${number}/merge`, body.merge_commit_sha, {
    pull_request: { base: { ref: "main" } },
  });
}

test("clean data passes, and the record names contract, files and their digest", async () => {
  const { exit, outputs, report, summary } = await check({ "data/visits.csv": CLEAN });
  expect(exit).toEqual([0]);
  expect(report).toMatchObject({
    outcome: "pass",
    files: [{ path: "data/visits.csv", bytes: CLEAN.length, rows: 2 }],
    contract: { path: "contracts/visits.yml", ref: base },
    findings: [],
    notes: [],
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

test("dirty data fails with the line of each fault, packed or not", async () => {
  const dirty = "person,visits,plan\n1,-1,free\n2,many,gold\n2,101,free\n";
  const { exit, outputs, report, said } = await check({ "data/visits.csv": CLEAN, "data/new.csv": gzipSync(dirty) });
  expect(exit).toEqual([1]);
  expect(outputs["outcome"]).toBe("fail");
  expect(report?.findings.map(({ check, column, line }) => `${check} ${column} ${line}`)).toEqual([
    "range visits 2",
    "type visits 3",
    "enum plan 3",
    "unique person 4",
    "range visits 4",
  ]);
  expect(said).toContain("data/new.csv:3");
  expect(said).toContain("[data-type]");
});

test("the digest follows the bytes and the names", async () => {
  const digests = await Promise.all(
    [{ "data/a.csv": CLEAN }, { "data/b.csv": CLEAN }, { "data/a.csv": `${CLEAN}3,1,free\n` }].map(
      async (files) => (await check(files)).report?.dataDigest,
    ),
  );
  expect(new Set(digests).size).toBe(3);
  expect((await check({ "data/a.csv": CLEAN })).report?.dataDigest).toBe(digests[0]);
});

describe("a pull request", () => {
  test("that loosens its own contract is held to the old one, and the report says so", async () => {
    const loose = CONTRACT.replace("max: 100", "max: 100000");
    const data = CLEAN.replace("100", "5000");
    const env = await pullRequest("loosen", { "contracts/visits.yml": loose, "data/visits.csv": data });
    const { exit, report, said } = await check({ "contracts/visits.yml": loose, "data/visits.csv": data }, {}, env);
    expect(exit).toEqual([1]);
    expect(report).toMatchObject({ outcome: "fail", contract: { ref: base }, findings: [{ check: "range", line: 3 }] });
    expect(report?.notes.join()).toContain("contracts/visits.yml is changed in this checkout");
    expect(said).toContain("is changed in this checkout");
  });

  test("that points the policy at a contract of its own is held to the old one", async () => {
    const loose = "version: 1\nunexpected-columns: allow\ncolumns: [{ name: person, type: string }]\n";
    const policy = POLICY.replace("visits.yml", "loose.yml");
    const files = { ".github/mlops.yml": policy, "contracts/loose.yml": loose, "data/visits.csv": "person\nx\n" };
    const env = await pullRequest("repoint", files);
    const { exit, report } = await check(files, {}, env);
    expect(exit).toEqual([1]);
    expect(report).toMatchObject({ outcome: "fail", contract: { path: "contracts/visits.yml", ref: base } });
    expect(report?.notes.join()).toContain(".github/mlops.yml");
  });

  test("that brings the contract it names is refused", async () => {
    const loose = "version: 1\ncolumns: [{ name: person, type: string }]\n";
    const env = await pullRequest("bring", { "contracts/new.yml": loose });
    const inputs = { contract: "contracts/new.yml", files: "data/visits.csv" };
    const { exit, outputs, said } = await check({ "contracts/new.yml": loose, "data/visits.csv": CLEAN }, inputs, env);
    expect({ exit, outcome: outputs["outcome"] }).toEqual({ exit: [1], outcome: "error" });
    expect(said).toContain("[contract-missing]");
  });
});

describe("bad input ends in one message, a failure and no record", () => {
  test.each([
    ["no file", {}, {}, "no-files"],
    ["a file that is not there", {}, { files: "data/none.csv" }, "no-files"],
    ["a path out of the workspace", {}, { files: "../visits.csv" }, "input-invalid"],
    ["a folder", { "data/x/y.csv": CLEAN }, { files: "data/x" }, "no-files"],
    ["a contract that is not there", {}, { contract: "contracts/none.yml", files: "data/*.csv" }, "contract-missing"],
    ["a contract that is none", { "data/a.csv": CLEAN }, { contract: ".github/mlops.yml" }, "contract-unknown-key"],
  ])("%s", async (_, files, inputs, code) => {
    const { exit, outputs, said, report } = await check(files, inputs);
    expect({ exit, outcome: outputs["outcome"], report }).toEqual({ exit: [1], outcome: "error", report: undefined });
    expect(said).toContain(`[${code}]`);
  });

  test.each([
    ["an empty file", "", "data-header"],
    ["a cut archive", gzipSync(CLEAN.repeat(500)).subarray(0, 60), "data-readable"],
    ["UTF-16", Buffer.from(`\uFEFF${CLEAN}`, "utf16le"), "data-encoding"],
    ["an unclosed quote", `${CLEAN}3,"1,free\n`, "data-readable"],
  ])("but %s is a finding", async (_, content, code) => {
    const { exit, report, said } = await check({ "data/visits.csv": content });
    expect({ exit, outcome: report?.outcome }).toEqual({ exit: [1], outcome: "fail" });
    expect(said).toContain(`[${code}]`);
  });
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
  const { exit, report, said, outputs, summary, text } = await check(files);
  expect(exit).toEqual([1]);
  expect(new Set(report?.findings.map(({ file }) => file)).size).toBe(Object.keys(files).length);
  expect([said, JSON.stringify(outputs), summary, text].join("\n")).not.toMatch(/canary/);
});

test("what data may say, the names of its columns, cannot format the summary", async () => {
  const hostile = "</td> | `x` [x](http://evil) @alice <img src=x>";
  const { summary, outputs } = await check({ "data/a.csv": `person,visits,plan,"${hostile}"\n1,1,free,x\n` });
  expect(outputs["outcome"]).toBe("fail");
  expect(summary).not.toMatch(/\]\(http|<img|@alice/);
});
