import { describe, expect, test } from "vitest";
import {
  addBranchPattern,
  findEnvironmentByName,
  protectEnvironment,
} from "../../operations/deployments/environments.ts";
import { createTeam } from "../../operations/people/accounts.ts";
import { jobToken } from "../../operations/people/tokens.ts";
import type { Account } from "../../world/identity.ts";
import type { WorkflowRun } from "../../world/repository.ts";
import { jobNamed, jobResults, logText, runState, startTestActions, type TestActions } from "../starting/testing.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const deploy = (environment = "production") => ({
  ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    environment: ${environment}
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`,
});

const account = (hub: TestActions, login: string): Account => hub.as(login).actor;

function protect(hub: TestActions, protection: Parameters<typeof protectEnvironment>[3]): number {
  return protectEnvironment(hub.world, hub.repository, "production", protection).id;
}

const approve = (hub: TestActions, run: WorkflowRun | undefined, ids: readonly number[], login: string): void => {
  if (run) hub.service.reviewDeployments(run, ids, { state: "approved", comment: "fine" }, hub.as(login));
};

const states = (hub: TestActions): readonly string[][] =>
  [...hub.repository.deployments.values()].map((deployment) => deployment.statuses.map((status) => status.state));

describe("without protection", () => {
  test("an unknown environment is created, and the deployment follows the job", async () => {
    await using hub = await startTestActions();
    hub.runner.script("deploy", { environmentUrl: "https://model.example" });
    const [run] = await hub.push(deploy("{ name: staging, url: 'https://model.example' }"));
    expect(runState(run)).toBe("success");
    expect(findEnvironmentByName(hub.repository, "staging")).toMatchObject({ reviewers: [], waitTimer: 0 });
    expect(states(hub)).toEqual([["queued", "in_progress", "success"]]);
    const [deployment] = hub.repository.deployments.values();
    expect(deployment).toMatchObject({ ref: "main", sha: run?.sha, environment: "staging" });
    expect(deployment?.statuses.at(-1)?.environmentUrl).toBe("https://model.example");
    expect(jobNamed(run, "deploy").checkRun.deploymentId).toBe(deployment?.id);
  });

  test("a failed job fails its deployment; deployment: false creates none", async () => {
    await using hub = await startTestActions();
    hub.runner.script("deploy", { conclusion: "failure" });
    await hub.push(deploy());
    expect(states(hub)).toEqual([["queued", "in_progress", "failure"]]);
    await hub.push(deploy("{ name: production, deployment: false }"));
    expect(states(hub)).toHaveLength(1);
    expect(jobNamed([...hub.repository.actions.runs.values()].at(-1), "deploy").environment).toBe("production");
  });

  test("deployments of jobs start no runs", async () => {
    await using hub = await startTestActions();
    const runs = await hub.push({
      ...deploy(),
      ".github/workflows/on-deployment.yml": `
on: [deployment, deployment_status]
jobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`,
    });
    expect(runs.map((run) => run.event)).toEqual(["push"]);
  });
});

describe("required reviewers", () => {
  test("the job waits, gets no runner and no secrets, and continues when one of them approves", async () => {
    await using hub = await startTestActions();
    const id = protect(hub, { reviewers: [account(hub, "bob"), account(hub, "carol")] });
    findEnvironmentByName(hub.repository, "production")?.secrets.set("KEY", "s3cret");
    hub.repository.actions.secrets.set("KEY", "repository's");
    const [run] = await hub.push(deploy());
    expect([runState(run), jobResults(run)]).toEqual(["waiting", { deploy: "waiting" }]);
    expect(hub.runner.started).toEqual([]);
    expect(states(hub)).toEqual([["pending"]]);
    expect(hub.service.pendingDeployments(run as WorkflowRun, account(hub, "bob"))).toEqual([
      {
        ...{ id, name: "production", waitTimer: 0, waitTimerStartedAt: null },
        ...{ currentUserCanApprove: true, refusal: undefined, reviewers: expect.any(Array) },
      },
    ]);
    await hub.runsStartedBy(() => approve(hub, run, [id], "carol"));
    expect(runState(run)).toBe("success");
    expect(hub.runner.assignment("deploy").contexts.secrets["KEY"]).toBe("s3cret");
    expect(run?.approvals).toEqual([
      { state: "approved", comment: "fine", user: account(hub, "carol"), environments: ["production"] },
    ]);
    expect(states(hub)).toEqual([["pending", "queued", "in_progress", "success"]]);
    expect(hub.service.pendingDeployments(run as WorkflowRun, account(hub, "bob"))).toEqual([]);
  });

  test("a rejection fails the job and skips what needs it", async () => {
    await using hub = await startTestActions();
    const id = protect(hub, { reviewers: [account(hub, "bob")] });
    const [run] = await hub.push(deploy());
    const decision = { state: "rejected", comment: "no" } as const;
    await hub.runsStartedBy(() => hub.service.reviewDeployments(run as WorkflowRun, [id], decision, hub.as("bob")));
    expect([runState(run), jobResults(run)]).toEqual(["failure", { deploy: "failure" }]);
    expect(logText(jobNamed(run, "deploy"))).toContain("The deployment was rejected");
    expect(states(hub)).toEqual([["pending", "failure"]]);
    expect(hub.runner.started).toEqual([]);
  });

  test("a user who may not review is refused, and nothing changes", async () => {
    await using hub = await startTestActions();
    const id = protect(hub, { reviewers: [account(hub, "alice"), account(hub, "bob")], preventSelfReview: true });
    const [run] = await hub.push(deploy(), { as: "alice" });
    if (run === undefined) throw new Error("no run");
    expect(() => approve(hub, run, [id], "alice")).toThrow("does not allow reviewing one's own deployment");
    expect(() => approve(hub, run, [id], "carol")).toThrow("carol is not a required reviewer of production");
    expect(() => approve(hub, run, [4711], "bob")).toThrow("No pending deployment requests");
    const token = jobToken(hub.world, hub.repository, 1, { actions: "write" });
    expect(() =>
      hub.service.reviewDeployments(
        run,
        [id],
        { state: "approved", comment: "" },
        { actor: account(hub, "bob"), token },
      ),
    ).toThrow(expect.objectContaining({ status: 403, message: "Resource not accessible by integration" }));
    expect([runState(run), run.approvals]).toEqual(["waiting", []]);
    await hub.runsStartedBy(() => approve(hub, run, [id], "bob"));
    expect(runState(run)).toBe("success");
  });

  test("the members of a team may review", async () => {
    await using hub = await startTestActions();
    const team = createTeam(hub.world, hub.repository.owner, "release", [account(hub, "carol")]);
    const id = protect(hub, { reviewers: [team] });
    const [run] = await hub.push(deploy());
    await hub.runsStartedBy(() => approve(hub, run, [id], "carol"));
    expect(runState(run)).toBe("success");
  });

  // GitHub docs, "Reviewing deployments": 30 days.
  test("no review for thirty days: the job fails", async () => {
    await using hub = await startTestActions();
    protect(hub, { reviewers: [account(hub, "bob")] });
    const [run] = await hub.push(deploy());
    await hub.runsStartedBy(() => hub.world.clock.advance(30 * DAY - MINUTE));
    expect(runState(run)).toBe("waiting");
    await hub.runsStartedBy(() => hub.world.clock.advance(MINUTE));
    expect(runState(run)).toBe("failure");
  });

  test("an administrator may bypass, unless the environment forbids it", async () => {
    await using hub = await startTestActions();
    const id = protect(hub, { reviewers: [account(hub, "bob")], waitTimer: 60, adminsCanBypass: false });
    const [run] = await hub.push(deploy());
    if (run === undefined) throw new Error("no run");
    expect(() => hub.service.bypassProtectionRules(run, [id], hub.as("alice"))).toThrow(
      "do not let administrators bypass",
    );
    protect(hub, { reviewers: [account(hub, "bob")], waitTimer: 60, adminsCanBypass: true });
    expect(() => hub.service.bypassProtectionRules(run, [id], hub.as("bob"))).toThrow(
      "Must have admin rights to Repository.",
    );
    await hub.runsStartedBy(() => hub.service.bypassProtectionRules(run, [id], hub.as("alice")));
    expect([runState(run), run.approvals]).toEqual(["success", []]);
  });

  test("cancelling the run ends the wait", async () => {
    await using hub = await startTestActions();
    const id = protect(hub, { reviewers: [account(hub, "bob")] });
    const [run] = await hub.push(deploy());
    await hub.runsStartedBy(() => hub.service.cancel(run as WorkflowRun, hub.as("alice")));
    expect([runState(run), jobResults(run)]).toEqual(["cancelled", { deploy: "cancelled" }]);
    expect(() => approve(hub, run, [id], "bob")).toThrow("No pending deployment requests");
  });
});

test("the wait timer runs on the local GitHub's clock, in parallel to the approval", async () => {
  await using hub = await startTestActions();
  const id = protect(hub, { reviewers: [account(hub, "bob")], waitTimer: 30 });
  const [run] = await hub.push(deploy());
  const [pending] = hub.service.pendingDeployments(run as WorkflowRun, account(hub, "alice"));
  expect(pending).toMatchObject({ waitTimer: 30, waitTimerStartedAt: expect.any(Date), currentUserCanApprove: false });
  await hub.runsStartedBy(() => approve(hub, run, [id], "bob"));
  expect(runState(run)).toBe("waiting");
  await hub.runsStartedBy(() => hub.world.clock.advance(30 * MINUTE));
  expect(runState(run)).toBe("success");
});

describe("deployment branches", () => {
  test.each([
    ["with a deployment of its own", "production"],
    ["without one", "{ name: production, deployment: false }"],
  ])("a branch that matches no pattern fails in GitHub's words, another may deploy: a job %s", async (_, name) => {
    await using hub = await startTestActions();
    protect(hub, { branches: "custom" });
    const production = findEnvironmentByName(hub.repository, "production");
    if (production) addBranchPattern(hub.world, production, "release/*", "branch");
    const [main] = await hub.push(deploy(name));
    expect(jobResults(main)).toEqual({ deploy: "failure" });
    expect(logText(jobNamed(main, "deploy"))).toContain(
      'Branch "main" is not allowed to deploy to production due to environment protection rules.',
    );
    expect(states(hub)).toEqual([]);
    const [release] = await hub.push({ "README.md": "1" }, { branch: "release/1" });
    expect(runState(release)).toBe("success");
  });
});

// hypothesis/lms#4533: a job that waits for approval counts as pending in its concurrency group.
test("a newer job of the same concurrency group cancels the one that waits for approval", async () => {
  await using hub = await startTestActions();
  const id = protect(hub, { reviewers: [account(hub, "bob")] });
  const workflow = (deploy()[".github/workflows/deploy.yml"] ?? "").replace(
    "runs-on:",
    "concurrency: production\n    runs-on:",
  );
  const [first] = await hub.push({ ".github/workflows/deploy.yml": workflow });
  const [second] = await hub.push({ "README.md": "newer" });
  expect([runState(first), runState(second)]).toEqual(["cancelled", "waiting"]);
  await hub.runsStartedBy(() => approve(hub, second, [id], "bob"));
  expect(runState(second)).toBe("success");
});
