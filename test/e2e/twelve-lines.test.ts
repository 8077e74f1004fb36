/** The twelve lines of a first try, in a repository that has nothing else of ours, and what they grow into. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LocalGitHub, type Person, startLocalGitHub } from "@mlops-actions/localhub";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { unzip } from "../../shared/adapters/files/unzip.ts";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions, readTemplates } from "./story/example-files.ts";
import { jobConclusions, newestRun } from "./story/observe.ts";

const readme = readFileSync(fileURLToPath(new URL("../../actions/model-diff/README.md", import.meta.url)), "utf8");
const [pasted = ""] = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");
/** The workflow, with a training that writes what the commit says. */
const WORKFLOW = pasted
  .replace("OWNER/", `${PUBLISHER}/`)
  .replace("pip install -r requirements.txt && python train.py", "cp measured.json metrics.json");
const PATH = ".github/workflows/model.yml";
const GOOD = '{"accuracy": 0.8512396694214877, "log_loss": 0.3581320490187261, "rows": 16152}';
const BETTER = GOOD.replace("0.8512396694214877", "0.8612396694214877");
const WORSE = GOOD.replace("0.8512396694214877", "0.7512396694214877");
const POLICY = "version: 2\ngates:\n  - { metric: accuracy, better: higher, max-regression: 1% }\n";

let github: LocalGitHub;
let alice: Person;
/** Numbers of pull requests by their head. */
let opened: Map<string, number>;
beforeAll(() => buildActions(), 300_000);
beforeEach(async () => {
  github = await startLocalGitHub({ repository: `${PUBLISHER}/model`, people: { alice: "write" } });
  alice = github.as("alice");
  opened = new Map();
  const { git } = await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions() });
  const sha = await git.resolve("refs/heads/main");
  const tag = { repo: "mlops-actions", ref: "refs/tags/v1", sha };
  await github.request("POST /repos/{owner}/{repo}/git/refs", tag);
});
afterEach(() => github.close());

/** Pushes to a branch, opens its pull request the first time, and waits. @returns the comments, newest run last */
async function propose(branch: string, files: Readonly<Record<string, string | null>>, by: Person = alice) {
  await by.push({ branch, files, message: `${branch} ${Object.keys(files).join(" ")}` });
  const head = by.repository === github.repository ? branch : `${by.login}:${branch}`;
  const number =
    opened.get(head) ?? (await by.inRepository(github.repository).openPullRequest({ head, title: branch })).number;
  opened.set(head, number);
  await github.waitUntilIdle();
  const run = newestRun(github, "model.yml");
  const comments = [...github.repository.comments.values()].filter(({ issue }) => issue === number);
  return { number, jobs: jobConclusions(run), bodies: comments.map(({ body }) => body), log: github.log(run) };
}
async function begin(files: Readonly<Record<string, string>>): Promise<void> {
  await github.push({ files: { "README.md": "A model", [PATH]: WORKFLOW, "measured.json": GOOD, ...files } });
  await github.waitUntilIdle();
}
const headline = ([body = ""]: readonly string[]): string => body.split("\n")[0] ?? "";

test("the first pull request is green and shows the numbers, and its merge makes the baseline", async () => {
  expect(pasted.trimEnd().split("\n")).toHaveLength(12);
  await github.push({ files: { "README.md": "A model" } });
  const first = await propose("try", { [PATH]: WORKFLOW, "measured.json": GOOD });
  expect(first.jobs).toEqual({ model: "success" });
  expect(headline(first.bodies)).toMatch(/^### 📊 No rules yet: nothing was gated \(`[0-9a-f]{7}`\)$/);
  expect(first.bodies[0]).toContain("There is nothing to compare with yet: the first merge makes it");
  expect(first.bodies[0]).toContain("| `accuracy` | 0.85124 |");
  expect(first.bodies[0]).toContain("  - metric: accuracy # 0.8512396694214877 in this run");
  await github.merge(first.number);
  await github.waitUntilIdle();

  const second = await propose("better", { "measured.json": BETTER });
  const start = github.journal.requests().length;
  const again = await propose("better", { "a.txt": "a" });
  expect(again.bodies).toHaveLength(1);
  expect(second.bodies).toHaveLength(1);
  expect(again.bodies[0]).toContain("| `accuracy` | 0.8512 | 0.8612 | ▲ 1.2 % (0.01) better |");
  const requests = github.journal
    .requests()
    .slice(start)
    .map(({ operation }) => operation ?? "");
  const asked = requests.filter((operation) => /^(?:repos|git|actions|issues|pulls)\//.test(operation));
  expect(asked).toEqual([
    "repos/get-content",
    "repos/list-commits",
    "actions/list-artifacts-for-repo",
    "actions/get-workflow-run",
    "actions/download-artifact",
    "issues/list-comments",
    "issues/update-comment",
    "issues/list-comments",
  ]);
});

describe("with rules", () => {
  test("the change that adds them is shown what they would say, and then they gate", async () => {
    await begin({});
    const adds = await propose("rules", { ".github/mlops.yml": POLICY, "measured.json": BETTER });
    expect(adds.jobs).toEqual({ model: "success" });
    expect(headline(adds.bodies)).toContain("No rules yet");
    expect(adds.bodies[0]).toContain("its rules hold for this very change");
    await github.merge(adds.number);
    await github.waitUntilIdle();

    const worse = await propose("worse", { "measured.json": WORSE });
    expect(worse.jobs).toEqual({ model: "failure" });
    expect(headline(worse.bodies)).toContain("### ❌ Not ready to merge: the rule is broken");
    const mended = await propose("worse", { "measured.json": BETTER });
    expect([mended.jobs, headline(mended.bodies)]).toEqual([
      { model: "success" },
      expect.stringContaining("### ✅ Ready to merge: the rule passes"),
    ]);
    expect(mended.bodies[0]).toContain("advisory");
  });

  test.each([
    ["that are broken", { ".github/mlops.yml": "version: 2\ngates: all\n" }, "gates must be a list"],
    ["that lie elsewhere", { ".github/mlops.yaml": POLICY }, "it looks like the policy"],
  ])("%s, nothing is green, and the cause is the first line", async (_, files, cause) => {
    await begin(files);
    const { jobs, bodies } = await propose("change", { "measured.json": BETTER });
    expect(jobs).toEqual({ model: "failure" });
    expect(headline(bodies)).toMatch(/^### ❌ Not ready to merge: `\.github\/mlops\.ya?ml/);
    expect(bodies[0]).toContain(cause);
    expect(bodies[0]).toContain("**Next:**");
  });

  test("that were removed, nothing is green", async () => {
    await begin({ ".github/mlops.yml": POLICY });
    await github.push({ files: { ".github/mlops.yml": null } });
    await github.waitUntilIdle();
    const { jobs, bodies } = await propose("change", { "measured.json": BETTER });
    expect([jobs, headline(bodies)]).toEqual([{ model: "failure" }, expect.stringContaining("removed it")]);
  });
});

test.each([
  ["there are none", null, "there is no such file"],
  ["one is not a number", '{"accuracy": NaN}', "measured"],
])("when %s of the numbers, the cause is the first line", async (_, measured, cause) => {
  await begin({ [PATH]: WORKFLOW.replace("cp measured.json metrics.json", "cp measured.json metrics.json || true") });
  const { jobs, bodies } = await propose("broken", { "measured.json": measured });
  expect([jobs, headline(bodies)]).toEqual([
    { model: "failure" },
    expect.stringMatching(/^### ❌ Not ready to merge: /),
  ]);
  expect([cause, bodies[0]]).toEqual([cause, expect.stringContaining("metrics.json")]);
});

test("when the training fails, the comment names its step, and no earlier result is left standing", async () => {
  await begin({});
  await propose("change", { "measured.json": BETTER });
  const { jobs, bodies } = await propose("change", { "measured.json": null });
  expect(jobs).toEqual({ model: "failure" });
  expect(bodies).toHaveLength(1);
  const [first = "", ...rest] = bodies[0]?.split("\n") ?? [];
  expect(first).toMatch(
    /^### ❌ Not ready to merge: the step "Run cp measured\.json metrics\.json" failed, and nothing was compared \(`/,
  );
  expect(rest.join("\n")).toMatch(/\[its log\]\(\S+\/job\/\d+#step:4:1\)/);
  const [push] = github.runs({ workflow: "model.yml", event: "push" });
  // Where the action was reached, it says itself what happened: its post step does nothing.
  const steps = push?.attempts.at(-1)?.jobs[0]?.steps.map(({ name, conclusion }) => `${name}: ${conclusion}`);
  expect(steps).toContain(`Post Run ${PUBLISHER}/mlops-actions@v1: skipped`);
});

test("when the change deletes the step that judges, or its workflow, no result of an earlier commit stays", async () => {
  await begin({ ".github/mlops.yml": POLICY, ...readTemplates(["outdated.yml"]) });
  const good = await propose("change", { "measured.json": BETTER });
  expect(headline(good.bodies)).toContain("### ✅ Ready to merge");
  const pending = "### ⏳ Not decided yet: not reported for this commit yet (`";
  const without = WORKFLOW.replace(/ {6}- uses: acme[\s\S]*$/, "");
  const deleted = await propose("change", { "measured.json": WORSE, [PATH]: without });
  expect([deleted.jobs, headline(deleted.bodies)]).toEqual([{ model: "success" }, expect.stringContaining(pending)]);
  const back = await propose("change", { [PATH]: WORKFLOW });
  expect(headline(back.bodies)).toContain("### ❌ Not ready to merge: the rule is broken");
  const gone = await propose("change", { [PATH]: null });
  expect([gone.bodies.length, headline(gone.bodies)]).toEqual([1, expect.stringContaining(pending)]);
});

test("the legs of a matrix and a second model are sections of one comment, and the headline is the worst", async () => {
  const matrix = WORKFLOW.replace(
    "    runs-on:",
    "    strategy: { fail-fast: false, matrix: { size: [small, large] } }\n    runs-on:",
  ).replace("cp measured.json metrics.json", "cp ${{ matrix.size }}.json metrics.json");
  const files = { [PATH]: matrix, "small.json": GOOD, "large.json": GOOD, ".github/mlops.yml": POLICY };
  await begin(files);
  const { jobs, bodies } = await propose("one", { "small.json": WORSE });
  expect(Object.values(jobs).sort()).toEqual(["failure", "success"]);
  expect(bodies).toHaveLength(1);
  expect(headline(bodies)).toMatch(/^### ❌ Not ready to merge: 1 of 2 results, `model \(small\)`/);
  expect(bodies[0]).toContain("#### ✅ `model (large)`: the rule passes");
  expect(bodies[0]).toContain("#### ❌ `model (small)`: the rule is broken");
});

test("a fork's pull request is judged, and says in its summary why there is no comment", async () => {
  await begin({ ".github/mlops.yml": POLICY });
  const mallory = await github.fork("mallory");
  const { jobs, bodies, log } = await propose("better", { "measured.json": BETTER }, mallory);
  expect([jobs, bodies]).toEqual([{ model: "success" }, []]);
  expect(log).toContain("No comment: a fork's pull request");
  const worse = await propose("better", { "measured.json": WORSE }, mallory);
  expect(worse.jobs).toEqual({ model: "failure" });
});

test("with comment.yml a fork's pull request has a comment, and one whose training fails has its last line", async () => {
  await begin({ ".github/mlops.yml": POLICY, ...readTemplates(["comment.yml"]) });
  const mallory = await github.fork("mallory");
  const failing = await propose("change", { "measured.json": null }, mallory);
  expect(failing.bodies).toHaveLength(1);
  expect(headline(failing.bodies)).toMatch(
    /^### ❌ Not ready to merge: there is no verdict&#58; job "model" failed in the step "Run cp measured\.json metrics\.json"&#58; cp&#58; .*No such file or directory/,
  );
  const better = await propose("change", { "measured.json": BETTER }, mallory);
  expect(headline(better.bodies)).toMatch(
    /^### ☑️ Reported, not verified: the rule holds for the numbers that this fork's run/,
  );
});

test("the author's words and curves are shown, the report is kept with the record, and the next run reads that", async () => {
  const workflow = WORKFLOW.trimEnd().concat(
    "\n          title: Visits by region\n          body: report.md\n          plots: loss.csv\n",
  );
  const words = "# Why\n\nA *wider* network, @alice: ![net](net.svg)\n";
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>';
  await begin({ [PATH]: workflow, "report.md": words, "net.svg": svg, "loss.csv": "step,loss\n0,1\n1,0.5\n" });
  const { jobs, bodies } = await propose("better", { "measured.json": BETTER });
  expect(jobs).toEqual({ model: "success" });
  expect(headline(bodies)).toContain("No rules yet: Visits by region: nothing was gated");
  expect(bodies[0]).toContain("##### Why\n\nA <em>wider</em> network, `@alice:` 🖼 net (in the report)");
  expect(bodies[0]).toContain("line [1, 0.5]");
  // The record of the first push was read from an artifact that has a report, too.
  expect(bodies[0]).toContain("| `accuracy` | 0.8512 | 0.8612 | ▲ 1.2 % (0.01) better |");
  const [, link = "", run] =
    /\[the report\]\((\S+\/actions\/runs\/(\d+)\/artifacts\/\d+)\)/.exec(bodies[0] ?? "") ?? [];
  expect(Number(run)).toBe(newestRun(github, "model.yml").id);
  const archive = await fetch(`${github.url}${new URL(link).pathname}`);
  const files = unzip(new Uint8Array(await archive.arrayBuffer()), "the artifact");
  const folder = "model-diff model.yml model";
  expect([...files.keys()]).toEqual([`${folder}/verdict.json`, `${folder}/report.html`]);
  const page = Buffer.from(files.get(`${folder}/report.html`) ?? []).toString();
  expect(page).toContain("📊 No rules yet: Visits by region: nothing was gated");
  expect(page).toContain('<img src="data:image/svg+xml;base64,');
});
