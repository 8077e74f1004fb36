import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addCache } from "../../operations/runs/caches.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { cacheRoutes } from "./caches.ts";

async function save(hub: TestHub, key: string, size: number, ref = "refs/heads/main") {
  const file = join(hub.world.directory, `${hub.world.nextId()}.cache`);
  await writeFile(file, key);
  hub.world.clock.advance(1_000);
  return addCache(hub.world, hub.repository, { key, version: "v", ref, size, file });
}

const PATH = "/repos/{owner}/{repo}/actions/caches";

test("caches are listed by ref and by a prefix of their key, in three orders", async () => {
  await using hub = await startTestHub({ routes: cacheRoutes });
  await save(hub, "npm-1", 30);
  await save(hub, "npm-2", 10, "refs/pull/7/merge");
  await save(hub, "pip-1", 20);
  const list = async (query: object) =>
    (await hub.as("dave").request(`GET ${PATH}`, { ...query })).body.actions_caches.map(
      ({ key }: { key: string }) => key,
    );
  expect(await list({})).toEqual(["pip-1", "npm-2", "npm-1"]);
  expect(await list({ key: "npm-" })).toEqual(["npm-2", "npm-1"]);
  expect(await list({ ref: "refs/pull/7/merge" })).toEqual(["npm-2"]);
  expect(await list({ sort: "size_in_bytes", direction: "asc" })).toEqual(["npm-2", "pip-1", "npm-1"]);
  expect(await list({ sort: "created_at" })).toEqual(["pip-1", "npm-2", "npm-1"]);
  const usage = await hub.as("dave").request("GET /repos/{owner}/{repo}/actions/cache/usage");
  expect(usage.body).toEqual({
    full_name: "acme/model",
    active_caches_size_in_bytes: 60,
    active_caches_count: 3,
  });
});

test("caches are deleted by key, with a ref or without, and by id, by those who may write", async () => {
  await using hub = await startTestHub({ routes: cacheRoutes });
  await save(hub, "npm", 1);
  await save(hub, "npm", 1, "refs/heads/feature");
  const pip = await save(hub, "pip", 1);
  const remove = (login: string, query: string) => hub.as(login).request(`DELETE ${PATH}?${query}`);
  expect((await remove("dave", "key=npm")).status).toBe(403);
  expect((await remove("bob", "key=npm&ref=refs/heads/feature")).body).toMatchObject({
    total_count: 1,
    actions_caches: [{ key: "npm", ref: "refs/heads/feature" }],
  });
  expect((await remove("bob", "key=np")).status).toBe(404);
  expect((await remove("bob", "key=npm")).body.total_count).toBe(1);
  const byId = () => hub.as("bob").request(`DELETE ${PATH}/{cache_id}`, { cache_id: pip.id });
  expect([(await byId()).status, (await byId()).status]).toEqual([204, 404]);
  expect(hub.repository.actions.caches.size).toBe(0);
});
