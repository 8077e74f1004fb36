/** How real programs end that save when they are asked to: nothing is lost, and nothing is left. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type ExpectStatic, test } from "vitest";
import { PYTHON, TORCH, TRAININGS, torchrun } from "../../../test/fixture/training/programs.ts";
import { listTree } from "./process-tree.ts";
import { createProcessFixture, type ProcessFixture, type ScriptOptions } from "./testing.ts";

const plain = `${PYTHON} ${TRAININGS}plain.py`;

const SHAPES: Readonly<Record<string, string>> = {
  "a plain program": plain,
  "with worker processes": `${PYTHON} ${TRAININGS}workers.py`,
  "with tee behind it": `${plain} | tee out.txt`,
  "in a session of its own": `setsid ${plain}`,
  "in a session of its own, with tee": `setsid ${plain} 2>&1 | tee out.txt | cat`,
  "behind sh -c": `sh -c '${plain}; true'`,
  "behind two shells": `bash -c 'sh -c "${plain}; true"; true'`,
  "behind a shell with an exit trap": `bash -c 'trap "echo bye" EXIT; ${plain}; true'`,
  "behind a shell with a trap that passes it on": `bash -c 'trap "kill -TERM \\$pid; wait \\$pid" TERM; ${plain} & pid=$!; wait $pid'`,
  "behind a shell with a trap that waits": `trap 'echo late' TERM\n${plain}`,
  "with nohup": `nohup ${plain}`,
  "with nohup, in the background": `nohup ${plain} > nohup.txt & while ! grep -q READY nohup.txt; do sleep 0.05; done; echo READY; wait`,
  "with a time limit": `timeout 60 ${plain}`,
  "with a helper in the background": `sleep 60 &\n${plain}`,
};

const TORCH_SHAPES: Readonly<Record<string, string>> = {
  "a DataLoader with two workers": `${TORCH} ${TRAININGS}dataloader.py`,
  "a DataLoader with two workers, and tee": `${TORCH} ${TRAININGS}dataloader.py | tee out.txt`,
  "torchrun with two workers": torchrun(`${TRAININGS}distributed.py`),
};

/** Concurrent tests have an `expect` each, which counts its assertions. */
async function expectSaved(
  expect: ExpectStatic,
  fixture: ProcessFixture,
  script: string,
  options: ScriptOptions,
): Promise<void> {
  const result = await fixture.run(script, options);
  const output = fixture.output.join("\n");
  expect(existsSync(join(fixture.directory, "checkpoint")), output).toBe(true);
  expect(result).toMatchObject(options.cancelOn ? { kind: "cancelled", survivingTree: undefined } : { killed: false });
  expect(await Promise.all(fixture.trees.map(listTree))).toEqual([[]]);
}

/** How often each process got the signal. */
function countSignals(fixture: ProcessFixture): readonly number[] {
  const lines = readFileSync(join(fixture.directory, "signals"), "utf8").trim().split("\n");
  return [...Map.groupBy(lines, (line) => line.split(" ")[0]).values()].map((received) => received.length);
}

describe.skipIf(PYTHON === undefined)("a program that saves (skipped: there is no Python)", () => {
  test.concurrent.for(Object.entries(SHAPES))("%s, when the job is cancelled", async ([, script], { expect }) => {
    await using fixture = await createProcessFixture();
    await expectSaved(expect, fixture, script, { cancelOn: "READY" });
    // GNU timeout signals its child, and then its group: a child that is quick enough gets both.
    const most = script.startsWith("timeout ") ? 2 : 1;
    for (const count of countSignals(fixture)) expect(count).toBeLessThanOrEqual(most);
  });

  test.concurrent("when its time is up", async ({ expect }) => {
    await using fixture = await createProcessFixture();
    await expectSaved(expect, fixture, `${plain} | tee out.txt`, { timeOutOn: "READY" });
  });

  test.concurrent("and then the rest of its script runs", async ({ expect }) => {
    await using fixture = await createProcessFixture();
    const upload = `${PYTHON} -c 'import time; time.sleep(0.5); open("checkpoint", "a").write(" and kept")'`;
    await expectSaved(expect, fixture, `${plain}\n${upload}`, { cancelOn: "READY" });
    expect(readFileSync(join(fixture.directory, "checkpoint"), "utf8")).toBe("saved and kept");
  });

  test.concurrent("on Ctrl-C, as Python does by itself, when that is the stop signal", async ({ expect }) => {
    await using fixture = await createProcessFixture();
    await expectSaved(expect, fixture, `${plain} interrupt | tee out.txt`, { cancelOn: "READY", stopSignal: "SIGINT" });
  });
});

/** Four processes that import torch take long to start on a busy machine. */
const PATIENCE = 120_000;
const patient = { timeout: PATIENCE, grace: PATIENCE, cancelWaitMs: PATIENCE };

describe.skipIf(TORCH === undefined)("PyTorch (skipped: there is no torch)", { timeout: PATIENCE }, () => {
  test.for(Object.entries(TORCH_SHAPES))("%s, when the job is cancelled", async ([, script], { expect }) => {
    await using fixture = await createProcessFixture();
    await expectSaved(expect, fixture, script, { ...patient, cancelOn: "READY" });
  });

  test.for(Object.entries(TORCH_SHAPES))("%s, when its time is up", async ([, script], { expect }) => {
    await using fixture = await createProcessFixture();
    await expectSaved(expect, fixture, script, { ...patient, timeOutOn: "READY" });
  });
});

describe("what leaves the group and its parent", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a session of its own", "setsid -f sleep 61 > /dev/null 2>&1"],
    ["an empty environment, but the output", "env -i /usr/bin/setsid -f /bin/sleep 61"],
    ["nothing that it was given", "env -i /usr/bin/setsid -f /bin/sleep 61 > /dev/null 2>&1"],
    ["an empty environment, below somebody", "setsid -f bash -c 'env -i sleep 61 & wait' > /dev/null 2>&1"],
  ];

  test.concurrent.for(cases)("%s: it is named and ended when the program has ended", async ([, script], { expect }) => {
    await using fixture = await createProcessFixture();
    const { survivors } = await fixture.run(`${script}\necho done`);
    expect(survivors).toContainEqual({ name: "sleep", pid: expect.any(Number), wasEnded: true });
    expect(await Promise.all(fixture.trees.map(listTree))).toEqual([[]]);
  });

  test.concurrent("it is ended with a program that is stopped", async ({ expect }) => {
    await using fixture = await createProcessFixture();
    await fixture.run(`${cases.map(([, script]) => script).join("\n")}\necho READY\nsleep 60`, { cancelOn: "READY" });
    expect(await Promise.all(fixture.trees.map(listTree))).toEqual([[]]);
  });

  test.concurrent("somebody else who reads its output is no part of it", async ({ expect }) => {
    await using fixture = await createProcessFixture();
    let reader: ChildProcess | undefined;
    const { survivors } = await fixture.run("until [ -e go ]; do sleep 0.05; done", {
      onHeartbeat() {
        reader ??= spawn("tail", ["-f", join(fixture.directory, "output-0.log")], { stdio: "ignore" });
        writeFileSync(join(fixture.directory, "go"), "");
      },
    });
    expect([survivors, reader?.exitCode, reader?.signalCode]).toEqual([[], null, null]);
    reader?.kill("SIGKILL");
  });
});
