import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { createGitCheckout } from "./git-checkout.ts";
import { readGateEvidence } from "./read-gate-evidence.ts";

test("a committed file is told from a measured one, also when the checkout has written its lines as on Windows", async () => {
  const workspace = mkdtempSync(join(tmpdir(), "evidence-"));
  const git = (...args: readonly string[]): string =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: workspace,
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      encoding: "utf8",
    }).trim();
  const write = (text: string): void => writeFileSync(join(workspace, "metrics.json"), text);
  git("init", "--quiet");
  write('{\n"mae": 1\n}\n');
  git("add", "-A");
  git("commit", "--quiet", "-m", "first");
  const paths = { metrics: ["metrics.json"], "data-report": "", reader: "a-test" };
  const checkout = createGitCheckout(workspace, new AbortController().signal);
  const read = () => readGateEvidence(createWorkspaceFiles(workspace), checkout, paths);
  expect(await read()).toMatchObject({ committed: ["metrics.json"], checkout: git("rev-parse", "HEAD") });
  write('{\r\n"mae": 1\r\n}\r\n');
  expect((await read()).committed).toEqual(["metrics.json"]);
  write('{\r\n"mae": 2\r\n}\r\n');
  expect((await read()).committed).toEqual([]);
});
