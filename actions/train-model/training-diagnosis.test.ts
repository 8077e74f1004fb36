/** Why a training failed: in the error, the record and the summary. */
import { describe, test } from "vitest";
import { createFixture } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;

describe("the cause of a failure", () => {
  test.concurrent("stands in error, record and summary, with its line and what to do", async ({ expect }) => {
    const line = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. @octo **x** <b>";
    const fixture = createFixture({
      script: [
        "cat >&2 <<'END'",
        "Traceback (most recent call last):",
        '  File "train.py", line 12, in <module>',
        `\u001B[31m${line}\u001B[0m`,
        "END",
        "exit 1",
      ].join("\n"),
    });
    const { log, summary, errorCodes } = await fixture.main();
    expect(errorCodes).toEqual(["training-failed"]);
    expect(log).toMatch(/with exit code 1: a GPU ran out of memory: ".*"\. Use a smaller batch.*\[training-failed\]/);
    expect(log).toContain(line);
    expect(fixture.record.diagnosis).toEqual({
      kind: "gpu-oom",
      confidence: "high",
      retry: "no",
      message: "a GPU ran out of memory",
      evidence: { source: "log", line },
    });
    expect(fixture.record.problems?.at(-1)?.message).toContain("a GPU ran out of memory");
    expect(summary).toContain(
      "**Why:** a GPU ran out of memory (`gpu-oom`): torch.OutOfMemoryError&#58; CUDA out of memory.",
    );
    expect(summary).toMatch(
      /\*\*Next:\*\* Use a smaller batch.* Running it again without a change will end the same way\./,
    );
  });

  test.concurrent("is not invented for a success that mentions an error", async ({ expect }) => {
    const fixture = createFixture({ script: `echo "CUDA out of memory. Tried to allocate 1 GiB"\n${METRICS}` });
    await fixture.main();
    expect(fixture.record.outcome).toBe("success");
    expect(fixture.record).not.toHaveProperty("diagnosis");
  });

  test.concurrent("may be a signal of somebody else", async ({ expect }) => {
    const fixture = createFixture({ script: "kill -TERM $$" });
    const { log } = await fixture.main();
    expect(log).toContain("something outside the training ended it with SIGTERM");
    expect(fixture.record.diagnosis).toMatchObject({ kind: "killed", retry: "once" });
  });

  test.concurrent("of results that are no numbers is that it diverged", async ({ expect }) => {
    const fixture = createFixture({ script: `echo '{"mae": NaN}' > metrics.json` });
    await fixture.main();
    expect(fixture.record.diagnosis).toMatchObject({ kind: "divergence", evidence: { source: "metrics" } });
    expect(fixture.record.problems?.map(({ code }) => code)).toEqual([
      "metrics-not-finite",
      "training-results-unusable",
    ]);
  });
});
