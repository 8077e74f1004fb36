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

/** A store that is a folder, as one that is a bucket would be written. */
const inBucket = (bucket: string): string => `
case $1 in
  save) mkdir -p "${bucket}/$CHECKPOINT_KEY"; cp -r "$CHECKPOINT_FOLDER"/. "${bucket}/$CHECKPOINT_KEY" ;;
  restore) if test -d "${bucket}/$CHECKPOINT_KEY"; then cp -r "${bucket}/$CHECKPOINT_KEY"/. "$CHECKPOINT_FOLDER"; fi ;;
  discard) rm -r "${bucket}/$CHECKPOINT_KEY" ;;
esac`;

describe.skipIf(process.platform !== "linux" || PYTHON === undefined)("with a command that keeps checkpoints", () => {
  const elsewhere = (script: (bucket: string) => string, fails: boolean) => {
    const outside = mkdtempSync(join(tmpdir(), "bucket-"));
    const metrics = `echo '{"loss": 1}' > metrics.json`;
    const fixture = createFixture({
      // Saves, fails; the next attempt finds what was saved.
      script: `if test -f last.ckpt; then ${metrics}; cat last.ckpt; else echo half > last.ckpt; ${fails ? "exit 3" : metrics}; fi`,
      inputs: { checkpoints: "last.ckpt", "checkpoint-command": script(outside) },
    });
    return { fixture, bucket: () => readdirSync(outside) };
  };

  test("another machine goes on with what the first has saved, and nothing is left after a success", async () => {
    const { fixture, bucket } = elsewhere(inBucket, true);
    expect((await fixture.main()).outputs.outcome).toBe("failure");
    const saved = fixture.record.checkpoint?.digest;
    expect([saved === undefined, bucket().length]).toEqual([false, 1]);
    fixture.remove("last.ckpt");
    const second = await fixture.main();
    expect(second.log).toContain("Resumed from the checkpoint");
    expect([second.outputs.outcome, fixture.record.resumed?.checkpoint, bucket()]).toEqual(["success", saved, []]);
  });

  test("nothing is trained while it is not known whether there is a checkpoint", async () => {
    const { fixture } = elsewhere(() => "echo no route >&2; exit 7", false);
    const { errorCodes, log } = await fixture.main();
    expect(errorCodes).toEqual(["checkpoint-restore-failed"]);
    expect([log, fixture.read("last.ckpt")]).toEqual([expect.stringContaining("exit code 7: no route"), ""]);
  });

  test("a checkpoint that it could not take is said, and the training counts all the same", async () => {
    const { fixture } = elsewhere(() => "test $1 = restore || exit 9", true);
    const { errorCodes, log } = await fixture.main();
    expect(errorCodes.at(-1)).toBe("training-failed");
    expect(log).toContain(
      'The newest checkpoint is on this machine only: "save" of the checkpoint-command ended with exit code 9',
    );
    expect(fixture.record.checkpoint?.complete).toBe(true);
  });
});

test("a checkpoint that is there before is not taken for this training's", async () => {
  const { fixture } = resumable(PYTHON, "");
  fixture.write("last.ckpt", "of another training");
  expect((await fixture.main()).errorCodes).toEqual(["checkpoint-already-there"]);
});
