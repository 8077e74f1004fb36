import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createJobCheckRun,
  createSuite,
  MAX_RUNS_PER_NAME,
  updateJobCheckRun,
  updateSuite,
} from "../../operations/checks/checks.ts";
import { actionsApp, createApp } from "../../operations/people/accounts.ts";
import { appToken } from "../../operations/people/tokens.ts";
import type { App } from "../../world/identity.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { checkSuiteRoutes } from "./check-suites.ts";
import { checkRoutes } from "./checks.ts";

const CREATE = "POST /repos/{owner}/{repo}/check-runs";
const GET = "GET /repos/{owner}/{repo}/check-runs/{check_run_id}";
const UPDATE = "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}";
const REREQUEST = "POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest";
const ANNOTATIONS = "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations";
const FOR_REF = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
const FOR_SUITE = "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs";
const SUITE = "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}";
const SUITES = "GET /repos/{owner}/{repo}/commits/{ref}/check-suites";

const output = { title: "Report", summary: "All well" };
const annotation = { path: "a b/c.py", start_line: 3, end_line: 3, annotation_level: "warning", message: "hm" };

describe("check runs", () => {
  let hub: TestHub;
  let job: Client;
  let linter: App;
  let app: Client;
  beforeAll(async () => {
    hub = await startTestHub({ routes: [...checkRoutes, ...checkSuiteRoutes] });
    job = hub.asJob({ checks: "write" });
    linter = createApp(hub.world, "linter", hub.repository.owner, { checks: "write" });
    app = hub.withToken(appToken(hub.world, linter, { checks: "write" }, hub.repository));
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const commit = (name: string): Promise<string> => hub.commit({ [name]: name });

  test("an app's first run creates its suite, whose status and conclusion follow its runs", async () => {
    const sha = await commit("suite");
    const one = (await app.request(CREATE, { name: "one", head_sha: sha })).body;
    expect(one).toMatchObject({ status: "queued", conclusion: null, app: { slug: "linter" }, completed_at: null });
    const suite = { check_suite_id: one.check_suite.id };
    const suiteState = async () => {
      const { status, conclusion } = (await app.request(SUITE, suite)).body;
      return [status, conclusion];
    };
    expect(await suiteState()).toEqual(["queued", null]);
    const two = (await app.request(CREATE, { name: "two", head_sha: sha, status: "in_progress" })).body;
    expect(two.check_suite.id).toBe(one.check_suite.id);
    expect(await suiteState()).toEqual(["in_progress", null]);
    await app.request(UPDATE, { check_run_id: one.id, conclusion: "neutral" });
    await app.request(UPDATE, { check_run_id: two.id, conclusion: "success" });
    expect(await suiteState()).toEqual(["completed", "success"]);
    await app.request(UPDATE, { check_run_id: two.id, conclusion: "timed_out" });
    expect(await suiteState()).toEqual(["completed", "timed_out"]);
    await app.request(UPDATE, { check_run_id: two.id, status: "in_progress" });
    expect(await suiteState()).toEqual(["in_progress", null]);
    expect((await app.request(GET, { check_run_id: two.id })).body).toMatchObject({
      conclusion: null,
      completed_at: null,
    });
    const suites = await app.request(SUITES, { ref: sha, app_id: linter.id, check_name: "two" });
    expect(suites.body).toMatchObject({ total_count: 1, check_suites: [{ latest_check_runs_count: 2 }] });
  });

  test("a conclusion completes the run, and both events are published", async () => {
    const sha = await commit("concluded");
    const recorded = () => hub.world.journal.effects("check_run").map(({ event }) => event);
    const before = recorded().length;
    const run = (await job.request(CREATE, { name: "gate", head_sha: sha, conclusion: "failure", output })).body;
    expect(run).toMatchObject({ status: "completed", conclusion: "failure", output: { title: "Report", text: null } });
    expect(Date.parse(run.completed_at)).not.toBeNaN();
    expect(recorded().slice(before)).toEqual(["check_run.created", "check_run.completed"]);
    const changed = await job.request(UPDATE, {
      check_run_id: run.id,
      output: { summary: "Now with text", text: "T" },
    });
    expect(changed.body.output).toMatchObject({ title: "Report", summary: "Now with text", text: "T" });
    expect(changed.body.conclusion).toBe("failure");
  });

  // GitHub docs, "Create a check run": 50 a request, appended by updates.
  test("annotations are sent 50 at a time and are appended", async () => {
    const sha = await commit("annotated");
    const annotations = (count: number) => ({ ...output, annotations: Array(count).fill(annotation) });
    const run = (await job.request(CREATE, { name: "a", head_sha: sha, output: annotations(50) })).body;
    await job.request(UPDATE, { check_run_id: run.id, output: annotations(2) });
    const kept = await job.request(ANNOTATIONS, { check_run_id: run.id, per_page: 100 });
    expect(kept.body).toHaveLength(52);
    expect(kept.body[0]).toMatchObject({ start_column: null, title: null, path: "a b/c.py" });
    expect(kept.body[0].blob_href).toContain(`/blob/${sha}/a%20b/c.py`);
    expect((await job.request(GET, { check_run_id: run.id })).body.output.annotations_count).toBe(52);
    const many = await job.request(UPDATE, { check_run_id: run.id, output: annotations(51) });
    expect(many.body.message).toContain("No more than 50 items are allowed; 51 were supplied.");
  });

  // Bytes, not characters: github/docs#35252.
  test.each(["summary", "text"])("%s has at most 65,535 bytes", async (field) => {
    const head_sha = await commit(`bytes of ${field}`);
    const of = (text: string) => job.request(CREATE, { name: "b", head_sha, output: { ...output, [field]: text } });
    expect((await of("x".repeat(65_535))).status).toBe(201);
    expect(await of("é".repeat(32_768))).toMatchObject({
      status: 422,
      body: { errors: [{ field, message: `${field} exceeds a maximum bytesize of 65535` }] },
    });
  });

  const action = { label: "Fix", description: "Fix it", identifier: "fix" };
  test.each([
    ["an unknown commit", { head_sha: "b".repeat(40) }, `No commit found for SHA: ${"b".repeat(40)}`],
    ["a completed run without a conclusion", { status: "completed" }, `"conclusion" wasn't supplied.`],
    ["an end without a conclusion", { completed_at: "2026-01-01T00:00:00Z" }, `"conclusion" wasn't supplied.`],
    ["the conclusion stale", { conclusion: "stale" }, "Validation Failed"],
    ["four actions", { actions: Array(4).fill(action) }, "No more than 3 items are allowed; 4 were supplied."],
    ["a long label", { actions: [{ ...action, label: "x".repeat(21) }] }, "Only 20 characters are allowed"],
    ["a long identifier", { actions: [{ ...action, identifier: "x".repeat(21) }] }, "Only 20 characters are allowed"],
    ["a long description", { actions: [{ ...action, description: "x".repeat(41) }] }, "Only 40 characters are allowed"],
    ["a long title", { annotations: [{ ...annotation, title: "x".repeat(256) }] }, "Validation Failed"],
    ["a long message", { annotations: [{ ...annotation, message: "x".repeat(65_537) }] }, "Validation Failed"],
    ["long raw details", { annotations: [{ ...annotation, raw_details: "é".repeat(32_769) }] }, "Validation Failed"],
    ["lines that run backwards", { annotations: [{ ...annotation, end_line: 2 }] }, "Validation Failed"],
    ["columns over two lines", { annotations: [{ ...annotation, end_line: 4, start_column: 1 }] }, "Validation Failed"],
  ])("%s is rejected", async (_, wrong, message) => {
    const head_sha = await hub.repository.git.resolve("main");
    const body = "annotations" in wrong ? { output: { ...output, ...wrong } } : wrong;
    const rejected = await job.request(CREATE, { name: "w", head_sha, ...body });
    expect(rejected.status).toBe(422);
    expect(rejected.body.message).toContain(message);
  });

  test("only apps report checks, and only the app that created a run changes it", async () => {
    const sha = await commit("owned");
    expect((await hub.as("alice").request(CREATE, { name: "x", head_sha: sha })).status).toBe(403);
    const run = (await app.request(CREATE, { name: "x", head_sha: sha })).body;
    expect(await job.request(UPDATE, { check_run_id: run.id, conclusion: "success" })).toMatchObject({
      status: 403,
      body: {
        message: "Invalid app_id `15368` - check run can only be modified by the GitHub App that created it.",
      },
    });
    expect((await job.request(REREQUEST, { check_run_id: run.id })).status).toBe(403);
  });

  test("a rerequest queues the suite again and does not change the run", async () => {
    const sha = await commit("again");
    const run = (await app.request(CREATE, { name: "x", head_sha: sha, conclusion: "failure" })).body;
    expect((await app.request(REREQUEST, { check_run_id: run.id })).status).toBe(201);
    expect((await app.request(SUITE, { check_suite_id: run.check_suite.id })).body).toMatchObject({
      status: "queued",
      conclusion: null,
    });
    expect((await app.request(GET, { check_run_id: run.id })).body.conclusion).toBe("failure");
    expect(hub.world.journal.effects("check_run.rerequested")).toHaveLength(1);
  });

  test("a job's run mirrors the job: its token may add output, but not change the conclusion", async () => {
    const { world, repository } = hub;
    const sha = await commit("job");
    const caller = { actor: actionsApp(world).bot, token: undefined };
    const suite = createSuite(
      world,
      repository,
      { app: actionsApp(world), headSha: sha, headBranch: "main", workflowRunId: world.nextId() },
      caller,
    );
    const jobId = world.nextId();
    const run = createJobCheckRun(world, repository, { suite, name: "build", jobId, status: "in_progress" }, caller);
    expect(run.id).toBe(jobId);
    for (const change of [{ conclusion: "success" }, { status: "in_progress" }]) {
      expect(await job.request(UPDATE, { check_run_id: run.id, ...change })).toMatchObject({
        status: 403,
        body: { message: "Check run status and conclusions can only be updated internally by GitHub Actions" },
      });
    }
    expect((await job.request(UPDATE, { check_run_id: run.id, output })).body.output.title).toBe("Report");
    expect((await job.request(REREQUEST, { check_run_id: run.id })).status).toBe(422);
    // A job's own check run joins the first workflow's suite of the commit; the suite waits for its workflow run.
    const own = (await job.request(CREATE, { name: "own", head_sha: sha, conclusion: "success" })).body;
    expect(own.check_suite.id).toBe(suite.id);
    const completed = { status: "completed", conclusion: "success", completedAt: world.clock.now() } as const;
    updateJobCheckRun(world, repository, run, completed, caller);
    expect(suite.status).toBe("queued");
    updateSuite(world, repository, suite, completed, caller);
    const seen = (await job.request(SUITE, { check_suite_id: suite.id })).body;
    expect(seen).toMatchObject({ status: "completed", head_commit: { id: sha }, app: { slug: "github-actions" } });
    expect((await job.request(GET, { check_run_id: run.id })).body.details_url).toContain(`/job/${jobId}`);
  });

  // GitHub docs, "Create a check run".
  test("of more than 1,000 runs of one name in a suite the oldest are deleted", async () => {
    const { world, repository } = hub;
    const head_sha = await commit("many");
    const oldest = (await app.request(CREATE, { name: "again", head_sha })).body;
    const other = (await app.request(CREATE, { name: "once", head_sha })).body;
    const seed = repository.checkRuns.get(oldest.id);
    if (seed === undefined) throw new Error("the run was just created");
    for (let count = 1; count < MAX_RUNS_PER_NAME; count++) {
      const id = world.nextId();
      repository.checkRuns.set(id, { ...seed, id });
    }
    const status = async (check_run_id: number) => (await app.request(GET, { check_run_id })).status;
    expect(await status(oldest.id)).toBe(200);
    await app.request(CREATE, { name: "again", head_sha });
    expect([await status(oldest.id), await status(other.id)]).toEqual([404, 200]);
    const all = await app.request(FOR_REF, { ref: head_sha, filter: "all", check_name: "again" });
    expect(all.body.total_count).toBe(MAX_RUNS_PER_NAME);
  });

  test("lists show the newest run of each name first, and can be filtered", async () => {
    const sha = await commit("listed");
    for (const name of ["a", "b", "a"]) await app.request(CREATE, { name, head_sha: sha, conclusion: "success" });
    await job.request(CREATE, { name: "c", head_sha: sha });
    const names = async (route: string, parameters: object) => {
      const { body } = await hub.as("dave").request(route, { ref: sha, ...parameters });
      return body.check_runs.map(({ name }: { name: string }) => name);
    };
    expect(await names(FOR_REF, {})).toEqual(["c", "a", "b"]);
    expect(await names(FOR_REF, { filter: "all" })).toEqual(["c", "a", "b", "a"]);
    expect(await names(FOR_REF, { check_name: "a" })).toEqual(["a"]);
    expect(await names(FOR_REF, { status: "queued" })).toEqual(["c"]);
    expect(await names(FOR_REF, { app_id: linter.id })).toEqual(["a", "b"]);
    const [suite] = [...hub.repository.checkSuites.values()].filter((one) => one.headSha === sha);
    expect(await names(FOR_SUITE, { check_suite_id: suite?.id })).toEqual(["a", "b"]);
  });
});
