/** The local GitHub: how fast it starts, and how long a pull request takes from opening to merge. */
import { startLocalGitHub } from "@mlops-actions/localhub";
import { bundledAction } from "@mlops-actions/localhub/testing";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const WORKFLOW = `
on: pull_request
permissions: { contents: read, pull-requests: write }
jobs:
  measure:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/checkout@v7 }, { run: test -s metrics.json }]
  gate:
    needs: measure
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: ./.github/actions/sticky-comment
        with: { metrics: metrics.json }
`;

const action = Object.fromEntries(
  Object.entries(bundledAction()).map(([path, text]) => [`.github/actions/sticky-comment/${path}`, text]),
);

async function startAndClose(): Promise<number> {
  const started = performance.now();
  const github = await startLocalGitHub();
  const elapsed = performance.now() - started;
  await github.close();
  return elapsed;
}

/** Push, pull request, a run of two jobs with a bundled action, its comment, the required check, the merge. */
async function mergePullRequest(): Promise<number> {
  await using github = await startLocalGitHub({
    protect: { main: { checks: ["gate"] } },
    files: { ".github/workflows/ci.yml": WORKFLOW, "metrics.json": '{"accuracy":0.9}', ...action },
  });
  const started = performance.now();
  await github.push({ branch: "next", files: { "metrics.json": '{"accuracy":0.95}' } });
  const pull = await github.openPullRequest({ head: "next" });
  await github.waitUntilIdle();
  await github.merge(pull.number);
  if (!pull.merged || github.repository.comments.size !== 1)
    throw new Error("the pull request was not merged with one comment");
  return performance.now() - started;
}

logMachine();
logTiming("start of the hub and its services", await measureMedian(9, startAndClose), 300);
logTiming("pull request -> two jobs -> comment -> check -> merge", await measureMedian(5, mergePullRequest), 3_000);
