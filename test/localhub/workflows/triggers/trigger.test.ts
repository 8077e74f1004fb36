import { describe, expect, test } from "vitest";
import { createCheckRun } from "../../operations/checks/app-checks.ts";
import { createStatus } from "../../operations/checks/statuses.ts";
import { createComment } from "../../operations/conversations/comments.ts";
import { createIssue } from "../../operations/conversations/issues.ts";
import { createLabel } from "../../operations/conversations/labels.ts";
import { openDeployment, setDeploymentStatus } from "../../operations/deployments/deployments.ts";
import { createApp } from "../../operations/people/accounts.ts";
import { appToken } from "../../operations/people/tokens.ts";
import { openPull } from "../../operations/pulls/pulls.ts";
import { createReview } from "../../operations/pulls/reviews.ts";
import { createRef, deleteRef } from "../../operations/refs/refs.ts";
import { createRelease } from "../../operations/refs/releases.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { startTestActions, type TestActions } from "../starting/testing.ts";

/** One workflow for each event, so that every event is seen on its own. */
const EVENTS = [
  ...["create", "delete", "issues", "issue_comment", "label", "status", "check_run", "deployment", "deployment_status"],
  ...["release", "merge_group", "pull_request_review"],
];
const FILES = Object.fromEntries(
  EVENTS.map((event) => [
    `.github/workflows/${event}.yml`,
    `on: ${event}\njobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }`,
  ]),
);

interface TriggerFixture {
  readonly hub: TestActions;
  /** The head of `main`. */
  readonly main: string;
  /** The head of `topic`, one commit further. */
  readonly topic: string;
}

async function createFixture(hub: TestActions): Promise<TriggerFixture> {
  await hub.push(FILES);
  await hub.push({ "a.md": "x" }, { branch: "topic" });
  const [main = "", topic = ""] = await Promise.all(
    ["main", "topic"].map((branch) => hub.repository.git.resolve(branch)),
  );
  return { hub, main, topic };
}

const deploy = ({ hub: { world, repository, as } }: TriggerFixture, ref: string, sha: string) =>
  openDeployment(world, repository, { sha, ref, environment: "production" }, as("alice"));

/** An event, the runs it starts (event and ref), and the commit they run on. */
const CASES: readonly (readonly [
  what: string,
  act: (fixture: TriggerFixture) => unknown,
  runs: readonly string[],
  sha: (fixture: TriggerFixture) => string,
])[] = [
  [
    "a branch is created",
    ({ hub, topic }) => createRef(hub.world, hub.repository, { ref: "refs/heads/new", sha: topic }, hub.as("alice")),
    ["create refs/heads/new"],
    ({ topic }) => topic,
  ],
  [
    "a tag is created",
    ({ hub, topic }) => createRef(hub.world, hub.repository, { ref: "refs/tags/v1", sha: topic }, hub.as("alice")),
    ["create refs/tags/v1"],
    ({ topic }) => topic,
  ],
  [
    "a branch is deleted",
    ({ hub }) => deleteRef(hub.world, hub.repository, { ref: "refs/heads/topic" }, hub.as("alice")),
    ["delete refs/heads/main"],
    ({ main }) => main,
  ],
  [
    "an issue is opened and commented on",
    ({ hub: { world, repository, as } }) => {
      const issue = createIssue(world, repository, { title: "Drift" }, as("bob"));
      createComment(world, repository, issue, "hello", as("bob"));
    },
    ["issues refs/heads/main", "issue_comment refs/heads/main"],
    ({ main }) => main,
  ],
  [
    "a label is created",
    ({ hub }) => createLabel(hub.world, hub.repository, { name: "model" }, hub.as("alice")),
    ["label refs/heads/main"],
    ({ main }) => main,
  ],
  [
    "a status is set on another branch's commit",
    ({ hub, topic }) => createStatus(hub.world, hub.repository, topic, { state: "success" }, hub.as("alice")),
    ["status refs/heads/main"],
    ({ main }) => main,
  ],
  [
    "another app reports a check run",
    ({ hub: { world, repository, as }, topic }) => {
      const token = appToken(world, createApp(world, "lint", as("alice").actor, {}), { checks: "write" });
      return createCheckRun(world, repository, { name: "lint", headSha: topic }, { actor: token.actor, token });
    },
    ["check_run refs/heads/main"],
    ({ main }) => main,
  ],
  [
    "a branch is deployed",
    (at) => deploy(at, "topic", at.topic),
    ["deployment refs/heads/topic"],
    ({ topic }) => topic,
  ],
  ["a bare commit is deployed", (at) => deploy(at, at.topic, at.topic), ["deployment "], ({ topic }) => topic],
  [
    "a deployment succeeds, and one goes inactive",
    (at) => {
      const { world, repository, as } = at.hub;
      const deployment = deploy(at, "topic", at.topic);
      setDeploymentStatus(world, repository, deployment, { state: "success" }, as("alice"));
      setDeploymentStatus(world, repository, deployment, { state: "inactive" }, as("alice"));
    },
    ["deployment refs/heads/topic", "deployment_status refs/heads/topic"],
    ({ topic }) => topic,
  ],
  [
    "a release is published",
    ({ hub }) => createRelease(hub.world, hub.repository, { tag: "v2", target: "topic", name: "Two" }, hub.as("alice")),
    ["create refs/tags/v2", "release refs/tags/v2", "release refs/tags/v2", "release refs/tags/v2"],
    ({ topic }) => topic,
  ],
  [
    "a draft of a release is created",
    ({ hub }) => createRelease(hub.world, hub.repository, { tag: "v3", draft: true }, hub.as("alice")),
    [],
    ({ main }) => main,
  ],
  [
    "a merge group requests checks",
    ({ hub: { world, repository, as }, main, topic }) => {
      const ref = `refs/heads/gh-readonly-queue/main/pr-1-${main}`;
      const entry = { pull: 1, base: "main", ref, headSha: topic, baseSha: main };
      world.publish({
        ...{ event: "merge_group", action: "checks_requested", repository, actor: as("alice").actor, cause: undefined },
        entry: {
          ...entry,
          enqueuedBy: as("alice").actor,
          enqueuedAt: world.clock.now(),
          requestedAt: world.clock.now(),
        },
      });
    },
    [`merge_group refs/heads/gh-readonly-queue/main/pr-1-<main>`],
    ({ topic }) => topic,
  ],
  [
    "a pull request is reviewed",
    async ({ hub: { world, repository, as } }) => {
      const pull = await openPull(world, repository, { title: "Better", head: "topic", base: "main" }, as("bob"));
      await createReview(world, pull, { event: "APPROVE" }, as("carol"));
    },
    ["pull_request_review refs/pull/1/merge"],
    ({ hub }) => hub.repository.pulls.get(1)?.comparison?.mergeSha ?? "",
  ],
];

// GitHub docs, "Events that trigger workflows": GITHUB_SHA and GITHUB_REF of each event.
describe("each event runs on its own ref and commit", () => {
  test.each(CASES)("when %s", async (_, act, expected, shaOf) => {
    await using hub = await startTestActions();
    const at = await createFixture(hub);
    const runs = await hub.runsStartedBy(() => act(at));
    const seen = runs.map((run: WorkflowRun) => `${run.event} ${run.ref.replace(at.main, "<main>")}`);
    expect(seen.sort()).toEqual([...expected].sort());
    expect(runs.map((run) => run.sha)).toEqual(runs.map(() => shaOf(at)));
  });
});
