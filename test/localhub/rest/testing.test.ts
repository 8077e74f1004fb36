import { expect, test } from "vitest";
import { created, list, route } from "./route.ts";
import { startTestHub } from "./testing.ts";

test("a test hub serves routes over HTTP as the person who asks, over real git", async () => {
  await using hub = await startTestHub({
    routes: [
      route("issues/list-labels-for-repo", ({ repository }) => list([...repository.labels.values()], () => ({}))),
      route("git/create-blob", async ({ world, repository, body }) => {
        const sha = await repository.git.writeBlob(Buffer.from(String(body["content"])));
        return created({ sha, url: `${world.urls.api}/repos/${repository.fullName}/git/blobs/${sha}` });
      }),
    ],
  });
  const labels = await hub.as("dave").request("GET /repos/{owner}/{repo}/labels");
  expect(labels).toMatchObject({ status: 200, body: [] });
  const blob = await hub.as("bob").request("POST /repos/{owner}/{repo}/git/blobs", { content: "hello\n" });
  expect(blob).toMatchObject({ status: 201, body: { sha: "ce013625030ba8dba906f756967f9e9ca394464a" } });
  expect(hub.world.journal.requests("git/create-blob")).toMatchObject([{ actor: "bob", status: 201 }]);
});
