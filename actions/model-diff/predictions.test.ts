/** model-diff by per-example results: what it keeps of them, and that the next run is compared with just that. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artifactName } from "../../shared/adapters/artifacts/artifact-name.ts";
import type { KeptPredictions } from "../../shared/core/gate/kept-predictions.ts";
import { inMemory } from "../../shared/records/testing.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import type { JobEvent } from "../../test/fixture/prepare-job.ts";
import { connect } from "./connect.ts";
import { recordName } from "./result-key.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

const POLICY = `version: 2
gates: [{ metric: accuracy, max-regression: auto, on-inconclusive: warn }]
statistics: { predictions: { files: [predictions.csv], prediction: guess } }
`;
/** Keeps what a run of model-diff on this commit has written. */
const keepAs = (name: string): string => `
name: model
on: { push: { branches: [main] } }
permissions: {}
jobs:
  model:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v7
      - run: mkdir out; [ ! -d kept ] || { cp kept/* out/; sed "s/[$]COMMIT/$GITHUB_SHA/g" kept/verdict.json > out/verdict.json; }
      - uses: actions/upload-artifact@v7
        with: { name: "${name}", path: out/, if-no-files-found: ignore }
`;
/** Of 300 cases, the first `wrong` are wrong. */
const csv = (wrong: number): string =>
  [
    "id,label,guess,text",
    ...Array.from({ length: 300 }, (_, at) => `c${at},cat,${at < wrong ? "dog" : "cat"},secret`),
  ].join("\n");

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", people: { bob: "write" }, files: { ".github/mlops.yml": POLICY } });
});
afterAll(() => hub.close());

interface Kept {
  readonly verdict: unknown;
  readonly predictions: KeptPredictions | undefined;
  readonly artifact: string;
}

async function diff(event: JobEvent, accuracy: number, predictions: string | undefined) {
  const kept: Kept[] = [];
  const files = {
    "metrics.json": JSON.stringify({ accuracy }),
    ...(predictions !== undefined && { "predictions.csv": predictions }),
  };
  const played = await playAction(
    spec,
    run,
    async (given) => ({
      ...(await connect(given)),
      async keepRecord({ written }, _, cases) {
        const artifact = artifactName(recordName(given.context.workflow, "train"));
        kept.push({ verdict: written, predictions: cases, artifact });
        return undefined;
      },
    }),
    {
      ...{ hub, event, files, run: { id: 5 }, env: { GITHUB_JOB: "train" } },
      inputs: { metrics: "metrics.json", matrix: "null" },
    },
  );
  return { ...played, kept: kept[0], verdict: played.readRecord(inMemory(verdictRecord), "verdict.json") };
}

test("examples are kept by id and answer, and the next change is compared with them", async () => {
  const sha = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const first = await diff(
    { name: "push", ref: "refs/heads/main", sha, payload: { before: "0".repeat(40) } },
    0.95,
    csv(15),
  );
  const { predictions, verdict, artifact = "" } = first.kept ?? {};
  expect(predictions?.text.split("\n").slice(0, 2)).toEqual(["id,label,prediction", "c0,cat,dog"]);
  expect(verdict).toMatchObject({ evidence: [predictions?.evidence] });
  expect(JSON.stringify(first.kept)).not.toContain("secret");

  const json = JSON.stringify(verdict).replaceAll(sha, "$COMMIT");
  const pushKept = (text: string) =>
    hub.push({
      files: {
        ".github/workflows/model.yml": keepAs(artifact),
        "kept/verdict.json": json,
        "kept/predictions.csv": text,
      },
      message: "Keep",
    });
  await pushKept(predictions?.text ?? "");
  await hub.waitUntilIdle();
  const { event } = await openPullRequest(hub, { branch: "worse", files: { "a.txt": "a" } }, hub.as("bob"));
  const worse = await diff(event, 0.9, csv(30));
  expect(worse.verdict).toMatchObject({
    outcome: "fail",
    rulings: [{ statistics: { evidence: "predictions", test: "exact McNemar test", n: 300 } }],
    flips: [{ brokenCount: 15, fixedCount: 0 }],
  });
  const [comment] = [...hub.repository.comments.values()];
  expect(comment?.body).toContain("Examples: 15 newly wrong, 0 newly right");
  expect(comment?.body).toContain("`c15`, `c16`");
  expect(comment?.body).not.toContain("secret");
  // A policy that wants predictions is not satisfied without them.
  expect((await diff(event, 0.95, undefined)).errorCodes).toContain("no-files");

  // Others than those that the verdict names are not taken for the baseline's.
  await pushKept(`${predictions?.text}c300,cat,dog\n`);
  await hub.waitUntilIdle();
  const next = await openPullRequest(hub, { branch: "next", files: { "b.txt": "b" } }, hub.as("bob"));
  const { verdict: unsure } = await diff(next.event, 0.9, csv(30));
  expect(unsure?.rulings[0]).toMatchObject({
    statistics: { evidence: "none" },
    reason: expect.stringContaining("the baseline's artifact does not have predictions.csv as its record names it"),
  });
});
