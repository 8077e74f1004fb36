import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_ASSETS } from "../../operations/refs/release-assets.ts";
import { MAX_RELEASE_BODY_LENGTH } from "../../operations/refs/releases.ts";
import { NO_LIMITS } from "../callers/rate-limits.ts";
import { serveFiles } from "../downloads/file-downloads.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { releaseRoutes } from "./releases.ts";

const CREATE = "POST /repos/{owner}/{repo}/releases";
const LIST = "GET /repos/{owner}/{repo}/releases";
const GET = "GET /repos/{owner}/{repo}/releases/{release_id}";
const EDIT = "PATCH /repos/{owner}/{repo}/releases/{release_id}";
const DELETE = "DELETE /repos/{owner}/{repo}/releases/{release_id}";
const LATEST = "GET /repos/{owner}/{repo}/releases/latest";
const BY_TAG = "GET /repos/{owner}/{repo}/releases/tags/{tag}";
const UPLOAD = "POST /repos/{owner}/{repo}/releases/{release_id}/assets";
const ASSETS = "GET /repos/{owner}/{repo}/releases/{release_id}/assets";
const ASSET = "GET /repos/{owner}/{repo}/releases/assets/{asset_id}";

let hub: TestHub;
let bob: Client;
beforeAll(async () => {
  hub = await startTestHub({ routes: releaseRoutes, limits: NO_LIMITS, mounts: (world) => [serveFiles(world)] });
  bob = hub.as("bob");
});
afterAll(() => hub[Symbol.asyncDispose]());

const recorded = () => hub.world.journal.effects("release").map(({ event }) => event.replace("release.", ""));

test("a release creates its tag at the target, and publishes events", async () => {
  const sha = await hub.commit({ "r.txt": "1" });
  await hub.commit({ "r.txt": "2" });
  const count = recorded().length;
  const made = await bob.request(CREATE, { tag_name: "v1.0", target_commitish: sha, name: "One", body: "Notes" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ tag_name: "v1.0", draft: false, prerelease: false, author: { login: "bob" } });
  expect(await hub.repository.git.resolve("v1.0")).toBe(sha);
  expect(recorded().slice(count)).toEqual(["created", "published", "released"]);
  expect((await bob.request(BY_TAG, { tag: "v1.0" })).body).toEqual(made.body);
  expect((await bob.request(GET, { release_id: made.body.id })).body).toEqual(made.body);
  expect((await bob.request(DELETE, { release_id: made.body.id })).status).toBe(204);
  expect((await bob.request(BY_TAG, { tag: "v1.0" })).status).toBe(404);
  expect(await hub.repository.git.resolve("v1.0")).toBe(sha);
});

test("drafts are visible to those who may push, have no tag, and are published by an edit", async () => {
  const count = recorded().length;
  const draft = (await bob.request(CREATE, { tag_name: "v2.0", draft: true })).body;
  expect([draft.draft, draft.published_at, await hub.repository.git.resolve("v2.0")]).toEqual([true, null, undefined]);
  expect((await hub.as("dave").request(GET, { release_id: draft.id })).status).toBe(404);
  expect((await hub.as("dave").request(LIST)).body).toEqual([]);
  expect((await bob.request(BY_TAG, { tag: "v2.0" })).status).toBe(404);
  expect(recorded().slice(count)).toEqual([]);
  await bob.request(EDIT, { release_id: draft.id, body: "More", draft: false, prerelease: true });
  expect(recorded().slice(count)).toEqual(["published", "prereleased"]);
  expect(await hub.repository.git.resolve("v2.0")).toBeDefined();
  const edited = await bob.request(EDIT, { release_id: draft.id, name: "Two" });
  expect(edited.body).toMatchObject({ name: "Two", body: "More", prerelease: true });
  expect(recorded().slice(count)).toEqual(["published", "prereleased", "edited"]);
});

test("the latest is the last one marked as latest; never a draft or a prerelease", async () => {
  const release = async (tag: string, more = {}) => (await bob.request(CREATE, { tag_name: tag, ...more })).body;
  const latest = async () => (await bob.request(LATEST)).body.tag_name;
  await release("l1");
  await release("l2");
  expect(await latest()).toBe("l2");
  await release("l3", { prerelease: true });
  await release("l4", { make_latest: "false" });
  expect(await latest()).toBe("l2");
  const back = (await bob.request(BY_TAG, { tag: "l1" })).body;
  await bob.request(EDIT, { release_id: back.id, make_latest: "true" });
  expect(await latest()).toBe("l1");
});

test("a tag has one release; of several who create it concurrently, one succeeds", async () => {
  const responses = await Promise.all(Array.from({ length: 6 }, () => bob.request(CREATE, { tag_name: "only-one" })));
  expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status, body } of responses.filter(({ status }) => status !== 201)) {
    expect([status, body.errors]).toEqual([422, [{ resource: "Release", code: "already_exists", field: "tag_name" }]]);
  }
  const drafts = await Promise.all([1, 2].map(() => bob.request(CREATE, { tag_name: "only-one", draft: true })));
  expect(drafts.map(({ status }) => status)).toEqual([201, 201]);
});

// softprops/action-gh-release#374: "body is too long (maximum is 125000 characters)".
test("limits and mistakes: 125,000 characters, invalid tags and targets, notes by GitHub", async () => {
  const body = "é".repeat(MAX_RELEASE_BODY_LENGTH);
  expect((await bob.request(CREATE, { tag_name: "long", body })).status).toBe(201);
  const create = (fields: Record<string, unknown>) => bob.request(CREATE, { tag_name: "wrong", ...fields });
  const long = await create({ body: `${body}é` });
  expect([long.status, long.body.errors[0].message]).toEqual([422, "body is too long (maximum is 125000 characters)"]);
  expect((await create({ tag_name: "a..b" })).body.errors[0]).toMatchObject({ field: "tag_name", code: "custom" });
  expect((await create({ target_commitish: "none" })).body.errors[0]).toMatchObject({ field: "target_commitish" });
  expect((await create({ generate_release_notes: true })).status).toBe(501);
  expect((await bob.request(BY_TAG, { tag: "wrong" })).status).toBe(404);
});

describe("assets", () => {
  const bytes = Buffer.from([0, 1, 2, 255]);

  test("are uploaded, listed, downloaded from the API and from the web page, counted and deleted", async () => {
    const release = (await bob.request(CREATE, { tag_name: "with/assets" })).body;
    const url = release.upload_url.replace("{?name,label}", "");
    expect(url).toBe(`${hub.server.url}/repos/acme/model/releases/${release.id}/assets`);
    const upload = { release_id: release.id, name: "my model (1).bin", label: "Model" };
    const made = await bob.request(UPLOAD, upload, { bytes, headers: { "content-type": "application/x-model" } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: "my.model.1.bin",
      label: "Model",
      size: 4,
      content_type: "application/x-model",
      digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
      uploader: { login: "bob" },
    });
    const file = await fetch(made.body.browser_download_url);
    expect([file.headers.get("content-type"), Buffer.from(await file.arrayBuffer())]).toEqual([
      "application/x-model",
      bytes,
    ]);
    const raw = await bob.request(
      ASSET,
      { asset_id: made.body.id },
      { headers: { accept: "application/octet-stream" } },
    );
    expect([raw.status, raw.headers.get("content-length")]).toEqual([200, "4"]);
    expect((await bob.request(ASSETS, { release_id: release.id })).body[0].download_count).toBe(2);
    const gone = await bob.request("DELETE /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      asset_id: made.body.id,
    });
    expect([gone.status, (await bob.request(ASSET, { asset_id: made.body.id })).status]).toEqual([204, 404]);
  });

  test("have unique names and are not empty", async () => {
    const release = (await bob.request(CREATE, { tag_name: "twice" })).body;
    const upload = (content: typeof bytes) =>
      bob.request(
        UPLOAD,
        { release_id: release.id, name: "a" },
        { bytes: content, headers: { "content-type": "text/plain" } },
      );
    expect((await upload(bytes)).status).toBe(201);
    const twice = await upload(bytes);
    expect([twice.status, twice.body.errors]).toEqual([
      422,
      [{ resource: "ReleaseAsset", code: "already_exists", field: "name" }],
    ]);
  });

  // GitHub docs, "About releases", storage and bandwidth quotas: up to 1,000 assets.
  test(`are ${MAX_ASSETS} at most`, async () => {
    const release = (await bob.request(CREATE, { tag_name: "full" })).body;
    const assets = hub.repository.releases.get(release.id)?.assets;
    const owner = hub.world.accounts.get("bob");
    if (!assets || !owner) throw new Error("there is no release or no account bob");
    for (let id = 1; id <= MAX_ASSETS; id++)
      assets.set(id, {
        id,
        name: `${id}`,
        label: null,
        contentType: "a/b",
        content: bytes,
        uploader: owner,
        downloads: 0,
        createdAt: new Date(),
      });
    const over = await bob.request(
      UPLOAD,
      { release_id: release.id, name: "over" },
      { bytes, headers: { "content-type": "a/b" } },
    );
    expect([over.status, over.body.errors[0].field]).toEqual([422, "file_count"]);
  });
});
