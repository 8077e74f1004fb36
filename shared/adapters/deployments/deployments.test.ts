import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
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

test("a deployment is recorded once with its success, also when it is recorded again or responses are lost", async () => {
  const deployments = createDeployments(createTestClient(hub));
  for (const operation of ["repos/create-deployment", "repos/create-deployment-status"]) {
    hub.faults.next({ operation }, { kind: "status", status: 502, when: "after" });
  }
  await deployments.record(deploymentOf("one"));
  await deployments.record(deploymentOf("one"));
  await deployments.record(deploymentOf("two"));
  const all = [...hub.repository.deployments.values()].map(({ payload, statuses }) => [payload, statuses[0]?.state]);
  expect(all).toEqual([
    [{ plan: "one", version: "v1.0.0" }, "success"],
    [{ plan: "two", version: "v1.0.0" }, "success"],
  ]);
});

test.each([
  ["deployment", { to: "POST /deployments", answer: { id: 77, payload: {} } }],
  ["deployment in another shape", { to: "POST /deployments", answer: { message: "Auto-merged" } }],
  ["status", { to: "POST /statuses", answer: { state: "success" } }],
])("a %s that GitHub reports without recording it is recorded all the same", async (what, lie) => {
  await createDeployments(createDeceivedClient(hub, lie)).record(deploymentOf(what));
  const mine = [...hub.repository.deployments.values()].filter(
    ({ payload }) => (payload as { plan?: string }).plan === what,
  );
  expect(mine.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([["success"]]);
});

test("a deployment that was recorded without its success gets it", async () => {
  const deployments = createDeployments(createTestClient(hub));
  await hub.request("POST /repos/{owner}/{repo}/deployments", {
    ref: commit,
    environment: "production",
    task: "mlops:promote",
    auto_merge: false,
    required_contexts: [],
    payload: JSON.stringify({ plan: "three" }),
  });
  await deployments.record(deploymentOf("three"));
  const three = [...hub.repository.deployments.values()].filter(({ payload }) =>
    JSON.stringify(payload).includes("three"),
  );
  expect(three.map(({ statuses }) => statuses.map(({ state }) => state))).toEqual([["success"]]);
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
