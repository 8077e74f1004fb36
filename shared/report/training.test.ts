import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TRAINING_RECORD, type TrainingRecord } from "../records/training-record.ts";
import { renderTrainingPage } from "./page/training-page.ts";
import { hostileText, renderAsGitHub } from "./testing.ts";
import { renderTraining } from "./training.ts";

const points = (count: number): [number, number][] => Array.from({ length: count }, (_, at) => [at, 1 / (at + 1)]);

const training = (more: Partial<TrainingRecord> = {}): TrainingRecord => ({
  ...{ schema: TRAINING_RECORD, outcome: "success", commit: "a".repeat(40), dataDigest: null, command: ["train"] },
  params: {},
  environment: { os: "Linux", arch: "X64", runner: "gpu-1", gpus: ["NVIDIA H100"], versions: {} },
  ...{ startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T02:00:00Z", exit: { code: 0, signal: null } },
  ...{ metrics: [], metricFiles: [], model: null },
  origin: { repository: "octo/model", workflow: "ci.yml", run: 1, attempt: 1, actor: "alice" },
  ...more,
});

const gpu = {
  ...{ index: 0, name: "NVIDIA H100", memoryBytes: 85.5e9, memoryPeakBytes: 43e9, utilizationMeanPercent: 87.5 },
  ...{ utilizationPeakPercent: 100, powerMeanWatts: 433, energyJoules: 5.04e6 },
};
const used = training({
  curves: [{ name: "loss", axis: "step", points: points(50) }],
  resources: {
    gpus: [gpu, { ...gpu, index: 1, mig: { profile: "1g.10gb", sharesBoard: true }, utilizationMeanPercent: null }],
    ...{ energyJoules: 5.04e6, wastedSeconds: 3_000, memoryPeakBytes: 12.3e9, cpuSeconds: 20_000 },
    cost: { amount: 8.5, currency: "USD", perHour: 4.25 },
    curves: [{ name: "GPU 0 utilization", unit: "%", axis: "seconds", points: points(200) }],
  },
});

describe("what a training used", () => {
  test("is told where it is known", () => {
    const text = renderTraining(used);
    for (const part of [
      ...["| Energy | 1.4 kWh |", "| Cost | 8.5 USD, at 4.25 an hour |", "| Idle | all GPUs for 50 min |"],
      "| Memory | 12.3 GB at most, 5.56 h of processor time |",
      ...["| 0 | 43 GB of 85.5 GB | 87.5 % | 433 W |", "| 1, slice 1g.10gb | 43 GB of 85.5 GB | not told |"],
      "433 W (whole board)",
      ...["**loss** over step", "**GPU 0 utilization (%)** over seconds"],
    ])
      expect(text).toContain(part);
    expect(text.match(/^xychart-beta$/gm)).toHaveLength(2);
    expect(renderTraining(training())).not.toMatch(/Energy|Cost|Idle|Memory|chart/);
  });

  test("is drawn on a page", () => {
    const page = renderTrainingPage(used);
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toContain("xychart");
    expect(page).toContain("<title>Training aaaaaaa</title>");
  });
});

test("whatever a training prints and is called, it stays text", () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 4 }), hostileText, (lines, name) => {
      const record = training({
        outcome: "failure",
        log: { path: name || "a.log", bytes: 1, tail: [...lines, "```", "````` x", "~~~"] },
        diagnosis: {
          kind: "gpu-oom",
          confidence: "high",
          retry: "no",
          message: name,
          evidence: { source: "log", line: name },
        },
        preflight: [{ code: "disk", outcome: "warn", message: name }],
        curves: [{ name: name || "a", axis: "step", points: points(3) }],
      });
      const html = renderAsGitHub(renderTraining(record));
      expect(html).not.toMatch(/<(?:a|img|script|input|h[124-6])\b|<!--/);
      expect(html.match(/<h3>/g)).toHaveLength(1);
      expect(renderTrainingPage(record)).not.toMatch(/<(?:a|img|script|input|h[124-6])\b|<!--/);
    }),
    { numRuns: 200, seed: 12 },
  );
});

test("a short training has no curves of what it used", () => {
  const curves = [{ name: "memory", unit: "GB", axis: "seconds" as const, points: points(20) }];
  expect(renderTraining(training({ resources: { gpus: [], curves } }))).not.toContain("chart");
});
