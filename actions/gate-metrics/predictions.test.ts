/** gate-metrics by per-example results, on the local GitHub: whose they are, and what a change may try. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES, zipTexts } from "../../shared/adapters/baseline/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import type { JobEvent } from "../../test/fixture/prepare-job.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 2
gates: [{ metric: accuracy, max-regression: auto }]
statistics: { on-inconclusive: pass, predictions: { files: [predictions.csv], prediction: guess } }
`;

/** Of 400 cases; those from `from` on, so many, are wrong. */
const csv = (from: number, wrong: number): string =>
  [
    "id,label,guess,text",
    ...Array.from(
      { length: 400 },
      (_, at) => `c${at},cat,${at >= from && at < from + wrong ? "dog" : "cat"},secret ${at}`,
    ),
  ].join("\n");
const record = (accuracy: number, predictions: string | undefined, changes = {}): string =>
  createTrainingRecordJson(
    { accuracy },
    {
      schema: "mlops-actions/training-record@2",
      ...(predictions !== undefined && {
        predictionFiles: [{ path: "predictions.csv", bytes: predictions.length, digest: digestOf(predictions) }],
      }),
      ...changes,
    },
  );

let hub: LocalGitHub;
let base: string;
let pull: { readonly merge: string; readonly event: JobEvent };

beforeAll(async () => {
  hub = await startLocalGitHub({
    ...{ limits: "off", people: { bob: "write" } },
    files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": POLICY },
  });
  const before = csv(0, 20);
  base = await hub.push({ files: { "predictions.csv": before, "record.json": record(0.95, before) } });
  await hub.waitUntilIdle();
  pull = await openPullRequest(hub, { branch: "a", files: { "a.txt": "a" }, message: "a [skip ci]" }, hub.as("bob"));
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

async function gate(files: Readonly<Record<string, string>>, { merge, event } = pull) {
  const own = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace("$COMMIT", merge)]));
  const inputs = { metrics: "training-record.json" };
  const played = await playAction(spec, run, connect, { hub, run: { id: 1 }, files: own, event, inputs });
  return { ...played, verdict: played.readRecord(inMemory(verdictRecord), "verdict.json") };
}

describe("a change is compared on the same examples", () => {
  test("and one that answers fewer of them is stopped, by what evidence and by which examples", async () => {
    const now = csv(0, 36);
    const { exitCode, verdict, summary } = await gate({
      "training-record.json": record(0.91, now),
      "predictions.csv": now,
    });
    expect([exitCode, verdict?.outcome]).toEqual([1, "fail"]);
    expect(verdict?.rulings[0]?.statistics).toMatchObject({
      ...{ evidence: "predictions", test: "exact McNemar test", n: 400 },
      difference: expect.closeTo(-0.04, 9),
    });
    expect(verdict?.evidence).toEqual([
      { kind: "predictions", path: "predictions.csv", bytes: now.length, digest: digestOf(now) },
    ]);
    expect(verdict?.flips?.[0]).toMatchObject({ metric: "accuracy", brokenCount: 16, fixedCount: 0 });
    // Ids only: nothing else of a row goes to where more people read.
    expect(JSON.stringify(verdict) + summary).not.toContain("secret");
  });

  test("and one that answers others of them is not; the baseline's come with its record, without another request", async () => {
    const now = csv(200, 22);
    const before = hub.journal.requests().length;
    const { exitCode, verdict } = await gate({ "training-record.json": record(0.945, now), "predictions.csv": now });
    expect([exitCode, verdict?.rulings[0]?.statistics?.evidence]).toEqual([0, "predictions"]);
    expect(hub.journal.requests().length - before).toBe(5);
  });

  test("with earlier values as well, it asks GitHub six times", async () => {
    const values = [0.95, 0.94, 0.96].map((value) => ({ commit: base, value }));
    const earlier = {
      schema: "mlops-actions/verdict@2",
      ...{ outcome: "pass", head: base, judged: base, metricsDigest: digestOf("any"), policy: null, baseline: null },
      ...{ rulings: [], metrics: [], notes: [], history: [{ name: "accuracy", slice: null, values }] },
      origin: { repository: "octo/model", workflow: "train", run: 1, attempt: 1, actor: "octo" },
    };
    const [trained] = hub.runs({ event: "push" }).filter(({ headSha }) => headSha === base);
    if (trained === undefined) throw new Error("the base was not trained");
    hub.storeArtifact(trained, "verdict", zipTexts({ "verdict.json": JSON.stringify(earlier) }));
    const now = csv(200, 22);
    const before = hub.journal.requests().length;
    const { verdict } = await gate({ "training-record.json": record(0.945, now), "predictions.csv": now });
    expect(verdict?.history?.[0]?.values).toHaveLength(4);
    expect(hub.journal.requests().length - before).toBe(6);
  });
});

describe("the gate is closed, whatever the policy says of what is inconclusive, for", () => {
  const good = csv(0, 20);
  test.each([
    [
      "predictions of another training",
      { "training-record.json": record(0.95, csv(0, 30)), "predictions.csv": good },
      "evidence-other-predictions",
    ],
    [
      "a training that wrote none",
      { "training-record.json": record(0.95, undefined), "predictions.csv": good },
      "evidence-other-predictions",
    ],
    ["none, although the policy names them", { "training-record.json": record(0.95, good) }, "no-files"],
    [
      "a broken table",
      { "training-record.json": record(0.95, "id,label\n1\n"), "predictions.csv": "id,label\n1\n" },
      "predictions-not-csv",
    ],
    [
      "an example twice",
      { "training-record.json": record(0.95, "id\n1\n1\n"), "predictions.csv": "id\n1\n1\n" },
      "predictions-duplicate-id",
    ],
    [
      "no id",
      { "training-record.json": record(0.95, "label\na\n"), "predictions.csv": "label\na\n" },
      "predictions-no-id",
    ],
  ])("%s", async (_, files, code) => {
    const { exitCode, log, verdict } = await gate(files);
    expect([exitCode === 0, verdict?.outcome, log]).toEqual([false, "error", expect.stringContaining(`[${code}]`)]);
  });

  test.each([
    [
      "a metric that its predictions do not give",
      record(0.99, good),
      good,
      "predictions give 0.95, its metrics say 0.99",
    ],
    [
      "examples that are left out",
      record(0.95, good.split("\n").slice(0, -5).join("\n")),
      good.split("\n").slice(0, -5).join("\n"),
      "5 cases have no result",
    ],
  ])("%s", async (_, training, predictions, reason) => {
    const { exitCode, verdict } = await gate({ "training-record.json": training, "predictions.csv": predictions });
    expect([exitCode, verdict?.outcome]).toEqual([1, "fail"]);
    expect(verdict?.rulings[0]?.reason).toContain(reason);
  });
});
