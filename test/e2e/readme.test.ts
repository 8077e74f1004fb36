/** What the README tells a stranger to paste does what it says. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import type { LocalGitHub } from "../localhub/index.ts";
import { cappedVisits, freeCare } from "./story/changes.ts";
import { exampleFiles, PUBLISHER } from "./story/example-files.ts";
import { commentsOn, jobsOf, newestRun } from "./story/observe.ts";
import { type Stage, setStage } from "./story/stage.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const [policy = "", workflow = ""] = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

let stage: Stage;
let github: LocalGitHub;
beforeAll(async () => {
  buildActions();
  stage = await setStage();
  github = stage.github;
  await stage.owner.push({ files: exampleFiles("visits") });
  const files = {
    ".github/mlops.yml": policy,
    ".github/workflows/model.yml": workflow.replaceAll("OWNER/", `${PUBLISHER}/`),
  };
  await stage.owner.push({ files, message: "Paste" });
  await github.settled();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("the first push to main makes the baseline", () => {
  expect(jobsOf(newestRun(github, "model.yml"))).toEqual({ gate: "success" });
});

test.each([
  ["worse for a slice", "capped", cappedVisits(), "failure", "Not ready to merge"],
  ["better", "free", freeCare(), "success", "Ready to merge"],
] as const)("a pull request that is %s", async (_, branch, files, end, says) => {
  await stage.alice.push({ branch, files });
  const pull = await stage.alice.openPullRequest({ head: branch });
  await github.settled();
  expect(jobsOf(newestRun(github, "model.yml"))).toEqual({ gate: end });
  expect(commentsOn(github, pull)).toEqual([{ author: "github-actions[bot]", body: expect.stringContaining(says) }]);
});
