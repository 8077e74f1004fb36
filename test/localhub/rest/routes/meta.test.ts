import { expect, test } from "vitest";
import { startTestHub } from "../serving/testing.ts";
import { metaRoutes } from "./meta.ts";

test("the root lists the URLs, and meta shows that all of it is on loopback", async () => {
  await using hub = await startTestHub({ routes: metaRoutes });
  const root = await hub.as("bob").request("GET /");
  expect(root.body.repository_url).toBe(`${hub.world.urls.api}/repos/{owner}/{repo}`);
  const meta = await hub.as("bob").request("GET /meta");
  expect(meta.body).toMatchObject({ verifiable_password_authentication: false, api: ["127.0.0.1/32"] });
  expect(meta.body).not.toHaveProperty("installed_version");
});

test("the rate limit shows the remaining requests, at no cost", async () => {
  await using hub = await startTestHub({ routes: metaRoutes, limits: {} });
  const bob = hub.as("bob");
  await bob.request("GET /meta");
  const read = async () => (await bob.request("GET /rate_limit")).body;
  const first = await read();
  expect(first.resources.core).toMatchObject({ limit: 5_000, used: 1, remaining: 4_999, resource: "core" });
  expect(first.rate).toEqual(first.resources.core);
  expect((await read()).rate.used).toBe(1);
});

test("the rate limit can be read when it is used up", async () => {
  await using hub = await startTestHub({ routes: metaRoutes, limits: { person: 1 } });
  const bob = hub.as("bob");
  expect((await bob.request("GET /meta")).status).toBe(200);
  expect((await bob.request("GET /meta")).status).toBe(403);
  expect(await bob.request("GET /rate_limit")).toMatchObject({ status: 200, body: { rate: { remaining: 0 } } });
});

test("Enterprise Server shows its version and has no rate limit", async () => {
  await using hub = await startTestHub({ routes: metaRoutes, profile: "ghes-3.19" });
  expect((await hub.as("bob").request("GET /meta")).body.installed_version).toBe("3.19.0");
  expect((await hub.as("bob").request("GET /rate_limit")).status).toBe(404);
});
