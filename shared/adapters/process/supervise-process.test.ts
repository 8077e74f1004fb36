import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { captureOutput } from "./capture-output.ts";
import { followOutput } from "./follow-output.ts";
import { listGroupMembers, signalGroup, terminateGroup } from "./process-group.ts";
import { createProcessFixture } from "./testing.ts";

/** Says that it is ready, and on SIGTERM saves for a while before it ends. */
const SAVES = (seconds: string): string => `
trap 'sleep ${seconds}; echo saved > checkpoint; exit 7' TERM
echo ready
while true; do sleep 0.02; done`;
const IGNORES = "trap '' TERM\necho ready\nwhile true; do sleep 0.02; done";

describe("a program that ends by itself", () => {
  test.each([
    ["well", "true", { code: 0, signal: null }],
    ["with a code", "exit 3", { code: 3, signal: null }],
    ["at the first line that fails", "false\necho never", { code: 1, signal: null }],
    ["when the first part of a pipe fails", "false | cat", { code: 1, signal: null }],
    ["because a signal killed it", "kill -KILL $$", { code: null, signal: "SIGKILL" }],
    ["because a signal killed what it started", "bash -c 'kill -SEGV $$'", { code: 139, signal: null }],
    ["without the program it names", "no-such-program-anywhere", { code: 127, signal: null }],
  ])("%s", async (_, script, exit) => {
    await using bench = await createProcessFixture();
    expect(await bench.run(script)).toEqual({ kind: "exited", exit });
    expect(bench.output.join("\n")).not.toContain("never");
  });

  test("shows both of its streams, to the last word", async () => {
    await using bench = await createProcessFixture();
    await bench.run("echo one; echo two >&2; printf three");
    expect(bench.output.join("\n")).toBe("one\ntwo\nthree");
  });

  test("floods the log without being held up, and all of it is shown", async () => {
    await using bench = await createProcessFixture();
    expect(await bench.run("yes '0123456789abcdef' | head -n 200000 || true; echo the end")).toMatchObject({
      exit: { code: 0 },
    });
    const shown = bench.output.join("\n").split("\n");
    expect(shown).toHaveLength(200_001);
    expect(shown.at(-1)).toBe("the end");
  });

  test("leaves nothing behind, whatever it put into the background", async () => {
    await using bench = await createProcessFixture();
    await bench.run("sleep 60 & sleep 60 & echo started");
    expect(await Promise.all(bench.groups.map(listGroupMembers))).toEqual([[]]);
  });

  test("is heard from while it is silent", async () => {
    await using bench = await createProcessFixture();
    await bench.run("echo begun; sleep 0.4");
    expect(bench.heartbeats.length).toBeGreaterThan(2);
    expect(bench.heartbeats.at(-1)).toBe(1);
  });

  test("gets no input, so that a question ends it instead of hanging", async () => {
    await using bench = await createProcessFixture();
    expect(await bench.run("read -r answer")).toMatchObject({ exit: { code: 1 } });
  });

  test("cannot begin when it is not there", async () => {
    await using bench = await createProcessFixture();
    const problem = { problems: [{ code: "program-missing" }] };
    await expect(bench.run("true", { program: "no-such-shell" })).rejects.toMatchObject(problem);
  });
});

describe("a program that must stop", () => {
  test("gets its grace when its time is up", async () => {
    await using bench = await createProcessFixture();
    const ended = await bench.run(SAVES("0.2"), { timeout: 300 });
    expect(ended).toEqual({ kind: "timed-out", exit: { code: 7, signal: null } });
    expect(await readFile(join(bench.directory, "checkpoint"), "utf8")).toBe("saved\n");
  });

  test("is killed when it does not care", async () => {
    await using bench = await createProcessFixture();
    const ended = await bench.run(IGNORES, { timeout: 200, grace: 200 });
    expect(ended).toEqual({ kind: "timed-out", exit: { code: null, signal: "SIGKILL" } });
  });

  test("is told so with the signal that was chosen", async () => {
    await using bench = await createProcessFixture();
    const script = "trap 'exit 9' USR1\necho ready\nwhile true; do sleep 0.02; done";
    expect(await bench.run(script, { cancelOn: "ready", stopSignal: "SIGUSR1" })).toMatchObject({
      kind: "cancelled",
      exit: { code: 9 },
      survivingGroup: undefined,
    });
  });

  test("is told at once when the job is cancelled, and left to somebody who has the time to wait", async () => {
    await using bench = await createProcessFixture();
    const ended = await bench.run(SAVES("1.2"), { cancelOn: "ready" });
    if (ended.kind !== "cancelled" || !ended.survivingGroup) throw new Error("it should still be saving");
    expect(ended.shownBytes).toBe(bench.output.join("\n").length + 1);
    expect(await terminateGroup(ended.survivingGroup, { signal: "SIGTERM", grace: 5_000, asked: true })).toBe("exited");
    expect(await readFile(join(bench.directory, "checkpoint"), "utf8")).toBe("saved\n");
  });

  test("and does not, is killed by whoever waited, and nothing of it is left", async () => {
    await using bench = await createProcessFixture();
    const ended = await bench.run(`sleep 60 &\n${IGNORES}`, { cancelOn: "ready" });
    if (ended.kind !== "cancelled" || !ended.survivingGroup) throw new Error("it should still be running");
    expect(await terminateGroup(ended.survivingGroup, { signal: "SIGTERM", grace: 200, asked: true })).toBe("killed");
    expect(await listGroupMembers(ended.survivingGroup)).toEqual([]);
  });
});

test("a group whose number belongs to somebody else is neither seen nor signalled", async () => {
  await using bench = await createProcessFixture();
  const ended = await bench.run(IGNORES, { cancelOn: "ready" });
  if (ended.kind !== "cancelled" || !ended.survivingGroup) throw new Error("it should still be running");
  const stranger = { ...ended.survivingGroup, started: "1" };
  await signalGroup(stranger, "SIGKILL");
  expect(await terminateGroup(stranger, { signal: "SIGTERM", grace: 0 })).toBe("exited");
  expect(await listGroupMembers(ended.survivingGroup)).not.toEqual([]);
});

test("a log that is too long ends with a word about the rest", async () => {
  await using bench = await createProcessFixture();
  const shown: string[] = [];
  await bench.run("yes 0123456789 | head -n 20000 || true");
  const following = await followOutput(join(bench.directory, "output-0.log"), {
    onLines: (text) => shown.push(text),
    maxBytes: 64 * 1024,
  });
  expect(await following.stop()).toBe(64 * 1024);
  expect(shown.join("\n")).toMatch(/Only the first 65,536 bytes of the output are shown here\./);
});

test.each([
  ["what a program says", "node", ["-p", "40 + 2"], "42"],
  ["nothing for a program that fails", "false", [], undefined],
  ["nothing for a program that is not there", "no-such-program", [], undefined],
  ["nothing for a program that takes too long", "sleep", ["60"], undefined],
  ["nothing for a program that says too much", "head", ["-c", "3000000", "/dev/zero"], undefined],
])("a probe answers with %s", async (_, program, args, answer) => {
  expect(await captureOutput(program, args, { timeout: 500 })).toBe(answer);
});
