import { describe, expect, test } from "vitest";
import {
  addAttemptRecord,
  addJobRecord,
  addRunRecord,
  addWorkflowRecord,
  endRunRecord,
} from "../../operations/testing.ts";
import type { PullRequest } from "../../world/repository.ts";
import { startTestHub } from "../serving/testing.ts";
import { jobRoutes } from "./jobs.ts";
import { runRoutes } from "./runs.ts";
import { createRecordingActionsService, type RecordingActionsService } from "./testing.ts";

const DAY_MS = 86_400_000;

async function start() {
  let actions: RecordingActionsService | undefined;
  const hub = await startTestHub({
    routes: [...runRoutes, ...jobRoutes],
    actions: (world) => (actions = createRecordingActionsService(world)),
  });
  if (actions === undefined) throw new Error("the hub was started without its Actions service");
  const person = (login: string) => {
    const account = hub.world.accounts.get(login);
    if (account === undefined) throw new Error(`there is no account ${login}`);
    return account;
  };
  const record = (options: Parameters<typeof addRunRecord>[3] & { readonly by?: string } = {}) =>
    addRunRecord(hub.world, hub.repository, person(options.by ?? "alice"), options);
  return { hub, calls: actions.calls, record };
}

describe("the list of runs", () => {
  test("is filtered by every filter, newest first", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const first = await record({ event: "push", by: "alice" });
    hub.world.clock.advance(2 * DAY_MS);
    const second = await record({ event: "schedule", by: "bob", ref: "refs/heads/feature" });
    endRunRecord(hub.world, second, "failure");
    hub.world.clock.advance(2 * DAY_MS);
    const third = await record({ workflow: addWorkflowRecord(hub.world, hub.repository, "gate") });
    const day = (date: Date) => date.toISOString().slice(0, 10);
    const between = `${day(second.createdAt)}..${day(second.createdAt)}`;
    const list = async (query: object, path = "runs") => {
      const { body } = await hub.as("dave").request(`GET /repos/{owner}/{repo}/actions/${path}`, { ...query });
      return body.workflow_runs.map(({ id }: { id: number }) => id);
    };
    expect(await list({})).toEqual([third.id, second.id, first.id]);
    expect(await list({}, "workflows/train.yml/runs")).toEqual([second.id, first.id]);
    expect(await list({ actor: "BOB" })).toEqual([second.id]);
    expect(await list({ branch: "feature" })).toEqual([second.id]);
    expect(await list({ event: "schedule" })).toEqual([second.id]);
    expect(await list({ status: "failure" })).toEqual([second.id]);
    expect(await list({ status: "completed" })).toEqual([second.id]);
    expect(await list({ status: "in_progress" })).toEqual([third.id, first.id]);
    expect(await list({ head_sha: first.headSha })).toEqual([third.id, second.id, first.id]);
    expect(await list({ head_sha: "0".repeat(40) })).toEqual([]);
    expect(await list({ check_suite_id: first.attempts[0]?.suite.id })).toEqual([first.id]);
    expect(await list({ created: between })).toEqual([second.id]);
    expect(await list({ created: `>${day(second.createdAt)}` })).toEqual([third.id]);
    expect(await list({ created: `<=${day(second.createdAt)}` })).toEqual([second.id, first.id]);
    expect(await list({ created: `*..${day(first.createdAt)}` })).toEqual([first.id]);
    expect(await list({ created: day(third.createdAt) })).toEqual([third.id]);
  });

  test("is rejected for an invalid date", async () => {
    const { hub } = await start();
    await using _ = hub;
    const reply = await hub.as("dave").request("GET /repos/{owner}/{repo}/actions/runs", { created: ">soon" });
    expect(reply.status).toBe(422);
  });

  // GitHub docs, "List workflow runs for a repository".
  test("ends after 1,000 results when it is filtered", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const workflow = addWorkflowRecord(hub.world, hub.repository, "train");
    const run = await record({ workflow });
    for (let index = 0; index < 1_000; index++) {
      const copy = { ...run, id: hub.world.nextId() };
      hub.repository.actions.runs.set(copy.id, copy);
    }
    const total = async (query: object) =>
      (await hub.as("dave").request("GET /repos/{owner}/{repo}/actions/runs", { per_page: 1, ...query })).body
        .total_count;
    expect([await total({}), await total({ event: "push" })]).toEqual([1_001, 1_000]);
  });

  test("omits pull requests on request, and always for forks", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const { id, number } = { id: 5, number: 7 };
    hub.repository.pulls.set(number, {
      id,
      number,
      base: hub.repository,
      baseRef: "main",
      baseSha: "a".repeat(40),
      head: hub.repository,
      headRef: "feature",
      headSha: "b".repeat(40),
    } as PullRequest);
    const own = await record({ event: "pull_request", pulls: [number] });
    const fork = { ...hub.repository, id: hub.world.nextId(), fullName: "bob/model" };
    const foreign = await record({ event: "pull_request", pulls: [number], headRepository: fork });
    const pulls = async (run: { readonly id: number }, query = {}) => {
      const path = "GET /repos/{owner}/{repo}/actions/runs/{run_id}";
      return (await hub.as("dave").request(path, { run_id: run.id, ...query })).body.pull_requests;
    };
    expect(await pulls(own)).toMatchObject([{ id, number, head: { ref: "feature" }, base: { ref: "main" } }]);
    expect(await pulls(own, { exclude_pull_requests: true })).toEqual([]);
    expect(await pulls(foreign)).toEqual([]);
  });
});

describe("a run", () => {
  test("shows its latest attempt, and each attempt by number", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const run = await record();
    addJobRecord(hub.world, run, { name: "first" });
    endRunRecord(hub.world, run, "failure");
    addAttemptRecord(hub.world, run);
    addJobRecord(hub.world, run, { name: "second" });
    const get = async (path: string) =>
      (await hub.as("dave").request(`GET /repos/{owner}/{repo}/actions/runs/{run_id}${path}`, { run_id: run.id })).body;
    const url = `${hub.world.urls.api}/repos/acme/model/actions/runs/${run.id}`;
    expect(await get("")).toMatchObject({
      status: "in_progress",
      conclusion: null,
      run_attempt: 2,
      previous_attempt_url: `${url}/attempts/1`,
      head_commit: { id: run.headSha, author: { email: "alice@example.com" } },
      actor: { login: "alice" },
    });
    expect(await get("/attempts/1")).toMatchObject({
      status: "completed",
      conclusion: "failure",
      run_attempt: 1,
      previous_attempt_url: null,
      jobs_url: `${url}/attempts/1/jobs`,
    });
    expect((await get("/attempts/3")).status).toBe("404");
    const names = async (path: string) => (await get(path)).jobs.map(({ name }: { name: string }) => name);
    expect(await names("/jobs")).toEqual(["second"]);
    expect(await names("/jobs?filter=all")).toEqual(["first", "second"]);
    expect(await names("/attempts/1/jobs")).toEqual(["first"]);
  });

  test.each(["cancel", "force-cancel"])("accepts %s while it runs and returns 409 after", async (what) => {
    const { hub, calls, record } = await start();
    await using _ = hub;
    const run = await record();
    const request = () =>
      hub.as("bob").request(`POST /repos/{owner}/{repo}/actions/runs/{run_id}/${what}`, { run_id: run.id });
    expect((await request()).status).toBe(202);
    endRunRecord(hub.world, run, "success");
    expect(await request()).toMatchObject({
      status: 409,
      body: { message: "Cannot cancel a workflow run that is completed." },
    });
    expect(calls).toEqual([[what === "cancel" ? "cancel" : "forceCancel", run.id, "bob"]]);
  });

  test("is re-run when it has ended: all jobs, its failed jobs, or one job", async () => {
    const { hub, calls, record } = await start();
    await using _ = hub;
    const run = await record();
    const job = addJobRecord(hub.world, run);
    const request = async (path: string, parameters: object) => {
      const { status, body } = await hub
        .as("bob")
        .request(`POST /repos/{owner}/{repo}/actions/${path}`, { ...parameters });
      return [status, body.message];
    };
    const all = () => request("runs/{run_id}/rerun", { run_id: run.id, enable_debug_logging: true });
    const failed = () => request("runs/{run_id}/rerun-failed-jobs", { run_id: run.id });
    const one = () => request("jobs/{job_id}/rerun", { job_id: job.id });
    expect(await all()).toEqual([403, "This workflow is already running"]);
    expect(await one()).toEqual([403, "The workflow run containing this job is already running"]);
    endRunRecord(hub.world, run, "failure");
    expect([await all(), await failed(), await one()]).toEqual([
      [201, undefined],
      [201, undefined],
      [201, undefined],
    ]);
    expect(calls).toEqual([
      ["rerun", run.id, "all", "bob", true],
      ["rerun", run.id, "failed", "bob", false],
      ["rerun", run.id, job.id, "bob", false],
    ]);
    endRunRecord(hub.world, run, "success");
    expect(await failed()).toEqual([403, "This workflow run cannot be retried because it has no failed jobs"]);
  });

  // GitHub docs, "Re-running workflows and jobs".
  test("is not re-run after 30 days or 50 re-runs", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const run = await record();
    endRunRecord(hub.world, run, "failure");
    const request = async () =>
      (await hub.as("bob").request("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun", { run_id: run.id }))
        .status;
    while (run.attempts.length < 50) addAttemptRecord(hub.world, run);
    endRunRecord(hub.world, run, "failure");
    expect(await request()).toBe(201);
    addAttemptRecord(hub.world, run);
    endRunRecord(hub.world, run, "failure");
    expect(await request()).toBe(403);
    run.attempts.length = 1;
    hub.world.clock.advance(31 * DAY_MS);
    expect(await request()).toBe(403);
  });

  test("can be deleted once it has ended, with its jobs", async () => {
    const { hub, record } = await start();
    await using _ = hub;
    const run = await record();
    addJobRecord(hub.world, run);
    const remove = async () =>
      (await hub.as("bob").request("DELETE /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: run.id })).status;
    expect(await remove()).toBe(403);
    endRunRecord(hub.world, run, "success");
    expect([await remove(), await remove(), hub.repository.actions.jobs.size]).toEqual([204, 404, 0]);
  });
});

test("a job has its steps and its runner", async () => {
  const { hub, record } = await start();
  await using _ = hub;
  const run = await record();
  const [group] = hub.repository.actions.runnerGroups.values();
  if (group === undefined) throw new Error("a repository has a default group");
  const machine = { os: "linux", labels: [], group, ephemeral: false, status: "online", busy: true } as const;
  const startedAt = hub.world.clock.now();
  const hosted = addJobRecord(hub.world, run, {
    runner: { ...machine, id: 3, name: "GitHub Actions 3", hosted: true },
  });
  const own = addJobRecord(hub.world, run, {
    labels: ["self-hosted", "gpu"],
    runner: { ...machine, id: 4, name: "gpu-1", hosted: false },
    steps: [
      {
        number: 1,
        name: "Set up job",
        status: "completed",
        conclusion: "success",
        startedAt,
        completedAt: startedAt,
        summary: "",
        annotations: [],
      },
      {
        number: 2,
        name: "Run train",
        status: "in_progress",
        conclusion: null,
        startedAt,
        completedAt: null,
        summary: "",
        annotations: [],
      },
    ],
  });
  const queued = addJobRecord(hub.world, run, { status: "queued", startedAt: null });
  const get = async (id: number) =>
    (await hub.as("dave").request("GET /repos/{owner}/{repo}/actions/jobs/{job_id}", { job_id: id })).body;
  expect(await get(hosted.id)).toMatchObject({ runner_group_id: 0, runner_group_name: "GitHub Actions" });
  expect(await get(own.id)).toMatchObject({
    runner_id: 4,
    runner_name: "gpu-1",
    runner_group_name: "Default",
    labels: ["self-hosted", "gpu"],
    steps: [
      { number: 1, name: "Set up job", conclusion: "success" },
      { number: 2, name: "Run train", status: "in_progress", conclusion: null },
    ],
    check_run_url: `${hub.world.urls.api}/repos/acme/model/check-runs/${own.checkRun.id}`,
  });
  expect(await get(queued.id)).toMatchObject({ runner_id: null, runner_name: null, started_at: expect.any(String) });
  expect((await get(1)).status).toBe("404");
});
