/** What a caller can put right is one clear line without a stack, and every script explains itself. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root, runScript } from "./run-script.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const commands = Object.entries<string>(scripts).filter(([, command]) => command.startsWith("node scripts/"));

test.for(commands)("npm run %s -- --help", async ([name, command]) => {
  const { code, stdout, stderr } = await runScript(command.replace("node ", ""), ["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  // The command line calls itself as it is called once it is installed.
  const called = name === "test" || name === "mlops-actions" ? name : `run ${name}`;
  expect(stdout.split("\n")[0]).toContain(called);
});

/** A folder with programs for PATH, Node among them. */
function createPath(programs: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "path-"));
  symlinkSync(process.execPath, join(folder, "node"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

async function expectOneLine(words: readonly string[], message: string, env = {}): Promise<void> {
  const [script = "", ...rest] = words;
  const { code, stderr } = await runScript(`scripts/${script}.mjs`, rest, { env: { INIT_CWD: root, ...env } });
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
}

const empty = mkdtempSync(join(tmpdir(), "empty-"));
test.for<[string, string]>([
  ["localhub no/such/folder", "localhub: there is no folder "],
  ["localhub README.md", "localhub: there is no folder "],
  [`localhub ${empty} docs`, "localhub: only one folder can be served"],
  ["localhub --port abc", 'localhub: "abc" is not a port; write a number up to 65535'],
  ["localhub --port 70000", 'localhub: "70000" is not a port'],
  ["localhub --prot 1", "localhub: Unknown option '--prot'"],
  ["localhub --profile gitlab", 'localhub: there is no profile "gitlab"; choose github.com or ghes-3.19'],
  ["demo --kepp", "demo: Unknown option '--kepp'"],
  ["build gate", "build: there is no action gate; the actions are check-data"],
  ["release one", 'release: "one" is not a version; write for example 1.2.0'],
  ["release 1.0.0 --repository /no/such/folder", "release: there is no folder /no/such/folder"],
  ["verify-dist --sums /no/such/file", "/no/such/file"],
  ["test --list", "test: --list needs a path or words before it"],
  ["node24", "node24: name a file to run"],
])("%s", async ([words, message]) => {
  await expectOneLine(words.split(" "), message);
});

test("a port that is taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  await expectOneLine(["localhub", empty, "--port", String(port)], `localhub: port ${port} is in use`);
});

test("a repository without a commit", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unborn-"));
  const git = join(folder, ".git");
  mkdirSync(join(git, "objects"), { recursive: true });
  mkdirSync(join(git, "refs"));
  writeFileSync(join(git, "HEAD"), "ref: refs/heads/main\n");
  await expectOneLine(["localhub", folder], "has no commit: make one first");
});

test.for(["localhub", "demo", "test", "release", "verify-dist"])(
  "%s without git, or with an old one",
  async (script) => {
    await expectOneLine([script], "git 2.38 or newer is needed, and there is no git on PATH", { PATH: createPath() });
    const old = createPath({ git: "echo git version 2.30.1" });
    await expectOneLine([script], "git 2.38 or newer is needed; this is git version 2.30.1", { PATH: old });
  },
);

test("a temporary folder that cannot be written to", async () => {
  await expectOneLine(["localhub", empty], "mkdtemp", { TMPDIR: "/dev/null/nothing" });
});

test("MLOPS_DEBUG shows the stack", async () => {
  const env = { MLOPS_DEBUG: "1", PATH: [createPath(), process.env["PATH"]].join(delimiter) };
  const { stderr } = await runScript("scripts/build.mjs", ["gate"], { env });
  expect(stderr).toMatch(/\n +at /);
});
