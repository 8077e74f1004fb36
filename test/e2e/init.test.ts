/** What `init` writes, in a repository on the local GitHub: green at once, and a check of the data when its marks are taken away. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startLocalGitHub } from "@mlops-actions/localhub";
import { beforeAll, expect, test } from "vitest";
import { runProgram } from "../../shared/cli/program.ts";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions } from "./story/example-files.ts";
import { jobConclusions, newestRun } from "./story/observe.ts";

const FILES = {
  "package.json": '{"private": true, "scripts": {"train": "node fit.mjs"}}',
  "fit.mjs":
    'import { writeFileSync } from "node:fs";\nwriteFileSync("metrics.json", JSON.stringify({ rmse: 2.6303849384 }));\n',
  "metrics.json": '{"rmse": 2.6303849384}',
  "data/rows.csv": "id,age\n1,30\n2,41\n",
} as const;
const WRITTEN = [".github/workflows/model.yml", ".github/mlops.yml", "contracts/rows.yml"] as const;

beforeAll(() => buildActions(), 300_000);

test("the first pull request is green, and broken data is red once the check is on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "init-"));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: folder });
  execFileSync("git", ["add", "--all"], { cwd: folder });
  const context = { folder, now: new Date(0), signal: new AbortController().signal, token: "" };
  const { code } = await runProgram(["init", "--yes", "--actions", `${PUBLISHER}/mlops-actions@v1`], context);
  expect(code).toBe(0);
  const written = Object.fromEntries(WRITTEN.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
  rmSync(folder, { recursive: true });

  await using github = await startLocalGitHub({ repository: `${PUBLISHER}/model`, people: { alice: "write" } });
  const { git } = await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions() });
  const tag = { repo: "mlops-actions", ref: "refs/tags/v1", sha: await git.resolve("refs/heads/main") };
  await github.request("POST /repos/{owner}/{repo}/git/refs", tag);
  await github.push({ files: FILES });
  const alice = github.as("alice");
  async function propose(branch: string, files: Readonly<Record<string, string>>) {
    await alice.push({ branch, files, message: branch });
    const { number } = await alice.openPullRequest({ head: branch, title: branch });
    await github.waitUntilIdle();
    const run = newestRun(github, "model.yml");
    return { number, jobs: jobConclusions(run), log: github.log(run) };
  }
  async function merge(number: number): Promise<void> {
    await github.merge(number);
    await github.waitUntilIdle();
  }

  const first = await propose("init", written);
  expect(first.jobs).toEqual({ model: "success" });
  await merge(first.number);
  const workflow = written[".github/workflows/model.yml"] ?? "";
  const checking = await propose("check", { [WRITTEN[0]]: workflow.replaceAll(/^ {6}# (?=- uses| {2})/gm, "      ") });
  expect(checking.jobs).toEqual({ model: "success" });
  await merge(checking.number);
  const broken = await propose("broken", { "data/rows.csv": "id,age\n1,old\n2,41\n" });
  expect(broken.jobs).toEqual({ model: "failure" });
  expect(broken.log).toContain("data/rows.csv");
});
