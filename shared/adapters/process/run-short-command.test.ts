import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { runShortCommand } from "./run-short-command.ts";

const LONG = 60_000;
const sh = (script: string, more: { readonly timeout?: number; readonly signal?: AbortSignal } = {}) =>
  runShortCommand({ program: "sh", args: ["-c", script], timeout: LONG, maxBytes: 1_000, ...more });

afterEach(() => vi.restoreAllMocks());

test("the output is bytes, and the exit code is told", async () => {
  expect(await sh("printf 'a\\377'; exit 3")).toEqual({ kind: "exited", code: 3, output: Buffer.from([0x61, 0xff]) });
});

test("a program that is killed has no exit code", async () => {
  expect(await sh("kill -9 $$")).toMatchObject({ kind: "exited", code: null });
});

test("arguments and a program with spaces reach it as they are, through no shell", async () => {
  const args = ["-p", "JSON.stringify(process.argv.slice(1))", "a b", "$HOME", '"', "*"];
  const command = { program: process.execPath, args, timeout: LONG, maxBytes: 1_000 };
  const result = await runShortCommand(command);
  expect(result.kind === "exited" && JSON.parse(result.output.toString())).toEqual(["a b", "$HOME", '"', "*"]);
  expect(await runShortCommand({ ...command, program: "/no such/program" })).toMatchObject({ kind: "not-started" });
});

test("nothing it prints gets into the log", async () => {
  const writes = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockReturnValue(true));
  await sh("echo ::error::no; echo ::set-env name=A::no >&2");
  const printed = writes.map(({ mock }) => mock.calls.length);
  vi.restoreAllMocks();
  expect(printed).toEqual([0, 0]);
});

test("the time limit holds for a program that no signal ends", async () => {
  expect(await sh("trap '' TERM INT HUP; sleep 3", { timeout: 50 })).toEqual({ kind: "timed-out" });
});

test("a program that has ended is not waited for because of what it left running", async () => {
  expect(await sh("echo done; sleep 5 &")).toEqual({ kind: "exited", code: 0, output: Buffer.from("done\n") });
});

test("more output than wanted ends the wait, and the program", async () => {
  const mark = `endless ${process.pid}`;
  const running = runShortCommand({ program: "yes", args: [mark], timeout: LONG, maxBytes: 1_000 });
  expect(await running).toEqual({ kind: "too-much-output" });
  await vi.waitFor(() => expect(spawnSync("pgrep", ["-f", mark]).status).toBe(1));
});

test("errors are output, too: the toolkit would keep all of them in memory", async () => {
  expect(await sh("exec yes >&2")).toEqual({ kind: "too-much-output" });
});

test.runIf(process.platform === "linux")(
  "a script that stands for the program is ended, not only its interpreter's name",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "shim-"));
    const program = join(folder, "git");
    writeFileSync(program, "#!/bin/sh\nwhile :; do sleep 0.05; done\n", { mode: 0o755 });
    const running = runShortCommand({ program, args: ["status"], timeout: 200, maxBytes: 1_000 });
    expect(await running).toEqual({ kind: "timed-out" });
    await vi.waitFor(() => expect(spawnSync("pgrep", ["-f", program]).status).toBe(1));
    rmSync(folder, { recursive: true });
  },
);

test("a cancellation ends the wait with its reason", async () => {
  const cancellation = new AbortController();
  const running = sh("sleep 3", { signal: cancellation.signal });
  cancellation.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
  await expect(sh("true", { signal: cancellation.signal })).rejects.toThrow("cancelled");
});
