/** Curves that a training writes: in record, summary and page. */
import { describe, test } from "vitest";
import { createFixture } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;
const CURVES = `printf 'step\\tloss\\n0\\t1.5\\n1\\t0.5\\n2\\tnan\\n' > loss.tsv`;

describe("curves", () => {
  test.concurrent("are shown, and change no outcome", async ({ expect }) => {
    const fixture = createFixture({
      script: `${CURVES}\necho 'no table' > odd.tsv\n${METRICS}`,
      inputs: { curves: "*.tsv\nnone/*.csv", report: "out/report.html" },
    });
    const { exitCode, log, summary } = await fixture.main();
    expect(exitCode).toBe(0);
    expect(fixture.record.curves).toEqual([
      {
        name: "loss",
        axis: "step",
        points: [
          [0, 1.5],
          [1, 0.5],
        ],
      },
    ]);
    expect(log).toMatch(/odd\.tsv.*\[plot-/);
    expect(summary).toContain("**loss** over step");
    expect(fixture.read("out/report.html")).toMatch(/^<!doctype html>[\s\S]*<svg /);
  });

  test.concurrent("of a training that failed are shown, too, and those of an earlier one are not", async ({
    expect,
  }) => {
    const fixture = createFixture({
      script: `${CURVES}\nexit 1`,
      uncommittedFiles: { "old.tsv": "step\tloss\n0\t1\n1\t2\n" },
      inputs: { curves: "*.tsv" },
    });
    await fixture.main();
    expect(fixture.record.curves?.map(({ points }) => points[0])).toEqual([[0, 1.5]]);
    expect(fixture.read("training-report.html")).toBe("");
  });
});
