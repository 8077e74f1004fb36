import { expect, test } from "vitest";
import { explainFailedJob } from "./failed-job.ts";

const TIME = "2026-01-31T12:00:00.0000000Z ";
const job = { name: "model (small)", conclusion: "failure", steps: ["Run python train.py"], annotations: [] };
const logOf = (...lines: readonly string[]): string => lines.map((line) => `${TIME}${line}`).join("\n");
const FAILED = 'job "model (small)" failed in the step "Run python train.py"';

test.each<[string, string | undefined, string]>([
  [
    "what was printed last",
    logOf(
      "epoch 1",
      "torch.OutOfMemoryError: CUDA out of memory",
      "",
      "##[error]Process completed with exit code 1.",
      "Post job cleanup.",
    ),
    `${FAILED}: torch.OutOfMemoryError: CUDA out of memory`,
  ],
  [
    "the runner's error",
    logOf("epoch 1", "##[error]The operation was canceled."),
    `${FAILED}: The operation was canceled.`,
  ],
  ["the step alone, without a log", undefined, FAILED],
  ["the step alone, where nothing was printed", logOf("##[error]Process completed with exit code 1."), FAILED],
  ["as much of a line as a reader reads", logOf("x".repeat(500)), `${FAILED}: ${"x".repeat(200)}…`],
])("a job that failed is explained by %s", (_, log, text) => {
  expect(explainFailedJob({ ...job, log })).toBe(text);
});
