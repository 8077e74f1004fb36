/** The doctor in a folder, and of a repository on the local GitHub with the settings that the how-to gives. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getOctokit } from "../../adapters/github/octokit.ts";
import { FILES } from "../../core/doctor/testing.ts";
import { runProgram } from "../program.ts";
import { findRepository } from "./find-repository.ts";

let folder: string;
let hub: LocalGitHub;
const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const run = (token: string, ...words: readonly string[]) =>
  runProgram(["doctor", ...words], { folder, now: new Date(0), signal: new AbortController().signal, token });
const online = (...words: readonly string[]) =>
  run(hub.token, "--repository", hub.repository.fullName, "--api", hub.apiUrl, ...words);

/** The rulesets of docs/how-to/enforce-the-gate.md, as a reader copies them. */
function readRuleset(): Record<string, unknown> {
  const page = readFileSync(
    fileURLToPath(new URL("../../../docs/how-to/enforce-the-gate.md", import.meta.url)),
    "utf8",
  );
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const bound = '{ "context": "gate", "integration_id": 15368 }';
  return JSON.parse(json.replace(bound, `${bound}, ${bound.replace("gate", "data")}`));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  for (const name of ["pull-request.yml", "promote.yml"] as const) write(`.github/workflows/${name}`, FILES[name]);
  write(".github/mlops.yml", FILES["mlops.yml"]);
  write(".github/CODEOWNERS", FILES.CODEOWNERS);
  write("contracts/visits.yml", "version: 1\ncolumns: [{ name: id, type: integer }]\n");
  hub = await startLocalGitHub({ people: { alice: "write" } });
  await hub.push({ files: { "README.md": "model" } });
});
afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

test("a repository without protection is told what is missing, with the fix", async () => {
  const { out, error, code } = await online();
  expect([error, code]).toEqual(["", 1]);
  for (const found of [
    "doctor-check-not-required",
    "doctor-owner-review",
    "doctor-force-push",
    "doctor-environment-missing",
  ])
    expect(out).toContain(`[${found}]`);
  expect(out).toContain(`gh api -X PUT "repos/${hub.repository.fullName}/environments/production"`);
  expect(out).toContain("The gate is advisory");
});

test("with the settings that the how-to gives, what remains is what it says remains", async () => {
  const request = getOctokit(hub.token, {
    ...{ baseUrl: hub.apiUrl, userAgent: "test", request: { fetch } },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  }).request as (
    route: string,
    parameters: Readonly<Record<string, unknown>>,
  ) => Promise<{ readonly data: { readonly id: number } }>;
  const [owner, repo] = hub.repository.fullName.split("/");
  await request("POST /repos/{owner}/{repo}/rulesets", { owner, repo, ...readRuleset() });
  const { id } = (await request("GET /users/{username}", { username: "alice" })).data;
  const deployment_branch_policy = { protected_branches: true, custom_branch_policies: false };
  const reviewed = { reviewers: [{ type: "User", id }], prevent_self_review: true };
  for (const [environment_name, protection] of Object.entries({ staging: {}, production: reviewed }))
    await request("PUT /repos/{owner}/{repo}/environments/{environment_name}", {
      ...{ owner, repo, environment_name, deployment_branch_policy, ...protection },
    });
  const { out } = await online("--json");
  const { trust, findings } = JSON.parse(out);
  const codes: string[] = findings.map(({ code }: { code: string }) => code);
  expect(trust).toEqual({ level: "advisory", because: ["doctor-no-required-workflow"] });
  expect(codes.filter((code) => !/default-token|token-approves|bypass/.test(code)).sort()).toEqual([
    "doctor-ledger-unprotected",
    "doctor-tags-unprotected",
  ]);
});

test("without a token, only the folder is examined, and it says so", async () => {
  const { out, code } = await run("");
  expect(out).toBe(
    "note: GitHub was not asked: set GH_TOKEN, for example by gh auth token.\n" +
      "Whether the gate is enforced is not known: GitHub's settings were not read. 0 errors, 0 warnings, 0 notes.\n",
  );
  expect(code).toBe(0);
});

test("of several models, each is examined", async () => {
  const models =
    "models: { a: { files: [a], environments: [{ name: x, approvals: 0 }] }, b: { files: [b], data: { contract: none.yml, files: [b.csv] } } }";
  write(".github/mlops.yml", `version: 2\n${models}\ngates: [{ metric: mae, max: 3 }]\n`);
  const { out } = await run("", "--offline");
  write(".github/mlops.yml", FILES["mlops.yml"]);
  expect(out).toContain("nobody has to approve what is promoted to x");
  expect(out).toContain("the policy names the contract none.yml");
});

test("what cannot be read is an error with its place", async () => {
  write(".github/workflows/broken.yml", "on: push\njobs: [\n");
  write("contracts/visits.yml", "version: 1\ncolumns: []\n");
  const { out, code } = await run("", "--offline");
  expect(out).toMatch(/^✗ \.github\/workflows\/broken\.yml:\d+:\d+: .*\[workflow-not-yaml\]$/m);
  expect(out).toMatch(/^✗ contracts\/visits\.yml:2:10: .*\[contract-[a-z-]+\]$/m);
  expect(code).toBe(1);
});

test("a folder that is a clone of nothing needs a name", async () => {
  expect((await run("ghp_000000000000000000000000000000000000")).error).toMatch(/\[repository-unknown\]\n$/);
  expect((await run("x", "--repository", "a/b/../c")).error).toMatch(/\[repository-unknown\]\n$/);
});

test.each([
  ["https://github.com/us/visits.git", "us/visits", "https://api.github.com"],
  ["git@github.com:us/visits.git", "us/visits", "https://api.github.com"],
  ["ssh://git@github.example.org:22/us/visits", "us/visits", "https://github.example.org/api/v3"],
  ["https://token@github.example.org/us/visits/", "us/visits", "https://github.example.org/api/v3"],
  ["../visits", undefined, undefined],
  ["/srv/git/us/visits.git", undefined, undefined],
])("%s is %s", (remote, name, api) => {
  expect(findRepository(remote)).toEqual(name === undefined ? undefined : { name, api });
});
