/** A promotion where no environment has reviewers, with the template and the built actions: from a push to a reviewed roll out. */
import { readFileSync, writeFileSync } from "node:fs";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zipOf } from "../../shared/adapters/model-bytes/testing.ts";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions, readTemplates } from "./story/example-files.ts";
import { captureLedger, captureSummaries, jobConclusions, newestRun } from "./story/observe.ts";

const PATH = "promotions/visits/production.yml";
const FILES = {
  ".github/mlops.yml": `version: 2
data: { contract: contracts/visits.yml, files: [data.csv] }
gates: [{ metric: mae, better: lower, max: 3 }]
model: { name: visits, files: [model.json], require: [owner], owner: team-health }
environments: [{ name: production, approvals: 2, approved-by: review, approvers: [bob, carol, dan] }]
`,
  ".gitignore": "metrics.json\nmodel.json\n",
  "contracts/visits.yml": "version: 1\ncolumns: [{ name: visits, type: integer }]\n",
  "data.csv": "visits\n1\n",
  "train.mjs":
    'import { writeFileSync } from "node:fs";\nfor (const name of ["metrics.json", "model.json"]) writeFileSync(name, \'{"mae": 2}\');\n',
};

let github: LocalGitHub;
beforeAll(async () => {
  buildActions();
  github = await startLocalGitHub({
    repository: `${PUBLISHER}/visits`,
    people: { alice: "write", bob: "write", carol: "write", dan: "write" },
    runners: [{ name: "gpu-1", labels: ["gpu"] }],
    files: { ...FILES, ...readTemplates(["main.yml", "register.yml", "promote-by-review.yml"]) },
  });
  await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions(), tag: "v1" });
  // The first push has started without the actions.
  await github.push({ files: { "README.md": "Visits\n" } });
  await github.waitUntilIdle();
  const inputs = { version: "v1.0.0", run: String(newestRun(github, "main.yml").id), approval_date: "2026-01-31" };
  expect(jobConclusions(await github.as("alice").run("register.yml", { inputs }))).toEqual({ register: "success" });
}, 120_000);
afterAll(() => github.close());

/** The file that the summary of the plan asks for. */
async function plan(): Promise<string> {
  const inputs = { environment: "production", version: "v1.0.0" };
  const run = await github.as("alice").run("promote-by-review.yml", { inputs });
  expect(github.log(run, "plan")).toContain("Planned");
  expect(jobConclusions(run)).toEqual({ plan: "success", apply: "skipped" });
  const [view] = captureSummaries(run);
  const summary = view?.kind === "summary" ? view.markdown : "";
  expect(summary).toContain(PATH);
  const [, text = ""] = /```yaml\n([\s\S]*?)```/.exec(summary) ?? [];
  return text;
}

async function mergeWith(branch: string, text: string, reviewers: readonly string[]) {
  await github.as("alice").push({ branch, files: { [PATH]: text } });
  const { number } = await github.as("alice").openPullRequest({ head: branch });
  for (const reviewer of reviewers) await github.as(reviewer).review(number, "APPROVE", "read the plan");
  await github.as("alice").merge(number);
  await github.waitUntilIdle();
  return newestRun(github, "promote-by-review.yml");
}

test("merged with one review of two, nothing is promoted, and the log says why", async () => {
  const run = await mergeWith("too-early", await plan(), ["bob"]);
  expect(jobConclusions(run)).toEqual({ plan: "skipped", apply: "failure" });
  expect(github.log(run, "apply")).toContain("[approvals-missing]");
  expect(await github.repository.git.resolve("refs/heads/mlops-ledger/visits")).toBeUndefined();
});

test("bytes that were changed after the approval end red before anything is deployed, and the promotion is aborted", async () => {
  const text = await plan();
  const model = [...github.repository.actions.artifacts.values()].find(({ name }) => name === "model");
  if (model === undefined) throw new Error("there is no artifact with the model");
  const good = readFileSync(model.file);
  const store = (zip: Uint8Array): void => {
    writeFileSync(model.file, zip);
    Object.assign(model, { size: zip.length });
  };
  // At the same place, and GitHub still says the digest of before: only who reads the bytes can know.
  store(zipOf({ "model.json": '{"mae": 9}' }));
  const run = await mergeWith("swapped", text, ["bob", "carol"]);
  store(good);
  expect(jobConclusions(run)).toEqual({ plan: "skipped", apply: "failure" });
  expect(github.log(run, "apply")).toContain("[model-file-differs]");
  const steps = run.attempts[0]?.jobs.find(({ name }) => name === "apply")?.steps ?? [];
  const conclusions = steps
    .filter(({ name }) => /^Run .*(?:promote|verify)-model@/.test(name))
    .map(({ conclusion }) => conclusion);
  // begin, verify-model, commit
  expect(conclusions).toEqual(["success", "failure", "skipped"]);
  const [deployment] = [...github.repository.deployments.values()];
  expect(deployment?.statuses.map(({ state }) => state)).toEqual(["in_progress", "failure"]);
}, 90_000);

test("merged with two, it is deployed, and the ledger has who approved", async () => {
  const run = await mergeWith("approved", await plan(), ["bob", "carol"]);
  expect(jobConclusions(run)).toEqual({ plan: "skipped", apply: "success" });
  expect(await captureLedger(github, "visits")).toMatchObject({
    rows: [
      { kind: "promote", version: "v1.0.0", environment: "production", requestedBy: "alice", approvedBy: "bob, carol" },
    ],
  });
  const [deployment, ...earlier] = [...github.repository.deployments.values()].reverse();
  expect(earlier).toHaveLength(1);
  expect(deployment?.statuses.map(({ state }) => state)).toEqual(["in_progress", "success"]);

  // Run again, it deploys nothing and says so.
  await github.as("alice").rerun(run);
  await github.waitUntilIdle();
  expect(jobConclusions(run)).toEqual({ plan: "skipped", apply: "success" });
  expect(github.log(run, "apply")).toContain("This plan was carried out before");
  expect([...github.repository.deployments.values()]).toHaveLength(2);
});
