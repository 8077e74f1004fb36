/** The npm package of the command line: made, installed in an empty folder without a network, and used there. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { root, runScript } from "../scripts/run-script.ts";

const execute = promisify(execFile);
let folder: string;
let tarball: string;
let installed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "package-"));
  const { code, stderr } = await runScript(join(root, "scripts/package.mjs"), ["1.2.3", "--out", folder]);
  expect([code, stderr]).toEqual([0, ""]);
  tarball = join(folder, "mlops-actions-1.2.3.tgz");
  writeFileSync(join(folder, "package.json"), "{}");
  await execute("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], { cwd: folder });
  installed = join(folder, "node_modules/mlops-actions");
}, 120_000);

test("it is small, brings nothing else, and runs nothing when it is installed", () => {
  expect(statSync(tarball).size).toBeLessThan(5_000_000);
  const others = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  expect(others).toEqual(["mlops-actions"]);
  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  expect(Object.keys(manifest)).not.toContain("scripts");
  expect(Object.keys(manifest)).not.toContain("dependencies");
  expect(manifest).toMatchObject({ version: "1.2.3", bin: { "mlops-actions": "dist/mlops-actions.js" } });
  expect(readdirSync(installed).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
});

test("it judges, checks and explains", async () => {
  const project = join(folder, "project");
  mkdirSync(join(project, ".github"), { recursive: true });
  writeFileSync(join(project, ".github/mlops.yml"), "version: 2\ngates: [{ metric: mae, better: lower, max: 3 }]\n");
  writeFileSync(join(project, "metrics.json"), '{"mae": 2.5}');
  writeFileSync(join(project, "a.csv"), "id\n1\n2\n");
  const run = (...words: readonly string[]) =>
    execute(process.execPath, [join(installed, "dist/mlops-actions.js"), ...words], { cwd: project });
  expect((await run("gate", "metrics.json")).stdout).toContain("The gate is open: 1 rule judged.\n");
  expect((await run("explain", "metrics.json")).stdout).toContain("holds up to 3\n");
  const { stdout: contract } = await run("infer", "a.csv");
  writeFileSync(join(project, "contract.yml"), contract);
  expect((await run("check", "contract.yml", "a.csv")).stdout).toBe("a.csv: 2 rows, 0 found\n");
  await expect(run("gate", "none.json")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("[no-files]"),
  });
});
