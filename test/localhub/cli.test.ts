import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const CLI = fileURLToPath(new URL("cli.ts", import.meta.url));
const clean: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of clean.splice(0)) await step();
});

function start(...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [CLI, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  clean.push(() => child.kill("SIGKILL"));
  return child;
}

/** Everything it prints until `pattern` appears, or until it ends. */
async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (pattern.test(text)) break;
  }
  return text;
}

test("serves a folder until it is interrupted, and prints the URLs", async () => {
  const folder = await mkdtemp(join(tmpdir(), "localhub-cli-"));
  clean.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "README.md"), "# visits\n");
  const child = start(folder, "--runner", "gpu");
  const text = await printed(child, /Ctrl-C/);
  const page = /page\s+(\S+)/.exec(text)?.[1] ?? "";
  const api = /API\s+(\S+)/.exec(text)?.[1] ?? "";
  const token = /token\s+(\S+)/.exec(text)?.[1] ?? "";

  expect((await fetch(page, { headers: { accept: "text/html" } })).status).toBe(200);
  const user = await fetch(`${api}/user`, { headers: { authorization: `Bearer ${token}`, "user-agent": "test" } });
  expect(await user.json()).toMatchObject({ login: "local" });

  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});

test("prints its usage", async () => {
  expect(await printed(start("--help"), /--profile/)).toContain("npm run localhub -- [path/to/repo]");
});
