/** Verdicts by per-example results, judged anew: from those that the run reported, and those of the baseline's own run. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTrainingRecordJson, TRAIN_WORKFLOW_FILES } from "../../shared/adapters/baseline/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";
import { type OpenedPullRequest, openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect as connectGate } from "../gate-metrics/connect.ts";
import { run as runGate } from "../gate-metrics/run.ts";
import { spec as gateSpec } from "../gate-metrics/spec.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 2
gates: [{ metric: accuracy, max-regression: auto }]
statistics: { on-inconclusive: fail, predictions: { files: [predictions.csv], prediction: guess } }
`;

/** Of 400 cases; those from `from` on, so many, are wrong. */
const csv = (from: number, wrong: number): string =>
  [
    "id,label,guess",
    ...Array.from({ length: 400 }, (_, at) => `c${at},cat,${at >= from && at < from + wrong ? "dog" : "cat"}`),
  ].join("\n");
const record = (accuracy: number, predictions: string, commit = "$COMMIT"): string =>
  createTrainingRecordJson(
    { accuracy },
    {
      schema: "mlops-actions/training-record@2",
      predictionFiles: [{ path: "predictions.csv", bytes: predictions.length, digest: digestOf(predictions) }],
    },
  ).replace("$COMMIT", commit);

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({
    ...{ limits: "off", people: { alice: "write" } },
    files: { ...TRAIN_WORKFLOW_FILES, ".github/mlops.yml": POLICY },
  });
  const before = csv(0, 20);
  await hub.push({ files: { "predictions.csv": before, "record.json": record(0.95, before) } });
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

let branches = 0;
async function open(author = hub.as("alice")): Promise<OpenedPullRequest> {
  branches += 1;
  const branch = `change-${branches}`;
  const opened = await openPullRequest(hub, { branch, files: { [branch]: "a" }, message: "a [skip ci]" }, author);
  await hub.waitUntilIdle();
  return opened;
}

/** What the gate of the pull request's own run says. */
async function judge({ merge, event }: OpenedPullRequest, accuracy: number, now: string): Promise<Verdict> {
  const files = { "training-record.json": record(accuracy, now, merge), "predictions.csv": now };
  const inputs = { metrics: "training-record.json" };
  const played = await playAction(gateSpec, runGate, connectGate, { hub, run: { id: 1 }, files, event, inputs });
  return played.readRecord(inMemory(verdictRecord), "verdict.json") ?? expect.fail(played.log);
}

const headlineOn = (number: number) =>
  [...hub.repository.comments.values()].filter(({ issue }) => issue === number).map(({ body }) => body.split("\n")[0]);
const commentOn = (number: number) =>
  [...hub.repository.comments.values()].find(({ issue }) => issue === number)?.body ?? "";
const report = (
  { event }: Pick<OpenedPullRequest, "event">,
  verdict: Verdict,
  more: Readonly<Record<string, string>>,
) =>
  playAction(spec, run, connect, {
    hub,
    run: { id: 1 },
    event,
    files: { "verdict.json": JSON.stringify(verdict), ...more },
  });

describe("of a run of this repository", () => {
  test.each<[string, number, string, RegExp]>([
    ["a change that answers fewer is not ready", 0.91, csv(0, 36), /^### ❌ Not ready to merge: the rule is broken/],
    ["one that answers others is", 0.945, csv(200, 22), /^### ✅ Ready to merge: the rule passes/],
  ])("%s", async (_, accuracy, now, headline) => {
    const opened = await open();
    const verdict = await judge(opened, accuracy, now);
    const before = hub.journal.requests().length;
    const { exitCode } = await report(opened, verdict, { "predictions.csv": now });
    // Those of the baseline take three: its runs, their artifacts, and the bytes.
    expect([exitCode, hub.journal.requests().length - before]).toEqual([0, 7]);
    expect(headlineOn(opened.number)).toEqual([expect.stringMatching(headline)]);
    if (accuracy < 0.92) expect(commentOn(opened.number)).toMatch(/16 .*c20/s);
  });

  test("examples that are not those of the verdict are refused, and so are none", async () => {
    const opened = await open();
    const verdict = await judge(opened, 0.91, csv(0, 36));
    for (const files of [{}, { "predictions.csv": csv(0, 20) }]) {
      const { exitCode, errorCodes } = await report(opened, verdict, files);
      expect([exitCode, errorCodes]).toEqual([1, ["predictions-missing"]]);
      expect(headlineOn(opened.number)[0]).toMatch(/^### ❌ Not ready to merge/);
    }
  });
});

describe("of a fork's run", () => {
  async function openFork() {
    const dana = await hub.fork(`dana-${branches}`);
    const opened = await open(dana);
    const head_repository = {
      id: dana.repository.id,
      full_name: dana.repository.fullName,
      owner: { login: dana.login },
    };
    const judged = { id: 1, run_attempt: 1, path: "ci.yml", event: "pull_request", conclusion: "success" };
    const workflow_run = { ...judged, head_sha: opened.head, head_branch: `change-${branches}`, head_repository };
    return { opened, event: { name: "workflow_run", payload: { workflow_run } } as const };
  }

  test("the rules hold for what it reported, and no more is said", async () => {
    const { opened, event } = await openFork();
    const now = csv(200, 22);
    await report({ event }, await judge(opened, 0.945, now), { "predictions.csv": now });
    expect(headlineOn(opened.number)[0]).toMatch(
      /^### ☑️ Reported, not verified: the rule holds for the numbers that this fork's run reported/,
    );
  });

  test.each<[string, (verdict: Verdict) => Verdict, string]>([
    ["a forged outcome", (verdict) => ({ ...verdict, outcome: "pass", rulings: [] }), "predictions.csv"],
    [
      "examples left out, so that weaker evidence decides",
      ({ evidence: _, ...verdict }) => ({ ...verdict, outcome: "pass" }),
      "predictions.csv",
    ],
    ["examples under another name", (verdict) => verdict, "other.csv"],
  ])("%s is not ready", async (_, forge, path) => {
    const { opened, event } = await openFork();
    const now = csv(0, 36);
    await report({ event }, forge(await judge(opened, 0.91, now)), { [path]: now });
    expect(headlineOn(opened.number)[0]).toMatch(/^### ❌ Not ready to merge/);
  });

  const named = (path: string, text: string, bytes = text.length): Verdict["evidence"] => [
    { kind: "predictions", path, bytes, digest: digestOf(text) },
  ];

  test.each(["predictions.csv", "training-record/predictions.csv", "training-record/out/predictions.csv"])(
    "they are found wherever its artifact was unpacked, and cost few requests: %s",
    async (path) => {
      const { opened, event } = await openFork();
      const now = csv(200, 22);
      const verdict = await judge(opened, 0.945, now);
      const before = hub.journal.requests().length;
      const { exitCode } = await report({ event }, verdict, { [path]: now });
      expect([exitCode, hub.journal.requests().length - before]).toEqual([0, 9]);
      expect(headlineOn(opened.number)[0]).toContain("the rule holds");
    },
  );

  test.each<[string, Verdict["evidence"], Readonly<Record<string, string>>, string]>([
    [
      "the baseline's, under its own metric",
      named("predictions.csv", csv(0, 20)),
      { "predictions.csv": csv(0, 20) },
      "say 0.91",
    ],
    ["too many bytes", named("predictions.csv", "a", 1e12), {}, "are too large"],
    [
      "no table",
      named("predictions.csv", "id,label\n1\n"),
      { "predictions.csv": "id,label\n1\n" },
      "[predictions-not-csv]",
    ],
    ["an example twice", named("predictions.csv", "id\n1\n1\n"), { "predictions.csv": "id\n1\n1\n" }, "line 2 too"],
    // A place of its choice is not looked at, although the file is the one that it names.
    ["what lies elsewhere", named("else/*", csv(0, 36)), { "else/x.txt": csv(0, 36) }, "no file here is"],
    ["a way out of here, and markup", named("../../@team <b>.csv", "a"), {}, "no file here is"],
  ])("a verdict that names %s is not ready", async (_, evidence, files, words) => {
    const { opened, event } = await openFork();
    const verdict = await judge(opened, 0.91, csv(0, 36));
    const { log } = await report({ event }, { ...verdict, outcome: "pass", evidence }, files);
    expect(headlineOn(opened.number)[0]).toMatch(/^### ❌ Not ready to merge/);
    expect(commentOn(opened.number) + log).toContain(words);
    // In code it is text, and nobody is told.
    expect(commentOn(opened.number).replaceAll(/`[^`\n]*`/g, "")).not.toMatch(/@team|<b>/);
  });
});
