/** A few real operations on labels and blobs: enough for tests of the request handler without all routes. */
import { createLabel, labelByName } from "../../operations/conversations/labels.ts";
import type { Label } from "../../world/issues.ts";
import { created, list, noContent, ok, type Route, route } from "../route.ts";

const render = ({ id, name, color, description, default: builtIn }: Label) => ({
  id,
  node_id: `LA_${id}`,
  url: `https://example.test/labels/${encodeURIComponent(name)}`,
  name,
  color,
  description,
  default: builtIn,
});

export const sampleRoutes: readonly Route[] = [
  route("issues/list-labels-for-repo", ({ repository }) => list([...repository.labels.values()], render)),
  route("issues/get-label", ({ repository, path }) => ok(render(labelByName(repository, path["name"] ?? "")))),
  route("issues/create-label", ({ world, repository, body, requiredCaller: caller }) =>
    created(render(createLabel(world, repository, { ...body, name: String(body["name"]) }, caller))),
  ),
  route("issues/delete-label", ({ repository, path }) => {
    repository.labels.delete(labelByName(repository, path["name"] ?? "").name.toLowerCase());
    return noContent;
  }),
  route("git/create-blob", async ({ world, repository, body }) => {
    const sha = await repository.git.writeBlob(Buffer.from(String(body["content"])));
    return created({ sha, url: `${world.urls.api}/repos/${repository.fullName}/git/blobs/${sha}` });
  }),
];
