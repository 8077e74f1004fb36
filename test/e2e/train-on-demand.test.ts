/** Training on demand in the local GitHub, with the template and the built actions: who asks, what waits, what is trained. */
import { type LocalGitHub, type PullRequest, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions, readTemplates } from "./story/example-files.ts";

const policy = (onDemand: string): string => `version: 2
train: { on-demand: ${onDemand} }
gates:
  - { metric: accuracy, better: higher, min: 0.8 }
`;
const MODEL = {
  "measured.json": '{"accuracy": 0.9}',
  "train.mjs":
    'import { copyFileSync } from "node:fs";\nfor (const name of ["metrics.json", "model.json"]) copyFileSync("measured.json", name);\n',
  ".github/mlops.yml": policy("{ label: gpu, comment: /train }"),
};

/** The template, and the workflow that trains, without its check of data: there are none. */
function workflows(): Readonly<Record<string, string>> {
  const files = readTemplates(["train-on-demand.yml", "train.yml"]);
  const withoutData = (text: string): string =>
    text.replace(/ {6}- uses: \S+check-data@v1\n/, "").replace(/ *data-report: data-report.json\n/, "");
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, withoutData(text)]));
}

let github: LocalGitHub;

beforeAll(async () => {
  buildActions();
  github = await startLocalGitHub({
    repository: `${PUBLISHER}/model`,
    people: { alice: "write", carol: "read", dan: "triage" },
    runners: [{ name: "gpu-1", labels: ["gpu"] }],
    files: { ...MODEL, ...workflows() },
  });
  await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions(), tag: "v1" });
  await github.request("POST /repos/{owner}/{repo}/labels", { name: "gpu", color: "ffffff" });
  await github.request("PUT /repos/{owner}/{repo}/branches/{branch}/protection", {
    branch: "main",
    required_status_checks: { strict: false, contexts: ["mlops/gate"] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await github.waitUntilIdle();
}, 120_000);
afterAll(() => github.close());

/** The newest status of the head: its state and description. */
async function gateOf(sha: string): Promise<string> {
  const { body } = await github.request("GET /repos/{owner}/{repo}/commits/{ref}/statuses", { ref: sha });
  const [newest] = body.filter(({ context }: { context: string }) => context === "mlops/gate");
  return newest === undefined ? "none" : `${newest.state}: ${newest.description}`;
}
const trainings = (): number => github.runs({ workflow: "train.yml" }).length;
const head = (pull: PullRequest): string => github.repository.pulls.get(pull.number)?.headSha ?? "";

let count = 0;
async function propose(accuracy: number, by = github.as("alice")): Promise<PullRequest> {
  count += 1;
  const branch = `change-${count}`;
  await by.push({ branch, files: { "measured.json": JSON.stringify({ accuracy, count }) } });
  const pull = await github.as("alice").openPullRequest({ head: branch });
  await github.waitUntilIdle();
  return pull;
}
async function say(pull: PullRequest, login: string, body: string): Promise<void> {
  github.as(login).comment(pull.number, body);
  await github.waitUntilIdle();
}

describe("a pull request", () => {
  let before: number;
  beforeEach(() => {
    before = trainings();
  });

  test("waits, trains its exact head when asked, takes the verdict, waits again after a push, and merges only when good", async () => {
    const pull = await propose(0.5);
    expect([await gateOf(head(pull)), trainings() - before]).toEqual([
      "pending: waiting for /train or the label gpu",
      0,
    ]);
    await expect(github.as("alice").merge(pull.number)).rejects.toThrow("mlops/gate");

    await say(pull, "alice", "/train");
    const trained = github.runs({ workflow: "train.yml" }).at(-1);
    expect(trained?.displayTitle).toContain(head(pull));
    expect(await gateOf(head(pull))).toMatch(/^failure: .*accuracy/);

    await github.as("alice").push({ branch: "change-1", files: { "measured.json": '{"accuracy": 0.95}' } });
    await github.waitUntilIdle();
    expect(await gateOf(head(pull))).toBe("pending: waiting for /train or the label gpu");
    expect(trainings() - before).toBe(1);

    await say(pull, "alice", `/train ${head(pull).slice(0, 10)}\nplease`);
    expect(await gateOf(head(pull))).toBe("success: the model is good enough");
    await github.as("alice").merge(pull.number);
  });

  test("is trained when somebody who may write adds the label", async () => {
    const pull = await propose(0.9);
    await github.as("alice").request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      issue_number: pull.number,
      labels: ["gpu"],
    });
    await github.waitUntilIdle();
    expect([await gateOf(head(pull)), trainings() - before]).toEqual(["success: the model is good enough", 1]);
  });

  test("is not trained for anything else", async () => {
    const pull = await propose(0.9);
    const hostile = "/train $(touch pwned); ::set-output name=commit::x";
    for (const [login, body] of [
      ["carol", "/train"],
      ["dan", "/train"],
      ["alice", "please /train"],
      ["alice", "/trains"],
      ["alice", hostile],
      ["alice", "/train 0123456789"],
    ] as const) {
      await say(pull, login, body);
    }
    // A label by somebody who may label, and not write.
    await github.as("dan").request("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", {
      issue_number: pull.number,
      labels: ["gpu"],
    });
    await github.waitUntilIdle();
    expect([await gateOf(head(pull)), trainings() - before]).toEqual([
      "pending: waiting for /train or the label gpu",
      0,
    ]);
    const runs = github.runs({ workflow: "train-on-demand.yml" }).slice(-7);
    expect(runs.map((run) => run.attempts.at(-1)?.conclusion)).toEqual(
      Array(7)
        .fill("success")
        .map((ok, at) => (at === 2 ? "skipped" : ok)),
    );
  });

  test("of a fork is not trained on the machine of the repository", async () => {
    const fork = await github.fork("mallory");
    await fork.push({ branch: "evil", files: { "measured.json": '{"accuracy": 1}' } });
    const pull = await fork.inRepository(github.repository).openPullRequest({ head: "mallory:evil" });
    await github.waitUntilIdle();
    expect(await gateOf(head(pull))).toBe("pending: waiting for /train or the label gpu");
    await say(pull, "alice", "/train");
    expect([await gateOf(head(pull)), trainings() - before]).toEqual([
      "pending: waiting for /train or the label gpu",
      0,
    ]);
  });

  test("whose training fails has a status that says why", async () => {
    const pull = await propose(0.9);
    await github
      .as("alice")
      .push({ branch: `change-${count}`, files: { "train.mjs": 'throw new Error("no GPU");\n' } });
    await github.waitUntilIdle();
    await say(pull, "alice", "/train");
    expect(await gateOf(head(pull))).toMatch(/^error: the training ended in failure/);
  });
});

test("a merge group is trained and gets the status without being asked", async () => {
  const pull = await propose(0.9);
  await say(pull, "alice", "/train");
  await github.request("DELETE /repos/{owner}/{repo}/branches/{branch}/protection", { branch: "main" });
  await github.request("POST /repos/{owner}/{repo}/rulesets", {
    name: "queue",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "mlops/gate" }],
        },
      },
      {
        type: "merge_queue",
        parameters: {
          check_response_timeout_minutes: 60,
          grouping_strategy: "ALLGREEN",
          max_entries_to_build: 1,
          max_entries_to_merge: 1,
          merge_method: "MERGE",
          min_entries_to_merge: 1,
          min_entries_to_merge_wait_minutes: 0,
        },
      },
    ],
  });
  await github.as("alice").enqueue(pull.number);
  await github.waitUntilIdle();
  const [run] = github.runs({ workflow: "train-on-demand.yml", event: "merge_group" });
  expect(await gateOf(run?.headSha ?? "")).toBe("success: the model is good enough");
  expect(github.repository.pulls.get(pull.number)?.merged).toBe(true);
});
