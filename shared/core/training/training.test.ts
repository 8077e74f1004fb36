import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TrainingRecord } from "../../records/training-record.ts";
import { assertRecordMatches } from "./assert-record-matches.ts";
import { maskCommand } from "./mask-command.ts";
import { type DispatchedRunCriteria, type ListedRun, matchDispatchedRuns } from "./match-dispatched-runs.ts";
import { validateTrainingParams } from "./params.ts";
import { formatDuration, pollDelay } from "./polling.ts";
import { parsePostState } from "./post-state.ts";
import { parseRunState, RUN_CONCLUSIONS, RUN_STATUSES } from "./run-state.ts";

describe("what a run's status and conclusion mean", () => {
  const conclusions = [...RUN_CONCLUSIONS, null, "celebrated"];
  const pairs = [...RUN_STATUSES, null, "paused"].flatMap((status) => conclusions.map((end) => [status, end] as const));

  test.each(pairs)("%s with %s is green only for completed with success", (status, conclusion) => {
    const state = parseRunState(status, conclusion);
    const known = RUN_STATUSES.some((one) => one === status);
    expect(state.kind === "ended").toBe(status === "completed" || !known);
    const isGreen = state.kind === "ended" && state.outcome === "success";
    expect(isGreen).toBe(status === "completed" && conclusion === "success");
  });

  test("nothing else is ever green", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(...RUN_STATUSES, ...RUN_CONCLUSIONS, "SUCCESS", "constructor", "__proto__"),
    );
    fc.assert(
      fc.property(word, fc.option(word), (status, conclusion) => {
        const state = parseRunState(status, conclusion);
        const isGreen = state.kind === "ended" && state.outcome === "success";
        expect(isGreen).toBe(status === "completed" && conclusion === "success");
      }),
      { numRuns: 1_000 },
    );
  });
});

test("six hours of waiting cost at most 61 requests an hour", () => {
  let polls = 0;
  for (let passed = 0; passed < 6 * 3_600_000; passed += pollDelay(polls - 1)) polls += 1;
  expect(polls).toBeLessThanOrEqual(6 * 61 + 5);
});

test("a run that ends after two seconds is noticed within one more", () => {
  let passed = 0;
  for (let polls = 0; passed < 2_000; polls += 1) passed += pollDelay(polls);
  expect(passed).toBeLessThanOrEqual(3_000);
});

test.each([
  [400, "0 s"],
  [59_400, "59 s"],
  [61_000, "1 min 1 s"],
  [600_000, "10 min"],
  [7_500_000, "2 h 5 min"],
  [-5_000, "0 s"],
])("%d ms are formatted as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe("of similar runs, only the dispatched one matches", () => {
  const dispatched: ListedRun = {
    ...{ id: 1, title: "train abc 0b9f", event: "workflow_dispatch", branch: "main", workflow: 5 },
    actor: { login: "github-actions[bot]", isBot: true },
  };
  const criteria: DispatchedRunCriteria = { request: "0b9f", branch: "main", workflow: 5, actor: "bot" };
  test.each<[string, Partial<ListedRun>]>([
    ["another title", { title: "train abc 0b9e" }],
    ["another event", { event: "push" }],
    ["another branch", { branch: "main2" }],
    ["no branch", { branch: null }],
    ["another workflow", { workflow: 6 }],
    ["a person", { actor: { login: "github-actions[bot]", isBot: false } }],
  ])("not one with %s", (_, difference) => {
    expect(matchDispatchedRuns([{ ...dispatched, ...difference, id: 2 }, dispatched], criteria)).toEqual([dispatched]);
  });

  test("not one of another person", () => {
    const of = (login: string): ListedRun => ({ ...dispatched, actor: { login, isBot: false } });
    expect(matchDispatchedRuns([of("mallory"), of("alice")], { ...criteria, actor: { login: "alice" } })).toEqual([
      of("alice"),
    ]);
  });
});

describe("a record matches only its own request", () => {
  const record: TrainingRecord = {
    schema: "mlops-actions/training-record@2",
    ...{ outcome: "success", commit: "a".repeat(40), dataDigest: null, command: ["true"], params: {} },
    environment: { os: "Linux", arch: "X64", runner: "", gpus: [], versions: {} },
    ...{ startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:00:01Z", exit: { code: 0, signal: null } },
    ...{ metrics: [], metricFiles: [], model: null },
    origin: { repository: "octo/model", workflow: "train.yml", run: 7, attempt: 1, actor: "alice" },
  };
  const request = { commit: "a".repeat(40), repository: "Octo/Model", run: 7 };

  test("this one does", () => {
    expect(() => assertRecordMatches(record, request, "r.json")).not.toThrow();
  });

  test.each([
    ["another run's", { ...record, origin: { ...record.origin, run: 8 } }, ["record-other-run"]],
    [
      "another repository's",
      { ...record, origin: { ...record.origin, repository: "evil/model" } },
      ["record-other-run"],
    ],
    ["another commit's", { ...record, commit: "b".repeat(40) }, ["record-other-commit"]],
    ["a failure's", { ...record, outcome: "failure" as const }, ["record-not-success"]],
    [
      "one that differs in everything",
      { ...record, commit: "b".repeat(40), outcome: "cancelled" as const, origin: { ...record.origin, run: 8 } },
      ["record-other-run", "record-other-commit", "record-not-success"],
    ],
  ])("not %s", (_, given, codes) => {
    const problems = codes.map((code) => expect.objectContaining({ code, place: { file: "r.json" } }));
    expect(() => assertRecordMatches(given, request, "r.json")).toThrow(expect.objectContaining({ problems }));
  });
});

describe("parameters", () => {
  test("are flat", () => {
    expect(validateTrainingParams({ lr: 0.1, name: "x", shuffle: true })).toEqual({
      lr: 0.1,
      name: "x",
      shuffle: true,
    });
  });

  test("are all reported when they are not", () => {
    const given = { a: { b: 1 }, c: [1], d: null, e: Number.POSITIVE_INFINITY };
    const problems = Object.keys(given).map((name) =>
      expect.objectContaining({ message: expect.stringContaining(`"${name}"`) }),
    );
    expect(() => validateTrainingParams(given)).toThrow(expect.objectContaining({ problems }));
  });

  test("keep names that are special in JavaScript", () => {
    expect(Object.entries(validateTrainingParams(JSON.parse('{"__proto__": 1, "constructor": 2}')))).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  test("must fit into a variable", () => {
    expect(() => validateTrainingParams({ text: "x".repeat(140_000) })).toThrow("params-too-long");
    // Three bytes each.
    expect(() => validateTrainingParams({ text: "訓".repeat(45_000) })).toThrow("params-too-long");
    expect(validateTrainingParams({ text: "x".repeat(120_000) })).toHaveProperty("text");
  });
});

test("a secret in the command is masked in the record", () => {
  const env = { API_TOKEN: "s3cr3t-value", SHORT_TOKEN: "ab", HOME: "/home/x" };
  expect(maskCommand("curl -H 's3cr3t-value' ab /home/x", env).at(-1)).toBe("curl -H '***' ab /home/x");
  const nested = { A_TOKEN: "s3cr3t-value", B_TOKEN: "s3cr3t-value-longer" };
  expect(maskCommand("curl s3cr3t-value-longer s3cr3t-value", nested).at(-1)).toBe("curl *** ***");
});

test.each([
  "",
  "{",
  "null",
  '{"group":{"id":0,"started":"1"},"outputPath":"x","shownBytes":0,"signalled":true}',
  '{"pid":1}',
])("no process is signalled for the state %s", (saved) => {
  expect(parsePostState(saved)).toBeUndefined();
});
