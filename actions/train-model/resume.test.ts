/** The runner is killed at random times; the training is started again, and ends as if nothing had happened. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { PYTHON, TORCH, TRAININGS } from "../../test/fixture/training/programs.ts";
import { createFixture, type TrainingFixture } from "./testing.ts";

const IS_DEEP = process.env["RUNNER_KILLS"] !== undefined;
const KILLS = Number(process.env["RUNNER_KILLS"] ?? "1");
/** Seconds: slower steps than checkpoints are kept show how much a kill loses. */
const STEP = IS_DEEP ? "0.15" : "0.06";
const PATIENCE = 120_000;

interface Resumable {
  readonly fixture: TrainingFixture;
  /** Numbers and times (seconds) of the steps that were made, in their order, by all attempts. */
  steps(): readonly (readonly [step: number, time: number])[];
  kept(): readonly string[];
}

function resumable(python: string | undefined, kind: string): Resumable {
  const outside = mkdtempSync(join(tmpdir(), "checkpoints-"));
  const [folder, steps] = [join(outside, "kept"), join(outside, "steps")];
  const fixture = createFixture({
    script: `exec ${python} ${TRAININGS}resumable.py ${kind}`,
    inputs: { timeout: "10m", checkpoints: "last.ckpt", "checkpoint-folder": folder, "checkpoint-every": "1s" },
    env: { STEPS_FILE: steps, STEP_SECONDS: STEP },
  });
  return {
    fixture,
    kept: () => readdirSync(folder),
    steps: () =>
      readFileSync(steps, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number) as [number, number]),
  };
}

/** Steps before which the runner is killed: after the first checkpoints, before the end. */
function randomSteps(count: number): readonly number[] {
  let seed = 20_261_127;
  return Array.from({ length: count }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return 2 + (seed % 57);
  });
}

const waitUntilStill = async ({ steps }: Resumable): Promise<void> => {
  let last = -1;
  await vi.waitFor(
    () => {
      const now = steps().length;
      const isStill = now === last;
      last = now;
      expect(isStill).toBe(true);
    },
    { timeout: PATIENCE, interval: 1_000 },
  );
};

const KINDS = [
  ["a plain program", PYTHON, ""],
  ["torch", TORCH, "torch"],
] as const;

describe.skipIf(process.platform !== "linux").each(KINDS)("%s", (_, python, kind) => {
  test.skipIf(python === undefined)(
    "ends with the same metrics, however often the runner is killed",
    { timeout: PATIENCE * (KILLS + 1) },
    async () => {
      const whole = resumable(python, kind);
      expect((await whole.fixture.main()).outputs.outcome).toBe("success");
      // What a training has saved is of no use once it succeeded.
      expect(whole.kept()).toEqual([]);

      for (const step of randomSteps(KILLS)) {
        const killed = resumable(python, kind);
        await killed.fixture.killRunner(`step ${step}.`);
        await waitUntilStill(killed);
        const before = killed.steps();
        killed.fixture.remove("last.ckpt");
        const { outputs } = await killed.fixture.main();
        expect(outputs.outcome).toBe("success");
        expect(killed.fixture.record.metrics).toEqual(whole.fixture.record.metrics);

        const [again = 0] = killed.steps()[before.length] ?? [];
        const [, endedAt = 0] = before.at(-1) ?? [];
        const [, restoredAt = before[0]?.[1] ?? 0] = before.find(([number]) => number === again - 1) ?? [];
        // An interval, the time in which a file must be quiet, and what a busy machine adds: told on a quiet one only.
        if (IS_DEEP) expect(endedAt - restoredAt).toBeLessThan(1 + 0.5 + 3);
        expect(killed.fixture.record.resumed === undefined).toBe(again === 1);
      }
    },
  );
});

test("a checkpoint that is there before is not taken for this training's", async () => {
  const { fixture } = resumable(PYTHON, "");
  fixture.write("last.ckpt", "of another training");
  expect((await fixture.main()).errorCodes).toEqual(["checkpoint-already-there"]);
});
