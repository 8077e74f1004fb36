import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { assertWritable } from "./assert-writable.ts";

const workspace = mkdtempSync(join(tmpdir(), "record-"));
beforeAll(() => {
  mkdirSync(join(workspace, "data"));
  for (const name of ["data/a.csv", "data/left.csv", "README.md", "data-report.json"])
    writeFileSync(join(workspace, name), name);
  symlinkSync("data", join(workspace, "link"));
  symlinkSync("data/a.csv", join(workspace, "a.json"));
  linkSync(join(workspace, "data/a.csv"), join(workspace, "hard.json"));
  const git = (...args: string[]) => execFileSync("git", args, { cwd: workspace, stdio: "ignore" });
  git("init", "--quiet");
  git("add", "README.md", "data/left.csv");
});
afterAll(() => rmSync(workspace, { recursive: true }));

test.each([
  ["new.json", undefined],
  ["new/data-report.json", undefined],
  ["data-report.json", undefined],
  // Its name gets the new content; the other name of the file keeps the old one.
  ["hard.json", undefined],
  ["data/a.csv", "one of the files to check"],
  ["link/a.csv", "one of the files to check"],
  ["a.json", "one of the files to check"],
  ["contract.yml", "the contract"],
  ["README.md", "a file of the repository"],
  ["link/left.csv", "a file of the repository"],
])("a record named %s would overwrite: %s", async (record, what) => {
  writeFileSync(join(workspace, "contract.yml"), "");
  const git = createGitCheckout(workspace, new AbortController().signal);
  const inputs = { contracts: ["contract.yml"], files: ["data/a.csv", "gone.csv"] };
  const asserted = assertWritable(createWorkspaceFiles(workspace), git, [record], inputs);
  if (what === undefined) await expect(asserted).resolves.toBeUndefined();
  else await expect(asserted).rejects.toThrow(`writing it would overwrite ${what}`);
});

test("two forms cannot be written to one path", async () => {
  const git = createGitCheckout(workspace, new AbortController().signal);
  const asserted = assertWritable(createWorkspaceFiles(workspace), git, ["a.new", "a.new"], {
    contracts: [],
    files: [],
  });
  await expect(asserted).rejects.toThrow("would overwrite what is written before it");
});
