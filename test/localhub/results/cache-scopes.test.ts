import { expect, test } from "vitest";
import type { PullRequest, WorkflowRun } from "../world/repository.ts";
import { cacheScopesOf } from "./cache-scopes.ts";
import { startTestResultsService } from "./testing.ts";

const MAIN = "refs/heads/main";
const fork = { workflow_run: { head_repository: { id: 1 } } };

test.each<[string, Partial<WorkflowRun>, readonly string[], boolean]>([
  ["a push to the default branch", {}, [MAIN], true],
  ["a push to another branch", { ref: "refs/heads/feature" }, ["refs/heads/feature", MAIN], true],
  ["a tag", { event: "release", ref: "refs/tags/v1" }, ["refs/tags/v1", MAIN], true],
  [
    "a pull request, with its base",
    { event: "pull_request", ref: "refs/pull/7/merge" },
    ["refs/pull/7/merge", "refs/heads/release", MAIN],
    true,
  ],
  // GitHub changelog, 2026-06-26: these tokens are read-only.
  ["pull_request_target", { event: "pull_request_target" }, [MAIN], false],
  ["issue_comment", { event: "issue_comment" }, [MAIN], false],
  ["workflow_run after a fork's run", { event: "workflow_run", payload: fork }, [MAIN], false],
])("caches of %s", async (_, change, read, writes) => {
  await using hub = await startTestResultsService();
  hub.repository.pulls.set(7, { baseRef: "release" } as PullRequest);
  const run = { ...hub.run, ...change };
  expect(cacheScopesOf(run)).toEqual({ read, write: writes ? run.ref : undefined });
});

test("workflow_run after a run of the repository itself may save", async () => {
  await using hub = await startTestResultsService();
  const payload = { workflow_run: { head_repository: { id: hub.repository.id } } };
  expect(cacheScopesOf({ ...hub.run, event: "workflow_run", payload }).write).toBe(MAIN);
});
