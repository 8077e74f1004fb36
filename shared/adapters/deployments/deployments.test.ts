import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDeceivedClient, createTestClient } from "../github/testing.ts";
import { createApprovals } from "./approvals.ts";
import { createDeployments } from "./deployments.ts";

let hub: LocalGitHub;
let commit: string;
beforeAll(async () => {
  hub = await startLocalGitHub({
    limits: "off",
    people: { bob: "write" },
    environments: { production: { reviewers: ["bob"] }, open: {} },
    files: {
      ".github/workflows/w.yml":
        "on: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [run: 'true'] } }\n",
    },
  });
  commit = (await hub.repository.git.ref("refs/heads/main"))?.sha ?? "";
});
afterAll(() => hub.close());

const deploymentOf = (key: string) => ({
  key,
  environment: "production",
  commit,
  description: "Promote ".padEnd(200, "."),
  logUrl: "https://example.com/run",
  details: { version: "v1.0.0" },
});

const statesOf = (key: string) =>
  [...hub.repository.deployments.values()]
    .filter(
      ({ payload }) => JSON.stringify(payload).includes(`"${key}"`) || JSON.stringify(payload).includes(`\\"${key}\\"`),
    )
    .map(({ statuses }) => statuses.map(({ state }) => state));

test("a deployment is recorded once, with its progress and its end, also when it is recorded again or responses are lost", async () => {
  const deployments = createDeployments(createTestClient(hub));
  for (const operation of ["repos/create-deployment", "repos/create-deployment-status"]) {
    hub.faults.next({ operation }, { kind: "status", status: 502, when: "after" });
  }
  const one = deploymentOf("one");
  for (let times = 0; times < 2; times++) await deployments.announce(one);
  expect(statesOf("one")).toEqual([["in_progress"]]);
  for (let times = 0; times < 2; times++) await deployments.report(one, "success");
  await deployments.announce(deploymentOf("two"));
  await deployments.report(deploymentOf("two"), "failure");
  for (let times = 0; times < 2; times++) await deployments.report(one, "inactive");
  expect([statesOf("one"), statesOf("two")]).toEqual([
    [["in_progress", "success", "inactive"]],
    [["in_progress", "failure"]],
  ]);
});

describe("the deployment that GitHub has made for the job", () => {
  const runUrl = "https://github.test/octo/model/actions/runs/7";
  /** As GitHub makes one for a job with an environment. */
  async function makeOwn(job: string, state: "in_progress" | "success" = "in_progress"): Promise<number> {
    const request = { ref: commit, environment: "Open", auto_merge: false, required_contexts: [] };
    const { body } = await hub.request("POST /repos/{owner}/{repo}/deployments", request);
    const status = { deployment_id: body.id, state, log_url: job };
    await hub.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", status);
    return body.id;
  }
  const announce = (key: string, run = { commit, id: 7 }) =>
    createDeployments(createTestClient(hub), run).announce({ ...deploymentOf(key), environment: "open" });

  test("is adopted, and ends as the promotion does", async () => {
    await makeOwn("https://github.test/octo/model/actions/runs/70/job/1");
    await makeOwn(`${runUrl}/job/1`, "success");
    const id = await makeOwn(`${runUrl}/job/2`);
    expect(await announce("own")).toEqual({ id, adopted: true });
    expect(statesOf("own")).toEqual([]);
    const deployments = createDeployments(createTestClient(hub));
    await deployments.report({ ...deploymentOf("own"), id }, "success", true);
    expect(hub.repository.deployments.get(id)?.statuses.map(({ state }) => state)).toEqual(["in_progress", "success"]);
  });

  test("is not guessed where two jobs of the run deploy at once, nor taken from another run or commit", async () => {
    await makeOwn(`${runUrl}/job/3`);
    const other = { commit: "d".repeat(40), id: 7 };
    expect(await announce("other commit", other)).toMatchObject({ adopted: false });
    expect(await announce("other run", { commit, id: 71 })).toMatchObject({ adopted: false });
    await makeOwn(`${runUrl}/job/4`);
    expect(await announce("two jobs")).toMatchObject({ adopted: false });
    expect(statesOf("two jobs")).toEqual([["in_progress"]]);
  });
});

test("what another model has in the same environment stays active", async () => {
  const deployments = createDeployments(createTestClient(hub));
  const [mine, theirs] = ["mine", "theirs"].map((key) => ({ ...deploymentOf(key), environment: "open" })) as [
    ReturnType<typeof deploymentOf>,
    ReturnType<typeof deploymentOf>,
  ];
  await deployments.announce(theirs);
  await deployments.report(theirs, "success");
  await deployments.announce(mine);
  await deployments.report(mine, "success");
  expect(statesOf("theirs")).toEqual([["in_progress", "success"]]);
});

test("what nobody announced can only have succeeded", async () => {
  const deployments = createDeployments(createTestClient(hub));
  await deployments.report(deploymentOf("late"), "failure");
  await deployments.report(deploymentOf("late"), "inactive");
  expect(statesOf("late")).toEqual([]);
  await deployments.report(deploymentOf("late"), "success");
  expect(statesOf("late")).toEqual([["success"]]);
});

test.each([
  ["deployment", { to: "POST /deployments", answer: { id: 77, payload: {} } }],
  ["deployment in another shape", { to: "POST /deployments", answer: { message: "Auto-merged" } }],
])("a %s that GitHub reports without recording it is recorded all the same", async (what, lie) => {
  await createDeployments(createDeceivedClient(hub, lie)).announce(deploymentOf(what));
  expect(statesOf(what)).toEqual([["in_progress"]]);
});

test("an end that GitHub reports without recording it is recorded all the same", async () => {
  const lie = { to: "POST /statuses", answer: { state: "success" } };
  await createDeployments(createTestClient(hub)).announce(deploymentOf("ended"));
  await createDeployments(createDeceivedClient(hub, lie)).report(deploymentOf("ended"), "success", true);
  expect(statesOf("ended")).toEqual([["in_progress", "success"]]);
});

test("a deployment of a known id is not looked for", async () => {
  const deployments = createDeployments(createTestClient(hub));
  const { id } = await deployments.announce(deploymentOf("known"));
  const before = hub.journal.requests("repos/list-deployments").length;
  await deployments.report({ ...deploymentOf("known"), id }, "success");
  expect([statesOf("known"), hub.journal.requests("repos/list-deployments").length]).toEqual([
    [["in_progress", "success"]],
    before,
  ]);
});

test("a deployment whose run was killed before it had a status gets one", async () => {
  const deployments = createDeployments(createTestClient(hub));
  await hub.request("POST /repos/{owner}/{repo}/deployments", {
    ref: commit,
    environment: "production",
    task: "mlops:promote",
    auto_merge: false,
    required_contexts: [],
    payload: JSON.stringify({ plan: "three" }),
  });
  await deployments.report(deploymentOf("three"), "failure");
  expect(statesOf("three")).toEqual([["failure"]]);
});

test("an environment has its reviewers, and is undefined when it does not exist", async () => {
  const approvals = createApprovals(createTestClient(hub));
  expect((await approvals.environment("production"))?.reviewers).toMatchObject([{ type: "User", login: "bob" }]);
  expect((await approvals.environment("open"))?.reviewers).toEqual([]);
  expect(await approvals.environment("none")).toBeUndefined();
});

test("a run has ended a minute after its end, and when it was deleted", async () => {
  const run = await hub.run("w.yml");
  const approvals = createApprovals(createTestClient(hub));
  expect(await approvals.hasEnded({ id: run.id, attempt: 1 })).toBe(false);
  hub.clock.advance(61_000);
  expect(await approvals.hasEnded({ id: run.id, attempt: 1 })).toBe(true);
  expect(await approvals.hasEnded({ id: 1, attempt: 1 })).toBe(true);
});
