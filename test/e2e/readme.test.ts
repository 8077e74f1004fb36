/** The YAML that the README tells new users to paste does what it says. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildActions } from "../bundle/built-actions.ts";
import { cappedVisits, freeCareFeature } from "./story/changes.ts";
import { PUBLISHER, readExample } from "./story/example-files.ts";
import { jobConclusions, listComments, newestRun } from "./story/observe.ts";
import { createFixture, type StoryFixture } from "./story/story-fixture.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const [workflow = "", policy = ""] = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

let fixture: StoryFixture;
let github: LocalGitHub;
beforeAll(async () => {
  buildActions();
  fixture = await createFixture();
  github = fixture.github;
  await fixture.owner.push({ files: readExample("visits") });
  const files = {
    ".github/mlops.yml": policy,
    ".github/workflows/model.yml": workflow
      .replaceAll("OWNER/", `${PUBLISHER}/`)
      .replace("pip install -r requirements.txt && python train.py", "node train.mjs"),
  };
  await fixture.owner.push({ files, message: "Paste" });
  await github.waitUntilIdle();
});
afterAll(() => fixture[Symbol.asyncDispose]());

test("the first push to main makes the baseline", () => {
  expect(jobConclusions(newestRun(github, "model.yml"))).toEqual({ model: "success" });
});

test.each([
  ["worse for a slice", "capped", cappedVisits(), "failure", "Not ready to merge"],
  ["better", "free", freeCareFeature(), "success", "Ready to merge"],
] as const)("a pull request that is %s", async (_, branch, files, end, says) => {
  await fixture.alice.push({ branch, files });
  const pull = await fixture.alice.openPullRequest({ head: branch });
  await github.waitUntilIdle();
  expect(jobConclusions(newestRun(github, "model.yml"))).toEqual({ model: end });
  expect(listComments(github, pull)).toEqual([{ author: "github-actions[bot]", body: expect.stringContaining(says) }]);
});
