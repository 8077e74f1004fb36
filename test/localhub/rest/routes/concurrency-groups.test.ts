import { expect, test } from "vitest";
import { addJobRecord, addRunRecord } from "../../operations/testing.ts";
import type { ProfileName } from "../../world/profile.ts";
import type { ConcurrencyMember, Job, WorkflowRun } from "../../world/repository.ts";
import { startTestHub } from "../serving/testing.ts";
import { concurrencyGroupRoutes } from "./concurrency-groups.ts";

const PATH = "GET /repos/{owner}/{repo}/actions/concurrency_groups";

async function start(profile: ProfileName = "github.com") {
  const hub = await startTestHub({ routes: concurrencyGroupRoutes, profile });
  const [alice] = hub.repository.collaborators.keys();
  if (alice === undefined) throw new Error("the test hub has no people");
  const record = () => addRunRecord(hub.world, hub.repository, alice);
  const lease = (run: WorkflowRun, job: Job | undefined, status: ConcurrencyMember["status"]) => ({ run, job, status });
  const group = (name: string, ...members: ConcurrencyMember[]) =>
    hub.repository.actions.concurrencyGroups.set(name, { name, members, lastAcquiredAt: hub.world.clock.now() });
  return { hub, record, lease, group };
}

test("a group shows its queue, or only the members up to a run or a job", async () => {
  const { hub, record, lease, group } = await start();
  await using _ = hub;
  const [holder, second, third] = [await record(), await record(), await record()];
  const job = addJobRecord(hub.world, second, { name: "deploy" });
  group(
    "deploy/prod",
    lease(holder, undefined, "in_progress"),
    lease(second, job, "pending"),
    lease(third, undefined, "pending"),
  );
  const get = async (query: object = {}) => {
    const reply = await hub.as("dave").request(`${PATH}/{name}`, { name: "deploy/prod", ...query });
    return reply.status === 200 ? reply.body.group_members.map((one: { run_id: number }) => one.run_id) : reply.status;
  };
  expect(await get()).toEqual([holder.id, second.id, third.id]);
  expect(await get({ ahead_of_run: third.id })).toEqual([holder.id, second.id, third.id]);
  expect(await get({ ahead_of_job: job.id })).toEqual([holder.id, second.id]);
  expect(await get({ ahead_of_run: holder.id })).toEqual([holder.id]);
  expect(await get({ ahead_of_run: holder.id, ahead_of_job: job.id })).toBe(422);
  // `ahead_of_run` does not include members that are jobs.
  expect(await get({ ahead_of_run: second.id })).toBe(422);
  expect((await hub.as("dave").request(`${PATH}/{name}`, { name: "idle" })).status).toBe(404);
  const { body } = await hub.as("dave").request(`${PATH}/{name}`, { name: "deploy/prod" });
  expect(body.group_members[1]).toMatchObject({ job_id: job.id, job_name: "deploy", status: "pending" });
  expect(body.group_members[0]).not.toHaveProperty("job_id");
});

test("a run shows its groups and its positions in them", async () => {
  const { hub, record, lease, group } = await start();
  await using _ = hub;
  const [holder, run] = [await record(), await record()];
  const job = addJobRecord(hub.world, run);
  group("a", lease(holder, undefined, "in_progress"), lease(run, undefined, "pending"));
  group("b", lease(run, job, "in_progress"));
  group("c", lease(holder, undefined, "in_progress"));
  const path = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups";
  const { body } = await hub.as("dave").request(path, { run_id: run.id });
  const root = `${hub.world.urls.api}/repos/acme/model/actions/concurrency_groups`;
  expect(body).toMatchObject({
    total_count: 2,
    concurrency_groups: [
      { group_name: "a", group_members: [{ position: 1, position_url: `${root}/a?ahead_of_run=${run.id}` }] },
      { group_name: "b", group_members: [{ position: 0, position_url: `${root}/b?ahead_of_job=${job.id}` }] },
    ],
  });
});

test("the list has only active groups and is paged by cursor", async () => {
  const { hub, record, lease, group } = await start();
  await using _ = hub;
  const run = await record();
  for (const name of ["c", "a", "b"]) group(name, lease(run, undefined, "in_progress"));
  group("idle");
  const names: string[] = [];
  let query: object = { per_page: 2 };
  for (;;) {
    const { body, headers } = await hub.as("dave").request(PATH, { ...query });
    names.push(...body.concurrency_groups.map((one: { group_name: string }) => one.group_name));
    expect(body.total_count).toBe(3);
    const after = /[?&]after=([^&>]+)/.exec(headers.get("link") ?? "")?.[1];
    if (after === undefined) break;
    query = { per_page: 2, after };
  }
  expect(names).toEqual(["a", "b", "c"]);
});

test("Enterprise Server does not have it", async () => {
  const { hub, record, lease, group } = await start("ghes-3.19");
  await using _ = hub;
  group("a", lease(await record(), undefined, "in_progress"));
  expect((await hub.as("dave").request(PATH)).status).toBe(404);
  expect((await hub.as("dave").request(`${PATH}/a`)).status).toBe(404);
});
