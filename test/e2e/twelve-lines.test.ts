/** The twelve lines of a first try, in a repository that has nothing else of ours. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import { PUBLISHER, readReleasedActions } from "./story/example-files.ts";
import { jobConclusions, listComments, newestRun } from "./story/observe.ts";

const readme = readFileSync(fileURLToPath(new URL("../../actions/model-diff/README.md", import.meta.url)), "utf8");
const [workflow = ""] = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");
/** What a training would do. */
const TRAIN = "cp measured.json metrics.json";

let github: LocalGitHub;
beforeAll(async () => {
  buildActions();
  github = await startLocalGitHub({ repository: `${PUBLISHER}/model`, people: { alice: "write" } });
  const { git } = await github.addRepository(`${PUBLISHER}/mlops-actions`, { files: readReleasedActions() });
  const sha = await git.resolve("refs/heads/main");
  const tag = { repo: "mlops-actions", ref: "refs/tags/v1", sha };
  await github.request("POST /repos/{owner}/{repo}/git/refs", tag);
}, 180_000);
afterAll(() => github.close());

const paste = workflow
  .replace("OWNER/", `${PUBLISHER}/`)
  .replace("pip install -r requirements.txt && python train.py", TRAIN);

test("the first pull request shows a diff, and the first merge makes the baseline", async () => {
  expect(workflow.trimEnd().split("\n")).toHaveLength(12);
  await github.push({ files: { "README.md": "A model" }, message: "Begin" });
  const alice = github.as("alice");
  const measured = '{"accuracy": 0.8512396694214877, "log_loss": 0.3581320490187261, "rows": 16152}';
  await alice.push({ branch: "try", files: { ".github/workflows/model.yml": paste, "measured.json": measured } });
  const first = await alice.openPullRequest({ head: "try", title: "Try it" });
  await github.waitUntilIdle();
  expect(jobConclusions(newestRun(github, "model.yml"))).toEqual({ model: "success" });
  const [comment] = listComments(github, first);
  expect(comment?.body).toContain("### 📊 No rules yet: nothing was gated");
  await github.merge(first.number);
  await github.waitUntilIdle();

  const better = measured.replace("0.8512396694214877", "0.8612396694214877");
  await alice.push({ branch: "better", files: { "measured.json": better } });
  const second = await alice.openPullRequest({ head: "better", title: "Better" });
  await github.waitUntilIdle();
  await alice.push({ branch: "better", files: { "a.txt": "a" } });
  await github.waitUntilIdle();
  expect(listComments(github, second)).toHaveLength(1);
}, 60_000);
