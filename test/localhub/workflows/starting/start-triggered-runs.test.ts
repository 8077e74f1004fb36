import { describe, expect, test } from "vitest";
import { createComment } from "../../operations/conversations/comments.ts";
import { issueByNumber } from "../../operations/conversations/issues.ts";
import { forkRepository } from "../../operations/people/repositories.ts";
import { classicToken, jobToken } from "../../operations/people/tokens.ts";
import { openPull } from "../../operations/pulls/pulls.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import { deleteRef } from "../../operations/refs/refs.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { MAX_CHAIN_DEPTH } from "./start-triggered-runs.ts";
import { runState, startTestActions, type TestActions } from "./testing.ts";

const JOBS = 'jobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }';

/** Workflow files by name, each with the given `on:`. */
const listening = (on: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(on).map(([name, triggers]) => [
      `.github/workflows/${name}.yml`,
      `name: ${name}\non: ${triggers}\n${JOBS}`,
    ]),
  );

const about = (run: WorkflowRun) => `${run.workflow.name} ${run.event} ${run.ref}`;

async function pullFrom(hub: TestActions, files: Readonly<Record<string, string>>, branch = "topic") {
  await hub.push(files, { branch });
  const wanted = { title: "Better model", head: branch, base: "main" };
  const runs = await hub.runsStartedBy(() => openPull(hub.world, hub.repository, wanted, hub.as("bob")));
  const pull = [...hub.repository.pulls.values()].at(-1);
  if (pull === undefined) throw new Error("no pull request");
  return { pull, runs };
}

describe("push", () => {
  test("runs the files of the pushed commit, with its ref, titled by its message", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push(listening({ ci: "push" }), { branch: "topic", message: "Try it\n\nlong" });
    expect(run).toMatchObject({
      event: "push",
      ref: "refs/heads/topic",
      headBranch: "topic",
      displayTitle: "Try it",
      runNumber: 1,
      actor: hub.as("alice").actor,
      headRepository: hub.repository,
    });
    expect([run?.sha, run?.headSha]).toEqual([run?.headCommit?.sha, run?.sha]);
    expect(run?.payload).toMatchObject({ ref: "refs/heads/topic", after: run?.sha });
    expect(hub.runner.assignment("j").contexts.github).toMatchObject({
      event_name: "push",
      ref: "refs/heads/topic",
      ref_name: "topic",
      ref_type: "branch",
      sha: run?.sha,
      workflow: "ci",
      workflow_ref: "acme/model/.github/workflows/ci.yml@refs/heads/topic",
      run_number: "1",
      run_attempt: "1",
      actor: "alice",
      triggering_actor: "alice",
      repository: "acme/model",
      secret_source: "Actions",
    });
  });

  test("several files start in the order of their paths; filters decide; deleted refs start nothing", async () => {
    await using hub = await startTestActions();
    const on = { b: "push", a: "push", docs: "{ push: { paths: ['docs/**'] } }", tags: "{ push: { tags: ['v*'] } }" };
    const first = await hub.push(listening(on));
    const second = await hub.push({ "docs/a.md": "x" });
    expect([first, second].map((runs) => runs.map((run) => run.workflow.name))).toEqual([
      ["a", "b"],
      ["a", "b", "docs"],
    ]);
    await hub.push({ "a.md": "x" }, { branch: "gone" });
    const target = { ref: "refs/heads/gone" };
    expect(await hub.runsStartedBy(() => deleteRef(hub.world, hub.repository, target, hub.as("alice")))).toEqual([]);
  });

  test("[skip ci] starts nothing", async () => {
    await using hub = await startTestActions();
    expect(await hub.push(listening({ ci: "push" }), { message: "Docs [skip ci]" })).toEqual([]);
  });

  test("a file GitHub would reject is a run that failed to start, with the position of every error", async () => {
    await using hub = await startTestActions();
    const bad =
      "on: push\njobs:\n  j:\n    runs-on: ubuntu-latest\n    needs: nobody\n    steps: [{ run: x, shel: bash }]\n";
    const [run] = await hub.push({ ".github/workflows/bad.yml": bad });
    expect([runState(run), run?.workflow.name]).toEqual(["startup_failure", ".github/workflows/bad.yml"]);
    const errors = run?.attempts[0]?.workflowErrors ?? [];
    expect(errors.join("\n")).toMatch(/\.github\/workflows\/bad\.yml:5:\d+: .*nobody/);
    expect(errors.join("\n")).toMatch(/\.github\/workflows\/bad\.yml:6:\d+: .*shel/);
    expect(run?.attempts[0]?.suite.conclusion).toBe("startup_failure");
  });

  test("a disabled workflow starts nothing", async () => {
    await using hub = await startTestActions();
    await hub.push(listening({ ci: "push" }));
    for (const workflow of hub.repository.actions.workflows.values()) workflow.state = "disabled_manually";
    expect(await hub.push({ "a.md": "x" })).toEqual([]);
  });
});

describe("pull requests", () => {
  test("pull_request runs on the test merge, pull_request_target on the default branch; both report to the head", async () => {
    await using hub = await startTestActions();
    await hub.push(listening({ pr: "pull_request", target: "pull_request_target" }));
    const { pull, runs } = await pullFrom(hub, { "a.md": "x" });
    expect(runs.map(about)).toEqual([
      "pr pull_request refs/pull/1/merge",
      "target pull_request_target refs/heads/main",
    ]);
    const [own, target] = runs;
    const main = await hub.repository.git.resolve("main");
    expect(own?.sha).toBe(pull.comparison?.mergeSha);
    expect(target?.sha).toBe(main);
    for (const run of runs) {
      expect(run).toMatchObject({
        headSha: pull.headSha,
        headBranch: "topic",
        pulls: [1],
        displayTitle: "Better model",
      });
    }
    const contexts = hub.runner.started.map(({ contexts: { github } }) => github);
    expect(contexts.map(({ head_ref, base_ref, ref_name }) => [head_ref, base_ref, ref_name])).toEqual([
      ["topic", "main", "1/merge"],
      ["topic", "main", "main"],
    ]);
  });

  test("with a conflict pull_request does not run, pull_request_target does", async () => {
    await using hub = await startTestActions();
    await hub.push({ ...listening({ pr: "pull_request", target: "pull_request_target" }), "a.md": "base" });
    await hub.push({ "a.md": "topic" }, { branch: "topic" });
    await hub.push({ "a.md": "main" });
    const wanted = { title: "Conflict", head: "topic", base: "main" };
    const runs = await hub.runsStartedBy(() => openPull(hub.world, hub.repository, wanted, hub.as("bob")));
    expect(runs.map(about)).toEqual(["target pull_request_target refs/heads/main"]);
  });

  test("a new push synchronizes; branches filters check the base", async () => {
    await using hub = await startTestActions();
    await hub.push(listening({ pr: "pull_request", other: "{ pull_request: { branches: ['release/**'] } }" }));
    const { pull } = await pullFrom(hub, { "a.md": "x" });
    const runs = await hub.push({ "a.md": "y" }, { branch: "topic" });
    expect(runs.map(about)).toEqual(["pr pull_request refs/pull/1/merge"]);
    expect(runs[0]).toMatchObject({ payload: { action: "synchronize" }, headSha: pull.headSha });
  });

  test("a fork's pull request: read-only token, no secrets, no variables, the fork as head repository", async () => {
    await using hub = await startTestActions();
    await hub.push({
      ".github/workflows/pr.yml": `name: pr\non: pull_request\npermissions: write-all\n${JOBS}`,
      ".github/workflows/target.yml": `name: target\non: pull_request_target\npermissions: write-all\n${JOBS}`,
    });
    hub.repository.actions.secrets.set("KEY", "s3cret");
    hub.repository.actions.variables.set("PLACE", "here");
    const dave = hub.as("dave");
    const fork = await forkRepository(hub.world, hub.repository, dave.actor);
    await commitFiles(hub.world, fork, { branch: "topic", files: { "a.md": "x" }, message: "Fork" }, dave);
    const wanted = { title: "From a fork", head: "dave:topic", base: "main" };
    const runs = await hub.runsStartedBy(() => openPull(hub.world, hub.repository, wanted, dave));
    expect(runs.map((run) => [about(run), run.headRepository])).toEqual([
      ["pr pull_request refs/pull/1/merge", fork],
      ["target pull_request_target refs/heads/main", fork],
    ]);
    const [own, target] = hub.runner.started;
    expect(own?.contexts).toMatchObject({ vars: {}, github: { secret_source: "None" } });
    expect(Object.keys(own?.contexts.secrets ?? {})).toEqual(["GITHUB_TOKEN"]);
    expect(runs.map((run) => run.attempts[0]?.jobs[0]?.permissions["contents"])).toEqual(["read", "write"]);
    expect(target?.contexts).toMatchObject({ vars: { PLACE: "here" }, secrets: { KEY: "s3cret" } });
    expect(fork.actions.runs.size).toBe(0);
  });
});

describe("recursion", () => {
  test("actions with a job's token start no runs; actions with a person's token do", async () => {
    await using hub = await startTestActions();
    await hub.push(listening({ talk: "issue_comment" }));
    const { pull } = await pullFrom(hub, { "a.md": "x" });
    const job = jobToken(hub.world, hub.repository, 1, { issues: "write", pull_requests: "write" });
    const commentWith = (token: typeof job) => () =>
      createComment(hub.world, hub.repository, issueByNumber(hub.repository, pull.number), "hello", {
        actor: token.actor,
        token,
      });
    expect(await hub.runsStartedBy(commentWith(job))).toEqual([]);
    const person = classicToken(hub.world, hub.as("bob").actor);
    expect((await hub.runsStartedBy(commentWith(person))).map(about)).toEqual(["talk issue_comment refs/heads/main"]);
  });

  test("workflow_run follows a workflow by name and is chained three levels deep", async () => {
    await using hub = await startTestActions();
    const runs = await hub.push(
      listening({
        a: "push",
        b: "{ workflow_run: { workflows: [a], types: [completed] } }",
        c: "{ workflow_run: { workflows: [b], types: [completed] } }",
        d: "{ workflow_run: { workflows: [c], types: [completed] } }",
        e: "{ workflow_run: { workflows: [d], types: [completed] } }",
      }),
    );
    expect(runs.map((run) => run.workflow.name)).toEqual(["a", "b", "c", "d"]);
    expect(runs).toHaveLength(1 + MAX_CHAIN_DEPTH);
    expect(runs[1]).toMatchObject({ event: "workflow_run", ref: "refs/heads/main", displayTitle: "b" });
    expect(runs[1]?.payload).toMatchObject({
      action: "completed",
      workflow_run: { id: runs[0]?.id, conclusion: "success" },
    });
  });

  test("workflow_run: branches filters check the branch of the triggering run", async () => {
    await using hub = await startTestActions();
    const on = { a: "push", b: "{ workflow_run: { workflows: [a], types: [completed], branches: [topic] } }" };
    expect((await hub.push(listening(on))).map((run) => run.workflow.name)).toEqual(["a"]);
    expect((await hub.push({ "a.md": "x" }, { branch: "topic" })).map((run) => run.workflow.name)).toEqual(["a", "b"]);
  });

  test("checks of GitHub Actions itself start nothing", async () => {
    await using hub = await startTestActions();
    const runs = await hub.push(listening({ ci: "push", checks: "[check_run, check_suite]" }));
    expect(runs.map((run) => run.workflow.name)).toEqual(["ci"]);
  });
});

test("a run publishes its events: requested, in progress, completed; its jobs: queued, in progress, completed", async () => {
  await using hub = await startTestActions();
  await hub.push(listening({ ci: "push" }));
  const events = hub.world.journal.effects().map((effect) => effect.event);
  expect(events.filter((event) => event.startsWith("workflow_"))).toEqual([
    "workflow_run.requested",
    "workflow_job.queued",
    "workflow_run.in_progress",
    "workflow_job.in_progress",
    "workflow_job.completed",
    "workflow_run.completed",
  ]);
});
