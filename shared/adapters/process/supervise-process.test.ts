import { appendFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { captureOutput } from "./capture-output.ts";
import { followOutput } from "./follow-output.ts";
import { askToStop, listTree, type ProcessTree, stopTree } from "./process-tree.ts";
import type { ProcessResult } from "./supervise-process.ts";
import { createProcessFixture, HANG_LIMIT_MS } from "./testing.ts";

/** Waits for a signal without a child process: one that the signal kills first would end a script under `bash -e`. */
const WAITS = "while true; do read -r -t 1 -u 3 || true; done";
const onSignal = (signal: string, action: string): string =>
  `mkfifo never\nexec 3<>never\ntrap '${action}' ${signal}\necho ready\n${WAITS}`;

const SAVES = onSignal("TERM", "echo saved > checkpoint; exit 7");
/** Saves only when the test has written the file `go`. */
const SAVES_LATER = onSignal("TERM", "until [ -e go ]; do sleep 0.02; done; echo saved > checkpoint; exit 7");
const IGNORES_SIGNAL = onSignal("TERM", "");

function survivorOf(result: ProcessResult): ProcessTree {
  if (result.kind === "cancelled" && result.survivingTree) return result.survivingTree;
  throw new Error("it should still be running");
}

function askedOf(result: ProcessResult): Set<string> {
  return new Set(result.kind === "cancelled" ? result.asked : []);
}

describe("a program that exits by itself", () => {
  test.each([
    ["with success", "true", { code: 0, signal: null }],
    ["with a code", "exit 3", { code: 3, signal: null }],
    ["at the first line that fails", "false\necho never", { code: 1, signal: null }],
    ["when the first part of a pipe fails", "false | cat", { code: 1, signal: null }],
    ["because a signal killed it", "kill -KILL $$", { code: null, signal: "SIGKILL" }],
    ["because a signal killed what it started", "bash -c 'kill -SEGV $$'", { code: 139, signal: null }],
    ["without the program it names", "no-such-program-anywhere", { code: 127, signal: null }],
  ])("%s", async (_, script, exit) => {
    await using fixture = await createProcessFixture();
    expect(await fixture.run(script)).toEqual({ kind: "exited", exit, survivors: [] });
    expect(fixture.output.join("\n")).not.toContain("never");
  });

  test("shows the complete output of both streams", async () => {
    await using fixture = await createProcessFixture();
    await fixture.run("echo one; echo two >&2; printf three");
    expect(fixture.output.join("\n")).toBe("one\ntwo\nthree");
  });

  test("floods the log without being held up, and all of it is shown", async () => {
    await using fixture = await createProcessFixture();
    expect(await fixture.run("yes '0123456789abcdef' | head -n 200000 || true; echo the end")).toMatchObject({
      exit: { code: 0 },
    });
    const shown = fixture.output.join("\n").split("\n");
    expect(shown).toHaveLength(200_001);
    expect(shown.at(-1)).toBe("the end");
  });

  test("leaves nothing running, whatever it started in the background", async () => {
    await using fixture = await createProcessFixture();
    await fixture.run("sleep 60 & sleep 60 & echo started");
    expect(await Promise.all(fixture.trees.map(listTree))).toEqual([[]]);
  });

  test("has heartbeats while it is silent", async () => {
    await using fixture = await createProcessFixture();
    const silent = () => fixture.heartbeats.filter((lines) => lines === 1).length;
    const result = await fixture.run("echo started; until [ -e go ]; do sleep 0.02; done", {
      onHeartbeat: () => silent() === 3 && writeFileSync(join(fixture.directory, "go"), ""),
    });
    expect(result).toEqual({ kind: "exited", exit: { code: 0, signal: null }, survivors: [] });
    expect(silent()).toBeGreaterThanOrEqual(3);
  });

  test("gets no input, so that a prompt ends it instead of hanging", async () => {
    await using fixture = await createProcessFixture();
    expect(await fixture.run("read -r answer")).toMatchObject({ exit: { code: 1 } });
  });

  test("cannot start when it is not installed", async () => {
    await using fixture = await createProcessFixture();
    const problem = { problems: [{ code: "program-missing" }] };
    await expect(fixture.run("true", { program: "no-such-shell" })).rejects.toMatchObject(problem);
  });
});

describe("a program that must stop", () => {
  test("gets its grace period when its time is up", async () => {
    await using fixture = await createProcessFixture();
    const result = await fixture.run(SAVES, { timeOutOn: "ready" });
    expect(result).toMatchObject({ kind: "timed-out", exit: { code: 7, signal: null }, killed: false });
    expect(await readFile(join(fixture.directory, "checkpoint"), "utf8")).toBe("saved\n");
  });

  test("is stopped when its time is up, also without any output", async () => {
    await using fixture = await createProcessFixture();
    expect(await fixture.run("sleep 60", { timeout: 10 })).toMatchObject({ kind: "timed-out" });
  });

  test("is killed when it ignores the signal", async () => {
    await using fixture = await createProcessFixture();
    const result = await fixture.run(IGNORES_SIGNAL, { timeOutOn: "ready", grace: 200 });
    expect(result).toMatchObject({ kind: "timed-out", exit: { code: null, signal: "SIGKILL" }, killed: true });
  });

  test("gets the stop signal that was chosen", async () => {
    await using fixture = await createProcessFixture();
    const script = onSignal("USR1", "exit 9");
    expect(await fixture.run(script, { cancelOn: "ready", stopSignal: "SIGUSR1" })).toMatchObject({
      kind: "cancelled",
      exit: { code: 9 },
      survivingTree: undefined,
    });
  });

  test("gets the signal at once when the job is cancelled, and is left to a post step that has time to wait", async () => {
    await using fixture = await createProcessFixture();
    const result = await fixture.run(SAVES_LATER, { cancelOn: "ready", cancelWaitMs: 100 });
    const tree = survivorOf(result);
    expect(result).toMatchObject({ shownBytes: "ready\n".length });
    writeFileSync(join(fixture.directory, "go"), "");
    const options = { signal: "SIGTERM", grace: HANG_LIMIT_MS, asked: askedOf(result) } as const;
    expect(await stopTree(tree, options)).toBe("exited");
    expect(await readFile(join(fixture.directory, "checkpoint"), "utf8")).toBe("saved\n");
  });

  test("is killed by the post step when it ignores the signal, and nothing of it is left running", async () => {
    await using fixture = await createProcessFixture();
    const script = `sleep 60 &\n${IGNORES_SIGNAL}`;
    const tree = survivorOf(await fixture.run(script, { cancelOn: "ready", cancelWaitMs: 100 }));
    expect(await stopTree(tree, { signal: "SIGTERM", grace: 200 })).toBe("killed");
    expect(await listTree(tree)).toEqual([]);
  });
});

test("a tree whose number belongs to another one by now is neither listed nor signalled", async () => {
  await using fixture = await createProcessFixture();
  const tree = survivorOf(await fixture.run(IGNORES_SIGNAL, { cancelOn: "ready", cancelWaitMs: 100 }));
  const earlier = { leader: tree.leader, started: "1", marker: "another", output: "/another", limit: null };
  await askToStop(earlier, "SIGTERM", new Set());
  expect(await stopTree(earlier, { signal: "SIGTERM", grace: 0 })).toBe("exited");
  expect(await listTree(tree)).not.toEqual([]);
});

test("of a log that is too long, the newest line is shown after a note", async () => {
  await using fixture = await createProcessFixture();
  const shown: string[] = [];
  await fixture.run("yes 0123456789 | head -n 20000 || true; echo the end");
  const follower = await followOutput(join(fixture.directory, "output-0.log"), {
    onLines: (text) => shown.push(text),
    ...{ maxBytes: 64 * 1024, stateIntervalMs: 0 },
  });
  expect(await follower.stop()).toBe(220_008);
  expect(follower.progress).toMatchObject({ bytes: 220_008, isComplete: false });
  expect(shown.at(-2)).toMatch(/^Only the first 65,536 bytes of the output are shown here/);
  expect(shown.at(-1)).toBe("the end");
});

test("a progress bar is shown while it runs, and its last state once", async () => {
  await using fixture = await createProcessFixture();
  const path = join(fixture.directory, "bar.log");
  writeFileSync(path, "begin\n\r10 %");
  const shown: string[] = [];
  const seen = Promise.withResolvers<void>();
  const follower = await followOutput(path, {
    onLines(text) {
      shown.push(text);
      if (text === "50 %") seen.resolve();
      if (text === "10 %") appendFileSync(path, "\r50 %");
    },
    stateIntervalMs: 0,
  });
  await seen.promise;
  appendFileSync(path, "\r50 %\nend\n");
  await follower.stop();
  expect(shown).toEqual(["begin", "10 %", "50 %", "end"]);
});

test.each([
  ["what a program prints", "node", ["-p", "40 + 2"], HANG_LIMIT_MS, "42"],
  ["nothing of a program that fails", "false", [], HANG_LIMIT_MS, undefined],
  ["nothing of a program that is not installed", "no-such-program", [], HANG_LIMIT_MS, undefined],
  ["nothing of a program that takes too long", "sleep", ["3"], 100, undefined],
  ["nothing of a program that prints too much", "head", ["-c", "3000000", "/dev/zero"], HANG_LIMIT_MS, undefined],
])("captures %s", async (_, program, args, timeout, output) => {
  expect(await captureOutput(program, args, { timeout })).toBe(output);
});
