import { getOctokit } from "@actions/github";
import { expect, test } from "vitest";
import { classicToken } from "../../operations/people/tokens.ts";
import { sampleRoutes } from "./sample-routes.ts";
import { startTestHub } from "./testing.ts";

test("GitHub's own client reads pages, errors and reset times as on github.com", async () => {
  await using hub = await startTestHub({ routes: sampleRoutes });
  const bob = hub.world.accounts.get("bob");
  const octokit = getOctokit(classicToken(hub.world, bob ?? hub.repository.owner).value, { baseUrl: hub.server.url });
  const repo = { owner: "acme", repo: "model" };
  const before = hub.repository.labels.size;
  for (let number = 0; number < 70; number++)
    await octokit.rest.issues.createLabel({ ...repo, name: `label ${number}` });

  const labels = await octokit.paginate(octokit.rest.issues.listLabelsForRepo, { ...repo, per_page: 25 });
  // GitHub's links contain the repository's id; the client only follows them.
  const paths = hub.world.journal.requests("issues/list-labels-for-repo").map(({ path }) => path);
  expect(paths[0]).toBe("/repos/acme/model/labels");
  expect(paths.at(-1)).toBe(`/repositories/${hub.repository.id}/labels`);
  expect(new Set(labels.map(({ name }) => name)).size).toBe(before + 70);

  await expect(octokit.rest.issues.getLabel({ ...repo, name: "none" })).rejects.toMatchObject({
    status: 404,
    message: "Not Found - https://docs.github.com/rest/issues/labels#get-a-label",
  });
  await expect(octokit.rest.issues.createLabel({ ...repo, name: "label 1" })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining("already_exists"),
  });
  hub.server.faults.next({ operation: "issues/delete-label" }, { kind: "reset", when: "after" });
  await expect(octokit.rest.issues.deleteLabel({ ...repo, name: "label 1" })).rejects.toMatchObject({ status: 500 });
  expect(hub.repository.labels.has("label 1")).toBe(false);
});
