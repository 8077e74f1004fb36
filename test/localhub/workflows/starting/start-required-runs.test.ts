/** Workflows that a ruleset requires: which run, by whose file, and what they block. */
import { expect, test } from "vitest";
import { enqueue } from "../../operations/merging/merge-queue.ts";
import { watchMergeQueue } from "../../operations/merging/merge-queue-watch.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { createRuleset } from "../../operations/protection/rulesets.ts";
import { mergeBlockers } from "../../operations/pulls/merge-blockers.ts";
import { openPull } from "../../operations/pulls/pulls.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import type { RulesetRule } from "../../world/protection.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import { jobResults, runState, startTestActions, type TestActions } from "./testing.ts";

const PATH = ".github/workflows/gate.yml";
const workflow = (job: string, on = "[pull_request, merge_group]"): string =>
  `name: gate\non: ${on}\njobs: { ${job}: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n`;

/** `acme/policies` has the file that the ruleset of `acme/model` requires. */
async function startGuarded(
  file: string = workflow("required"),
  options: { readonly private?: boolean; readonly owner?: string; readonly more?: readonly RulesetRule[] } = {},
): Promise<TestActions & { readonly source: Repository }> {
  const hub = await startTestActions();
  const { world, repository } = hub;
  await hub.push({ "README.md": "A model" });
  const owner = options.owner === undefined ? repository.owner : hub.as(options.owner).actor;
  const source = await createRepository(world, { owner, name: "policies", private: options.private ?? false });
  await commitFiles(
    world,
    source,
    { branch: "main", files: { [PATH]: file }, message: "Gate" },
    { actor: owner, token: undefined },
  );
  const workflows = [{ path: PATH, repository_id: source.id, ref: "refs/heads/main" }];
  const rules = [{ type: "workflows", parameters: { workflows } }, ...(options.more ?? [])];
  const settings = { name: "gate", enforcement: "active", include: ["~DEFAULT_BRANCH"], rules } as const;
  createRuleset(world, repository, settings, hub.as("alice"));
  return Object.assign(hub, { source });
}

async function propose(hub: TestActions, files: Readonly<Record<string, string>>, base = "main") {
  await hub.push(files, { branch: "topic", as: "bob" });
  const wanted = { title: "Better model", head: "topic", base };
  const runs = await hub.runsStartedBy(() => openPull(hub.world, hub.repository, wanted, hub.as("bob")));
  const pull = [...hub.repository.pulls.values()].at(-1) as PullRequest;
  const blockers = async () => (await mergeBlockers(hub.world, pull, undefined)).map(({ message }) => message);
  return { pull, runs, blockers };
}

test("runs the file of the rule's repository on the test merge, as a run of the repository that is judged", async () => {
  await using hub = await startGuarded();
  const { pull, runs, blockers } = await propose(hub, { "a.md": "a" });
  const main = await hub.source.git.resolve("refs/heads/main");
  expect(runs.map((run) => [run.repository.fullName, run.ref, run.sha, run.headSha, runState(run)])).toEqual([
    ["acme/model", "refs/pull/1/merge", pull.comparison?.mergeSha, pull.headSha, "success"],
  ]);
  expect(hub.runner.assignment("required").contexts.github).toMatchObject({
    repository: "acme/model",
    sha: pull.comparison?.mergeSha,
    workflow_ref: `acme/policies/${PATH}@refs/heads/main`,
    workflow_sha: main,
  });
  expect(await blockers()).toEqual([]);
});

test("its failure blocks, whatever a file of the same path and job name in the change says", async () => {
  await using hub = await startGuarded();
  hub.runner.script("required", { conclusion: "failure" });
  const { runs, blockers } = await propose(hub, { [PATH]: workflow("own") });
  expect(runs.map(jobResults)).toEqual([{ own: "success" }, { required: "failure" }]);
  expect(await blockers()).toEqual([`Required workflow "${PATH}" is failing.`]);
});

test("filters and [skip ci] do not keep it from running; the newest commit counts", async () => {
  await using hub = await startGuarded(
    workflow("required", "{ pull_request: { paths: [nothing], types: [labeled] } }"),
  );
  const { blockers } = await propose(hub, { "a.md": "a" });
  hub.runner.script("required", { conclusion: "failure" });
  const again = await hub.push({ "b.md": "b" }, { branch: "topic", as: "bob", message: "Next [skip ci]" });
  expect(again.map(jobResults)).toEqual([{ required: "failure" }]);
  expect(await blockers()).toEqual([`Required workflow "${PATH}" is failing.`]);
});

test.each([
  ["does not listen to the event", workflow("required", "push"), {}],
  ["is private, and the judged repository public", undefined, { private: true }],
  ["belongs to somebody else", undefined, { owner: "carol" }],
])("a file that %s never runs, and blocks", async (_, file, options) => {
  await using hub = await startGuarded(file, options);
  const { runs, blockers } = await propose(hub, { "a.md": "a" });
  expect(runs).toEqual([]);
  expect(await blockers()).toEqual([`Required workflow "${PATH}" is expected.`]);
});

test("a file that cannot be read fails", async () => {
  await using hub = await startGuarded("on: pull_request\njobs: none\n");
  const { runs, blockers } = await propose(hub, { "a.md": "a" });
  expect(runs.map(runState)).toEqual(["startup_failure"]);
  expect(await blockers()).toEqual([`Required workflow "${PATH}" is failing.`]);
});

test("other branches than the rule's are not judged", async () => {
  await using hub = await startGuarded();
  await hub.push({ "a.md": "a" }, { branch: "next" });
  expect((await propose(hub, { "b.md": "b" }, "next")).runs).toEqual([]);
});

test("runs for a merge group too", async () => {
  const queue = { type: "merge_queue", parameters: { min_entries_to_merge: 1, check_response_timeout_minutes: 60 } };
  await using hub = await startGuarded(undefined, { more: [queue] });
  using watch = watchMergeQueue(hub.world);
  const { pull, blockers } = await propose(hub, { "a.md": "a" });
  expect(await blockers()).toEqual(["Changes must be made through the merge queue"]);
  const runs = await hub.runsStartedBy(() => enqueue(hub.world, pull, hub.as("bob")));
  expect(runs.map((run) => [run.event, jobResults(run)])).toEqual([["merge_group", { required: "success" }]]);
  await watch.idle();
  expect(pull.merged).toBe(true);
});
