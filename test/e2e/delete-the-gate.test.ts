/**
 * The pull request that deletes the gate, with the numbers that the gate would have refused: what each level of trust does
 * about it. `docs/how-to/enforce-the-gate.md` describes the same three set-ups.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LocalGitHub, type Person, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions } from "./story/example-files.ts";

type Job = { if?: unknown; steps: Record<string, unknown>[] };
type Workflow = { jobs: Record<string, Job> };
type Files = Readonly<Record<string, string | null>>;

const WORKFLOW = ".github/workflows/gate.yml";
const POLICY = ".github/mlops.yml";
const rules = (minimum: string): string =>
  `version: 2\ngates:\n  - { metric: accuracy, better: higher, min: ${minimum} }\n`;
const WORSE = { "measured.json": '{"accuracy": 0.5}' };
const BETTER = { "measured.json": '{"accuracy": 0.95}' };
const MODEL = {
  "measured.json": '{"accuracy": 0.9}',
  "train.mjs":
    'import { copyFileSync } from "node:fs";\nfor (const name of ["metrics.json", "model.json"]) copyFileSync("measured.json", name);\n',
  [POLICY]: rules("0.8"),
};

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

/** The first YAML of an action's README, as a user pastes it. */
function pasted(action: string): string {
  const [, yaml = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(read(`actions/${action}/README.md`)) ?? [];
  return yaml.replaceAll("OWNER/", `${PUBLISHER}/`).replace(/run: pip .*/, "run: node train.mjs");
}

const isJudging = ({ uses }: Record<string, unknown>): boolean =>
  /\/mlops-actions(?:\/actions\/gate-metrics)?@/.test(String(uses ?? ""));

/** Files of a change: the workflow with its judging job changed. */
const changeJob =
  (change: (job: Job) => void) =>
  (workflow: Workflow, name: string): Files => {
    change(workflow.jobs[name] as Job);
    return { [WORKFLOW]: stringify(workflow) };
  };

function renameJob(workflow: Workflow, name: string): Files {
  const { [name]: job, ...others } = workflow.jobs;
  return { [WORKFLOW]: stringify({ ...workflow, jobs: { ...others, renamed: job } }) };
}

const green = (name: string): string =>
  stringify({ on: "pull_request", jobs: { [name]: { "runs-on": "ubuntu-latest", steps: [{ run: "true" }] } } });

/** Every way around the gate that was thought of: the files that the pull request changes besides its numbers. */
const ATTACKS: Readonly<Record<string, (workflow: Workflow, job: string) => Files>> = {
  "deletes the gate step": changeJob((job) => {
    job.steps = job.steps.filter((step) => !isJudging(step));
  }),
  "replaces the gate by an echo": changeJob((job) => {
    job.steps = [{ run: "echo fine" }];
  }),
  "skips the job by if: false": changeJob((job) => {
    job.if = false;
  }),
  "lets the step fail by continue-on-error": changeJob((job) => {
    for (const step of job.steps) step["continue-on-error"] = true;
  }),
  "renames the job": renameJob,
  "renames the job, and adds a workflow with a green job of its name": (workflow, name) => ({
    ...renameJob(workflow, name),
    ".github/workflows/other.yml": green(name),
  }),
  "deletes the workflow": () => ({ [WORKFLOW]: null }),
  "loosens the policy": () => ({ [POLICY]: rules("0.1") }),
};

interface SetUp {
  readonly github: LocalGitHub;
  readonly job: string;
  readonly workflow: string;
}

/** `acme/model` with the workflow; bob may write, and carol is the code owner. */
async function setUp(action: string, job: string): Promise<SetUp> {
  const workflow = pasted(action);
  const github = await startLocalGitHub({
    repository: `${PUBLISHER}/model`,
    people: { bob: "write", carol: "write" },
    files: { ...MODEL, [WORKFLOW]: workflow, ".github/CODEOWNERS": "/.github/ @carol\n" },
  });
  await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions(), tag: "v1" });
  await github.waitUntilIdle();
  return { github, job, workflow };
}

/** Opens a pull request for every attack, and one that makes the model better. */
async function proposeAll({ github, job, workflow }: SetUp): Promise<ReadonlyMap<string, number>> {
  const changes = Object.entries(ATTACKS).map(([name, attack]) => [
    name,
    { ...WORSE, ...attack(parse(workflow), job) },
  ]);
  const numbers = new Map<string, number>();
  for (const [name, files] of [...changes, ["is worse", WORSE], ["is better", BETTER]] as [string, Files][]) {
    numbers.set(name, await propose(github.as("bob"), name, files));
  }
  await github.waitUntilIdle();
  return numbers;
}

async function propose(by: Person, name: string, files: Files): Promise<number> {
  const branch = name.replaceAll(/[^a-z]+/g, "-");
  await by.push({ branch, files, message: name });
  return (await by.openPullRequest({ head: branch, title: name })).number;
}

/** "mergeable", or why not, in GitHub's words. Merges nothing. */
async function standing({ github }: SetUp, number = 0): Promise<string> {
  const { body } = await github.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number });
  // "unstable": a check that nobody requires has failed, which keeps nobody from merging.
  if (["clean", "unstable"].includes(body.mergeable_state)) return "mergeable";
  return github
    .as("bob")
    .merge(number)
    .then(
      () => "merged",
      (error: Error) => error.message.replace(/^Repository rule violations found\n\n/, "").trimEnd(),
    );
}

/** The JSON of the page: the ruleset of A, and the rule of B. */
const [RULESET, WORKFLOWS_RULE] = [
  ...read("docs/how-to/enforce-the-gate.md").matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm),
].map(([, json = ""]) => JSON.parse(json));

const addRuleset = (github: LocalGitHub, more: readonly object[] = []) =>
  github.request("POST /repos/{owner}/{repo}/rulesets", { ...RULESET, rules: [...RULESET.rules, ...more] });

/** Posts a green check named as the gate's on another's commit, from a branch that never becomes a pull request. */
async function postCheckFromBranch({ github, job }: SetUp, number: number): Promise<void> {
  const sha = github.repository.pulls.get(number)?.headSha;
  const body = JSON.stringify({ name: job, head_sha: sha, status: "completed", conclusion: "success" });
  const run = `curl --fail --silent -X POST -H "Authorization: Bearer $TOKEN" -d '${body}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/check-runs"`;
  const steps = [{ run, env: { TOKEN: "${{ github.token }}" } }];
  const jobs = { post: { "runs-on": "ubuntu-latest", permissions: { checks: "write" }, steps } };
  await github
    .as("bob")
    .push({ branch: "post", files: { ".github/workflows/post.yml": stringify({ on: "push", jobs }) } });
  await github.waitUntilIdle();
  const posting = github.runs({ workflow: "post.yml" }).at(-1);
  expect(posting?.attempts.at(-1)?.conclusion).toBe("success");
}

let at: SetUp;
let numbers: ReadonlyMap<string, number>;
const standings = async (): Promise<Readonly<Record<string, string>>> => {
  const found: Record<string, string> = {};
  for (const [name, number] of numbers) found[name] = await standing(at, number);
  return found;
};
beforeAll(() => buildActions(), 300_000);

describe("advisory: the twelve lines, their check required by name", () => {
  beforeAll(async () => {
    at = await setUp("model-diff", "model");
    at.github.protect("main", { checks: ["model"] });
    numbers = await proposeAll(at);
  }, 120_000);
  afterAll(() => at.github.close());

  test("holds an honest author's worse model, and lets through whoever deletes the gate", async () => {
    const failing = 'Required status check "model" is failing.';
    const expected = 'Required status check "model" is expected.';
    expect(await standings()).toEqual({
      "deletes the gate step": "mergeable",
      "replaces the gate by an echo": "mergeable",
      "skips the job by if: false": "mergeable",
      "lets the step fail by continue-on-error": "mergeable",
      "renames the job": expected,
      "renames the job, and adds a workflow with a green job of its name": "mergeable",
      "deletes the workflow": expected,
      "loosens the policy": failing,
      "is worse": failing,
      "is better": "mergeable",
    });
    await at.github.as("bob").merge(numbers.get("deletes the gate step") ?? 0);
  });
});

describe("enforced for everybody without write access: bound check and code owners", () => {
  const owner = "Waiting on code owner review from carol.";
  beforeAll(async () => {
    at = await setUp("gate-metrics", "gate");
    await addRuleset(at.github);
    numbers = await proposeAll(at);
  }, 120_000);
  afterAll(() => at.github.close());

  test("whatever touches the gate waits for a code owner", async () => {
    const failing = 'Required status check "gate" is failing.';
    const expected = 'Required status check "gate" is expected.';
    expect(await standings()).toEqual({
      "deletes the gate step": owner,
      "replaces the gate by an echo": owner,
      "skips the job by if: false": owner,
      "lets the step fail by continue-on-error": owner,
      "renames the job": `${owner}\n\n${expected}`,
      "renames the job, and adds a workflow with a green job of its name": owner,
      "deletes the workflow": `${owner}\n\n${expected}`,
      "loosens the policy": `${owner}\n\n${failing}`,
      "is worse": failing,
      "is better": "mergeable",
    });
  });

  test("a code owner who approves the deletion lets it through", async () => {
    const number = numbers.get("deletes the gate step") ?? 0;
    await at.github.as("carol").review(number, "APPROVE");
    expect(await standing(at, number)).toBe("mergeable");
  });

  test("a status or check of another app does not count, but one that a writer's branch posts by Actions' token does", async () => {
    const number = numbers.get("is worse") ?? 0;
    const sha = at.github.repository.pulls.get(number)?.headSha;
    const status = { sha, context: "gate", state: "success" };
    await at.github.as("bob").request("POST /repos/{owner}/{repo}/statuses/{sha}", status);
    expect(await standing(at, number)).toBe('Required status check "gate" is failing.');
    await postCheckFromBranch(at, number);
    expect(await standing(at, number)).toBe("mergeable");
  });
});

describe("enforced: the workflow required by a ruleset, from a repository that the change is not in", () => {
  const path = ".github/workflows/judge.yml";
  const failing = `Required workflow "${path}" is failing.`;
  const failingGate = `Required status check "gate" is failing.\n\n${failing}`;
  beforeAll(async () => {
    at = await setUp("gate-metrics", "gate");
    const { github, workflow } = at;
    const { id } = await github.addRepository(`${PUBLISHER}/policies`, { files: { [path]: workflow } });
    const [file] = WORKFLOWS_RULE.parameters.workflows;
    await addRuleset(github, [{ ...WORKFLOWS_RULE, parameters: { workflows: [{ ...file, repository_id: id }] } }]);
    numbers = await proposeAll(at);
  }, 120_000);
  afterAll(() => at.github.close());

  test("nothing that a pull request does lets its worse model through", async () => {
    const found = await standings();
    expect(found).toMatchObject({ "is worse": failingGate, "is better": "mergeable" });
    for (const attack of Object.keys(ATTACKS))
      expect([attack, found[attack]]).toEqual([attack, expect.stringContaining(failing)]);
  });

  test("nor does a code owner's approval, or a check that a writer's branch posts", async () => {
    const number = numbers.get("deletes the gate step") ?? 0;
    await at.github.as("carol").review(number, "APPROVE");
    await postCheckFromBranch(at, number);
    expect(await standing(at, number)).toBe(failing);
    await expect(at.github.merge(number)).rejects.toThrow(failing);
  });
});
