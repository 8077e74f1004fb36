/** Dependencies are installed only where something changed, and a failure to do so is one line. */
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { root, runScript, type ScriptResult } from "./run-script.ts";

let folder: string;
const at = (path: string): string => join(folder, path);

/** A repository with the scripts and one program to run, and an npx that only writes down what it was called with. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "install-"));
  for (const path of ["scripts", "package.json", "pnpm-lock.yaml"])
    cpSync(join(root, path), at(path), { recursive: true });
  mkdirSync(at("actions/one"), { recursive: true });
  mkdirSync(at("path"));
  writeFileSync(at("hello.js"), 'console.log("hello")');
  writeFileSync(at("actions/one/package.json"), "{}");
  fakeNpx("mkdir -p node_modules; echo installed >> node_modules/.modules.yaml");
});

function fakeNpx(onInstall: string, onVersion = "true"): void {
  const script = `#!/bin/sh
echo "$@" >> "${at("calls")}"
case "$*" in *--version) ${onVersion} ;; *) ${onInstall} ;; esac
`;
  writeFileSync(at("path/npx"), script);
  chmodSync(at("path/npx"), 0o755);
}

function runHello(): Promise<ScriptResult> {
  const path = [at("path"), dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return runScript(at("scripts/node24.mjs"), ["hello.js"], { cwd: folder, env: { PATH: path } });
}

function takeCalls(): readonly string[] {
  const calls = existsSync(at("calls")) ? readFileSync(at("calls"), "utf8").trim().split("\n") : [];
  rmSync(at("calls"), { force: true });
  return calls;
}

const pnpm = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
const CALLS = [`--yes --prefer-offline ${pnpm} --version`, `--yes --prefer-offline ${pnpm} install --frozen-lockfile`];

test("once, and says so", async () => {
  expect(await runHello()).toEqual({ code: 0, stdout: "installing dependencies…\nhello\n", stderr: "" });
  expect(takeCalls()).toEqual(CALLS);
  expect(await runHello()).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
  expect(takeCalls()).toEqual([]);
});

test.for<[string, string]>([
  ["the lockfile", "pnpm-lock.yaml"],
  ["what a package asks for", "actions/one/package.json"],
  ["what pnpm noted", "node_modules/.modules.yaml"],
])("again when %s changes", async ([, path]) => {
  await runHello();
  writeFileSync(at(path), `${readFileSync(at(path), "utf8")}\n`);
  takeCalls();
  expect((await runHello()).code).toBe(0);
  expect(takeCalls()).toEqual(CALLS);
});

test("again when the dependencies are gone", async () => {
  await runHello();
  rmSync(at("node_modules"), { recursive: true });
  takeCalls();
  await runHello();
  expect(takeCalls()).toEqual(CALLS);
});

const npmError = (...lines: readonly string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `"npm error ${line}"`).join(" ")} >&2; exit 1`;

test.for([
  [
    "a registry that cannot be reached",
    npmError(
      "code ECONNREFUSED",
      "FetchError: request to https://registry.npmjs.org/pnpm failed",
      "    at index.js:130",
    ),
    "pnpm could not be fetched: request to https://registry.npmjs.org/pnpm failed; check the network",
  ],
  [
    "a home that cannot be written to",
    npmError("code EROFS", "syscall mkdir", "path /home/alice", "    at index.js:130"),
    "npm cannot write to /home/alice (EROFS)",
  ],
])("%s", async ([, onVersion, message]) => {
  fakeNpx("true", onVersion);
  const { code, stderr } = await runHello();
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toContain(`node24: ${message}`);
  expect(code).toBe(1);
});

test("an installation that fails is tried again", async () => {
  fakeNpx("echo no space left; exit 1");
  const { stdout, stderr } = await runHello();
  expect(stdout).toContain("no space left");
  expect(stderr).toBe(
    "node24: the dependencies could not be installed from the lockfile; the reason is printed above\n",
  );
  takeCalls();
  await runHello();
  expect(takeCalls()).toEqual(CALLS);
});

test("without npx", async () => {
  rmSync(at("path/npx"));
  writeFileSync(at("path/node"), `#!/bin/sh\nexec "${process.execPath}" "$@"\n`);
  chmodSync(at("path/node"), 0o755);
  const { code, stderr } = await runScript(at("scripts/node24.mjs"), ["hello.js"], {
    cwd: folder,
    env: { PATH: at("path") },
  });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "node24: npx was not found; install it or put it on PATH\n" });
});
