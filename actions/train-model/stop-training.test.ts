/** Real trainings, stopped in every way that there is: the checkpoint is kept, the record is true, and nothing is left. */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, type ExpectStatic, test, vi } from "vitest";
import { PYTHON, TORCH, TRAININGS, torchrun } from "../../test/fixture/training/programs.ts";
import { createFixture, type TrainingFixture, type TrainingScenario } from "./testing.ts";

interface Started extends TrainingFixture {
  /** The processes of the training that are left; none may be. */
  survivors(): readonly string[];
}

function start(scenario: TrainingScenario): Started {
  const mark = `TEST_RUN=${randomUUID()}`;
  const [name = "", value = ""] = mark.split("=");
  const inputs = { timeout: "10m", grace: "2m", ...scenario.inputs };
  const fixture = createFixture({ ...scenario, inputs, env: { ...scenario.env, [name]: value } });
  return Object.assign(fixture, { survivors: () => listProcessesWith(mark) });
}

function listProcessesWith(variable: string): readonly string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      return environment.includes(variable) ? [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")] : [];
    } catch {
      return [];
    }
  });
}

/** Only bounds a hang: four processes that import torch take long to start on a busy machine. */
const PATIENCE = 120_000;

const waitUntilGone = (expect: ExpectStatic, fixture: Started): Promise<void> =>
  vi.waitFor(() => expect(fixture.survivors()).toEqual([]), { timeout: PATIENCE, interval: 100 });

const plain = `${PYTHON} ${TRAININGS}plain.py`;
const TRAININGS_TO_STOP: readonly (readonly [string, string, boolean])[] = [
  ["a plain program with tee behind it", `${plain} | tee out.txt`, PYTHON !== undefined],
  ["a DataLoader with two workers", `${TORCH} ${TRAININGS}dataloader.py`, TORCH !== undefined],
  ["torchrun with two workers", torchrun(`${TRAININGS}distributed.py`), TORCH !== undefined],
];

describe.skipIf(process.platform !== "linux").each(TRAININGS_TO_STOP)(
  "%s",
  { timeout: PATIENCE },
  (_, script, isInstalled) => {
    const it = test.skipIf(!isInstalled);

    it("is kept when the job is cancelled", async ({ expect }) => {
      const fixture = start({ script, env: { SAVE_SECONDS: "1.5" } });
      const main = await fixture.interruptMain("READY", "SIGINT");
      expect([main.code, fixture.record.stop]).toMatchObject([130, { cause: "cancelled", signal: "SIGTERM" }]);
      const { log } = await fixture.post();
      expect(log).toContain("saved");
      expect([fixture.read("checkpoint") !== "", fixture.survivors()]).toEqual([true, []]);
      expect(fixture.record).toMatchObject({ outcome: "cancelled", stop: { killed: false }, metrics: [] });
    });

    it("is killed when it takes longer than its grace period", async ({ expect }) => {
      const fixture = start({ script, inputs: { grace: "1s" }, env: { SAVE_SECONDS: "60" } });
      await fixture.interruptMain("READY", "SIGINT");
      expect((await fixture.post()).log).toContain("was killed");
      expect([fixture.read("checkpoint"), fixture.survivors()]).toEqual(["", []]);
      expect(fixture.record).toMatchObject({ outcome: "cancelled", stop: { killed: true } });
    });

    it("is kept when the runner is killed, and no post step follows", async ({ expect }) => {
      const fixture = start({ script });
      await fixture.killRunner("READY");
      await waitUntilGone(expect, fixture);
      expect(fixture.read("checkpoint")).not.toBe("");
      expect(fixture.record).toMatchObject({ outcome: "cancelled", metrics: [] });
    });

    it("is kept when the action is killed; the post step says who has stopped it", async ({ expect }) => {
      const fixture = start({ script });
      await fixture.interruptMain("READY", "SIGKILL");
      expect((await fixture.post()).log).toContain("The training has ended by itself");
      expect([fixture.read("checkpoint") !== "", fixture.survivors()]).toEqual([true, []]);
      expect(fixture.record).toMatchObject({ outcome: "cancelled", stop: { cause: "watchdog", killed: false } });
    });
  },
);

describe.skipIf(process.platform !== "linux" || PYTHON === undefined)("a plain program", { timeout: PATIENCE }, () => {
  // How PyTorch ends when its time is up is tested without a clock (adapters/process).
  test.concurrent("is kept when its time is up", async ({ expect }) => {
    const fixture = start({ script: plain, inputs: { timeout: "6s" } });
    expect((await fixture.main()).outputs.outcome).toBe("timed-out");
    expect([fixture.read("checkpoint") !== "", fixture.survivors()]).toEqual([true, []]);
    expect(fixture.record.stop).toMatchObject({ cause: "timeout", graceSeconds: 120, killed: false });
  });

  test.concurrent("that does not stop is killed when the runner was", async ({ expect }) => {
    const fixture = start({ script: `${plain} ignore`, inputs: { grace: "1s" } });
    await fixture.killRunner("READY");
    await waitUntilGone(expect, fixture);
  });

  test.concurrent("is stopped in time while the action hangs, and the record tells it", async ({ expect }) => {
    const fixture = start({ script: plain, inputs: { timeout: "2s" } });
    // As by a runner that hangs and reads no output any more.
    const main = fixture.interruptMain("READY", "SIGSTOP");
    await vi.waitFor(() => expect(fixture.read("checkpoint")).not.toBe(""), { timeout: PATIENCE, interval: 100 });
    fixture.continueMain();
    expect((await main).outputs["outcome"]).toBe("timed-out");
    expect(fixture.record.stop).toMatchObject({ cause: "timeout" });
  });

  test.concurrent("is stopped by the post step although its output file is lost", async ({ expect }) => {
    const fixture = start({ script: `rm "$RUNNER_TEMP"/train-model-*.log\n${plain}`, env: { SAVE_SECONDS: "1.5" } });
    await fixture.interruptMain("READY", "SIGINT");
    const { code, log } = await fixture.post();
    expect([code, log]).toEqual([0, expect.stringContaining("its file cannot be read any more")]);
    expect([fixture.read("checkpoint") !== "", fixture.survivors()]).toEqual([true, []]);
  });
});
