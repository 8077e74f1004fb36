/** Two models in one repository, with the templates and the built actions: from a pull request to a roll back of one. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import { root, runScript } from "../scripts/run-script.ts";
import { PUBLISHER, readReleasedActions, readTemplates } from "./story/example-files.ts";
import { captureSummaries, jobConclusions, listComments } from "./story/observe.ts";

const POLICY = `version: 2
environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 1 }
models:
  visits:
    files: [visits/model.json]
    require: [owner]
    owner: team-health
    data: { contract: contracts/visits.yml, files: [visits/data.csv] }
    gates: [{ metric: mae, better: lower, max-regression: 10% }]
  fraud:
    files: [fraud/model.json]
    require: [owner]
    owner: team-fraud
    data: { contract: contracts/fraud.yml, files: [fraud/data.csv] }
    gates: [{ metric: auc, better: higher, min: 0.8 }]
    environments:
      - { name: staging, approvals: 0 }
`;
const contract = (column: string): string => `version: 1\ncolumns:\n  - { name: ${column}, type: integer, min: 0 }\n`;
const TRAIN = `import { copyFileSync } from "node:fs";
const model = process.argv[2];
copyFileSync(\`\${model}/measured.json\`, \`\${model}/metrics.json\`);
copyFileSync(\`\${model}/measured.json\`, \`\${model}/model.json\`);
`;
const FILES = {
  ".github/mlops.yml": POLICY,
  ".gitignore": "metrics.json\nmodel.json\n",
  "contracts/visits.yml": contract("visits"),
  "contracts/fraud.yml": contract("cents"),
  "visits/data.csv": "visits\n1\n",
  "fraud/data.csv": "cents\n100\n",
  "visits/measured.json": '{"mae": 2}',
  "fraud/measured.json": '{"auc": 0.9}',
  "train.mjs": TRAIN,
};

/** The template for an environment in which GitHub refuses `deployment: false`. */
const OWN_DEPLOYMENT = {
  ".github/workflows/promote-own.yml": (readTemplates(["promote.yml"])[".github/workflows/promote.yml"] ?? "").replace(
    / +deployment: false.*\n/,
    "",
  ),
};

/** A plan without digits: an approval for the other model would count for it. */
const UNBOUND = {
  ".github/workflows/unbound.yml": `on: workflow_dispatch
permissions: { contents: read, actions: read }
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: ${PUBLISHER}/mlops-actions/actions/promote-model@v1
        with: { mode: plan, model: visits, environment: production, version: v1.1.0 }
`,
};

let github: LocalGitHub;
beforeAll(async () => {
  buildActions();
  github = await startLocalGitHub({
    repository: `${PUBLISHER}/models`,
    people: { alice: "write", bob: "write" },
    environments: { staging: {}, production: { reviewers: ["bob"] } },
    files: {
      ...FILES,
      ...OWN_DEPLOYMENT,
      ...UNBOUND,
      ...readTemplates(["several-models.yml", "register.yml", "promote.yml", "reconcile.yml", "comment.yml"]),
    },
  });
  await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions(), tag: "v1" });
  // The first push has started without the actions.
  await push({ "README.md": "Two models\n" });
}, 120_000);
afterAll(() => github.close());

async function push(files: Readonly<Record<string, string>>): Promise<number> {
  await github.push({ files });
  await github.waitUntilIdle();
  const run = github.runs({ workflow: "several-models.yml" }).at(-1) ?? expect.fail("nothing was trained");
  return run.id;
}

async function register(model: string, version: string, run: number): Promise<void> {
  const inputs = { model, version, run: String(run), approval_date: "2026-01-31" };
  const done = await github.as("alice").run("register.yml", { inputs });
  expect(jobConclusions(done)).toEqual({ register: "success" });
}

/** Starts it, and waits until it ends or needs somebody. */
const promote = (inputs: Readonly<Record<string, string>>) => github.as("alice").run("promote.yml", { inputs });

async function approve(run: Awaited<ReturnType<typeof promote>>): Promise<void> {
  const apply = run.attempts.at(-1)?.jobs.find(({ name }) => name.startsWith("apply"))?.name ?? "";
  await github.as("bob").approve(run, "production", /with (\w+)/.exec(apply)?.[1]);
  await github.waitUntilIdle();
}

/** Model and states of each deployment to an environment, oldest first. */
const deploymentsTo = (environment: string): readonly string[] =>
  [...github.repository.deployments.values()]
    .filter((deployment) => deployment.environment === environment)
    .map(({ payload, statuses }) => {
      const { model, version } = typeof payload === "string" ? JSON.parse(payload) : payload;
      return `${model} ${version}: ${statuses.map(({ state }) => state).join(" ")}`;
    });

test("a pull request has one comment with a section for each model, and its headline is the worst", async () => {
  await github.as("alice").push({ branch: "worse", files: { "fraud/measured.json": '{"auc": 0.7}' } });
  const pull = await github.as("alice").openPullRequest({ head: "worse" });
  await github.waitUntilIdle();
  const run = github.runs({ workflow: "several-models.yml" }).at(-1) ?? expect.fail("no run");
  expect(jobConclusions(run)).toEqual({
    ...{ "train (visits)": "success", "train (fraud)": "success" },
    ...{ gate: "failure", report: "success" },
  });
  const [comment, ...more] = listComments(github, github.repository.pulls.get(pull.number) ?? expect.fail("no pull"));
  expect(more).toEqual([]);
  expect(comment?.body).toMatch(/^### ❌ Not ready to merge/);
  expect(comment?.body).toMatch(/❌[^\n]*fraud[\s\S]*auc[\s\S]*✅[^\n]*visits[\s\S]*mae/);
});

test("a fork's numbers are judged for each model, and none hides the other", async () => {
  const dana = await github.fork("dana");
  await dana.push({
    branch: "worse",
    files: { "visits/measured.json": '{"mae": 1.5}', "fraud/measured.json": '{"auc": 0.7}' },
  });
  const pull = await dana.inRepository(github.repository).openPullRequest({ head: "dana:worse" });
  await github.waitUntilIdle();
  const [comment, ...more] = listComments(github, github.repository.pulls.get(pull.number) ?? expect.fail("no pull"));
  expect(more).toEqual([]);
  expect(comment?.body).toMatch(/^### ❌ Not ready to merge/);
  expect(comment?.body).toContain("#### ❌ `fraud`: the rule is broken");
  // Its own rules hold, against its own baseline; that another job of the run failed is said, too.
  expect(comment?.body).toContain("#### ❌ `visits`: the run ended in failure, although the rules hold");
  expect(comment?.body).toMatch(/✅ \| `mae` \| 2 \| 1\.5 /);
});

test("two models are registered, promoted at the same time, and one is rolled back", async () => {
  const first = await push({ "train.mjs": `${TRAIN}// first\n` });
  await register("visits", "v1.0.0", first);
  await register("fraud", "v1.0.0", first);
  const second = await push({ "visits/measured.json": '{"mae": 1.9}', "fraud/measured.json": '{"auc": 0.95}' });
  await register("visits", "v1.1.0", second);

  // Interleaved: both in staging, then one waits for production while the other moves in staging.
  await Promise.all(["visits", "fraud"].map((model) => promote({ model, version: "v1.0.0", environment: "staging" })));
  await github.waitUntilIdle();
  expect(deploymentsTo("staging").toSorted()).toEqual([
    "fraud v1.0.0: in_progress success",
    "visits v1.0.0: in_progress success",
  ]);
  const waiting = await promote({ model: "visits", version: "v1.0.0", environment: "production" });
  await register("fraud", "v1.1.0", second);
  await promote({ model: "fraud", version: "v1.1.0", environment: "staging" });
  await approve(waiting);
  expect(deploymentsTo("production")).toEqual(["visits v1.0.0: in_progress success"]);
  await promote({ model: "visits", version: "v1.1.0", environment: "staging" });
  await promote({ model: "fraud", kind: "roll-back", reason: "too many alarms", environment: "staging" });
  await github.waitUntilIdle();
  expect(deploymentsTo("staging").toSorted()).toEqual([
    "fraud v1.0.0: in_progress success",
    "fraud v1.0.0: in_progress success inactive",
    "fraud v1.1.0: in_progress success inactive",
    "visits v1.0.0: in_progress success inactive",
    "visits v1.1.0: in_progress success",
  ]);
  const tags = [...(await github.repository.git.refs("refs/tags/"))].map(({ name }) => name.replace("refs/tags/", ""));
  await register("fraud", "v1.2.0", second);
  expect(tags.filter((name) => name.includes("#")).toSorted()).toEqual([
    ...["fraud#staging#1", "fraud#staging#2", "fraud#staging#3"],
    ...["visits#production#1", "visits#staging#1", "visits#staging#2"],
  ]);
}, 120_000);

test("in an environment with rules of apps, the deployment that GitHub makes for the job is the promotion's", async () => {
  const before = github.repository.deployments.size;
  const run = await github
    .as("alice")
    .run("promote-own.yml", { inputs: { model: "visits", version: "v1.1.0", environment: "production" } });
  await approve(run);
  const [own, ...more] = [...github.repository.deployments.values()].slice(before);
  expect(more).toEqual([]);
  expect([own?.task, own?.environment, own?.statuses.map(({ state }) => state)]).toEqual([
    ...["deploy", "production"],
    ["pending", "queued", "in_progress", "success", "success"],
  ]);
  expect(own?.statuses.at(-2)?.description).toBe("Promote visits v1.1.0");
  // The one before it, which promote-model had made, is inactive.
  expect(deploymentsTo("production").at(0)).toBe("visits v1.0.0: in_progress success inactive");
});

test("a clone answers without a network, for one model and for all", async () => {
  const clone = join(mkdtempSync(join(tmpdir(), "several-models-")), "clone");
  execFileSync("git", ["clone", "-q", github.repository.git.directory, clone]);
  const ask = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await runScript(join(root, "scripts/ledger.mjs"), [
      ...words,
      "--repository",
      clone,
    ]);
    return { code, stdout, stderr };
  };
  const today = new Date(github.clock.now()).toISOString().slice(0, 10);
  expect(await ask("verify", "--all")).toEqual({
    ...{ code: 0, stderr: "" },
    stdout: expect.stringMatching(
      /^fraud {2}valid, 6 entries, with 3 assignment tags\. staging: v1\.0\.0\nvisits {2}valid, 8 entries.* production: v1\.1\.0\n$/,
    ),
  });
  expect((await ask("at", "--all", "production", today)).stdout).toMatch(
    /^visits {2}v1\.0\.0 {2}commit [0-9a-f]{12} .*\nvisits {2}v1\.1\.0 .*to now\n$/,
  );
  const [first] = (await ask("history", "fraud", "--json")).stdout.split("\n").map((line) => line && JSON.parse(line));
  expect(first).toMatchObject({ what: "promoted", version: { version: "v1.0.0" }, environment: "staging" });
  // Of one digest, also what was registered and never promoted.
  const trained = (await ask("data", "--all", first.dataDigest)).stdout;
  expect(trained).toMatch(
    /^fraud {2}v1\.0\.0 .*promoted to staging\nfraud {2}v1\.1\.0 .*promoted to staging\nfraud {2}v1\.2\.0 .*promoted to no environment\n$/,
  );
});

test("reconciliation looks at both, and names what one of them has lost", async () => {
  const reconcile = async () => {
    const run = await github.as("alice").run("reconcile.yml");
    return { run, conclusion: jobConclusions(run)["reconcile"], summaries: JSON.stringify(captureSummaries(run)) };
  };
  const before = await reconcile();
  expect(before.conclusion, github.log(before.run, "reconcile")).toBe("success");
  expect(before.summaries).toContain("The ledger of `fraud` is valid: 6 entries");
  expect(before.summaries).toContain("The ledger of `visits` is valid: 8 entries");
  await github.repository.git.deleteRef("refs/tags/fraud#staging#3");
  const after = await reconcile();
  expect(after.conclusion).toBe("failure");
  expect(after.summaries).toContain("assignment-tag-missing");
  expect(github.log(after.run, "reconcile")).not.toContain("visits#");
});

test("what belongs to another model, or to none, is refused", async () => {
  const unnamed = await promote({ version: "v1.0.0", environment: "staging" });
  await github.waitUntilIdle();
  expect(github.log(unnamed, "plan")).toContain("[model-not-named]");
  expect(github.log(unnamed, "plan")).toContain('"visits", "fraud"');
  const unbound = await github.as("alice").run("unbound.yml", { inputs: {} });
  expect(github.log(unbound, "plan")).toContain("[challenge-needed]");
  const elsewhere = await promote({ model: "fraud", version: "v1.0.0", environment: "production" });
  await github.waitUntilIdle();
  expect(github.log(elsewhere, "plan")).toContain("[environment-unknown]");
});
