import { expect, test } from "vitest";
import { sampleRoutes } from "./sample-routes.ts";
import { startTestHub } from "./testing.ts";

test("a test hub serves routes over HTTP, with the caller's account and real git", async () => {
  await using hub = await startTestHub({ routes: sampleRoutes });
  const blob = await hub.as("bob").request("POST /repos/{owner}/{repo}/git/blobs", { content: "hello\n" });
  expect(blob).toMatchObject({ status: 201, body: { sha: "ce013625030ba8dba906f756967f9e9ca394464a" } });
  expect(hub.world.journal.requests("git/create-blob")).toMatchObject([{ actor: "bob", status: 201 }]);
});
