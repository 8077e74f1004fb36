import { expect, test } from "vitest";
import type { GateEvidence } from "../../shared/core/gate/verify-evidence.ts";
import { userError } from "../../shared/problem/problem.ts";
import type { Origin } from "../../shared/records/fields.ts";
import { inMemory, readValue, SHA, training } from "../../shared/records/testing.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { explainFailure } from "./explain-failure.ts";

const origin: Origin = { repository: "octo/model", workflow: "w", run: 7, attempt: 1, actor: "octo" };
const step = { name: `Run ${"x".repeat(100)}`, url: "https://github.example/log" };
const ended = inMemory(trainingRecord).parse({ ...training, outcome: "failure", exit: { code: 137, signal: null } });
const evidenceOf = (record: typeof ended): GateEvidence => ({
  files: [{ path: "record.json", record, metrics: [], skipped: [] }],
  committed: [],
  report: undefined,
});

test.each([
  [
    "what the training recorded",
    async () => evidenceOf(ended),
    step,
    /^the training ended in failure \(exit code 137\)/,
  ],
  [
    "the step, of a training that recorded success",
    async () => evidenceOf(readValue(trainingRecord, training).record),
    step,
    /^the step "Run x{76}…" failed/,
  ],
  ["the step, where nothing was written", async () => Promise.reject(noFile), step, /^the step "Run/],
  [
    "that there was one, where nothing is known",
    async () => Promise.reject(noFile),
    undefined,
    /^an earlier step of the job failed/,
  ],
])("the cause is %s", async (_, readEvidence, found, message) => {
  const { problems, logUrl } = await explainFailure({ readEvidence, findFailedStep: async () => found }, SHA, origin);
  expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
  expect(logUrl).toBe(found?.url);
});

const noFile = userError({ code: "no-files", message: "there is no such file", fix: "Write it" });
