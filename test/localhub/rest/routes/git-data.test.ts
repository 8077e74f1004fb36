import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { gitDataRoutes, MAX_BLOB_BYTES, MAX_TREE_ENTRIES } from "./git-data.ts";

const BLOBS = "POST /repos/{owner}/{repo}/git/blobs";
const BLOB = "GET /repos/{owner}/{repo}/git/blobs/{file_sha}";
const TREES = "POST /repos/{owner}/{repo}/git/trees";
const TREE = "GET /repos/{owner}/{repo}/git/trees/{tree_sha}";
const COMMITS = "POST /repos/{owner}/{repo}/git/commits";
const COMMIT = "GET /repos/{owner}/{repo}/git/commits/{commit_sha}";
const TAGS = "POST /repos/{owner}/{repo}/git/tags";
const TAG = "GET /repos/{owner}/{repo}/git/tags/{tag_sha}";
const REFS = "POST /repos/{owner}/{repo}/git/refs";
const REF = "GET /repos/{owner}/{repo}/git/ref/{ref}";
const MISSING = "0123456789".repeat(4);

let hub: TestHub;
let bob: Client;
let root: string;
beforeAll(async () => {
  hub = await startTestHub({ routes: gitDataRoutes });
  bob = hub.as("bob");
  root = (await hub.repository.git.resolve("main")) ?? "";
});
afterAll(() => hub[Symbol.asyncDispose]());

describe("blobs", () => {
  test("are written as text or base64 and read as base64 with line breaks, or raw", async () => {
    const text = "grüße ".repeat(30);
    const one = await bob.request(BLOBS, { content: text });
    const two = await bob.request(BLOBS, { content: Buffer.from(text).toString("base64"), encoding: "base64" });
    expect([one.status, two.body.sha]).toEqual([201, one.body.sha]);
    const read = await bob.request(BLOB, { file_sha: one.body.sha });
    expect(read.body).toMatchObject({ size: Buffer.byteLength(text), encoding: "base64" });
    expect(Buffer.from(read.body.content, "base64").toString()).toBe(text);
    expect(read.body.content.split("\n")[0]).toHaveLength(60);
    const raw = await bob.request(
      BLOB,
      { file_sha: one.body.sha },
      { headers: { accept: "application/vnd.github.raw+json" } },
    );
    expect([raw.body, raw.headers.get("content-type")]).toEqual([text, "application/vnd.github.raw; charset=utf-8"]);
  });

  test("invalid base64 and missing blobs are rejected", async () => {
    const broken = await bob.request(BLOBS, { content: "%%%", encoding: "base64" });
    expect([broken.status, broken.body.message]).toEqual([422, "content is not valid Base64"]);
    expect((await bob.request(BLOB, { file_sha: MISSING })).status).toBe(404);
    expect((await bob.request(BLOB, { file_sha: root })).status).toBe(404);
  });

  // GitHub docs, "Get a blob": this endpoint supports blobs up to 100 megabytes in size.
  test("over 100 MB are rejected", async () => {
    const sha = await hub.repository.git.writeBlob(Buffer.alloc(MAX_BLOB_BYTES + 1));
    const rejected = await bob.request(BLOB, { file_sha: sha });
    expect([rejected.status, rejected.body.errors]).toEqual([
      403,
      [{ resource: "Blob", field: "data", code: "too_large" }],
    ]);
  });
});

describe("trees", () => {
  test("are applied to a base, with texts, deletions and modes", async () => {
    const blob = (await bob.request(BLOBS, { content: "x" })).body.sha;
    const made = await bob.request(TREES, {
      base_tree: root,
      tree: [
        { path: "README.md", mode: "100644", type: "blob", sha: null },
        { path: "bin/run", mode: "100755", type: "blob", content: "#!/bin/sh\n" },
        { path: "docs/a.md", mode: "100644", type: "blob", sha: blob },
      ],
    });
    expect(made.status).toBe(201);
    expect(made.body.tree.map(({ path }: { path: string }) => path)).toEqual(["bin", "docs"]);
    const flat = await bob.request(TREE, { tree_sha: made.body.sha });
    const deep = await bob.request(TREE, { tree_sha: made.body.sha, recursive: "0" });
    expect(flat.body.tree).toHaveLength(2);
    expect(deep.body).toMatchObject({ truncated: false, sha: made.body.sha });
    expect(deep.body.tree.map(({ path, mode, size }: Record<string, unknown>) => [path, mode, size])).toEqual([
      ["bin", "040000", undefined],
      ["bin/run", "100755", 10],
      ["docs", "040000", undefined],
      ["docs/a.md", "100644", 1],
    ]);
    expect((await bob.request(TREE, { tree_sha: "main" })).body.tree[0].path).toBe("README.md");
    expect((await bob.request(TREE, { tree_sha: "none" })).status).toBe(404);
  });

  // GitHub docs, "Get a tree": the limit of the tree array is 100,000 entries for a recursive request.
  test("are cut off at 100,000 entries and then marked as truncated", async () => {
    const sha = await hub.repository.git.writeBlob(Buffer.from("same"));
    const files = Array.from(
      { length: MAX_TREE_ENTRIES },
      (_, i) => ({ path: `${i % 100}/${i}`, mode: "100644", type: "blob", sha }) as const,
    );
    const tree = await hub.repository.git.writeTree(undefined, files);
    const read = await bob.request(TREE, { tree_sha: tree, recursive: 1 });
    expect([read.body.truncated, read.body.tree.length]).toEqual([true, MAX_TREE_ENTRIES]);
  });

  const entry = { path: "a", mode: "100644", type: "blob" };
  test.each([
    [{ tree: [{ ...entry, path: "/a", content: "" }] }, "tree.path cannot start with a slash"],
    [{ tree: [{ ...entry, path: "a/../b", content: "" }] }, "tree.path contains a malformed path component"],
    [{ tree: [entry] }, "Must supply either tree.sha or tree.content"],
    [{ tree: [{ ...entry, sha: MISSING }] }, `tree.sha ${MISSING} is not a valid blob`],
    [{ tree: [{ ...entry, sha: null }] }, "GitRPC::BadObjectState"],
    [{ tree: [{ ...entry, content: "" }], base_tree: MISSING }, "base_tree is not a valid tree oid"],
  ])("%j: %s", async (body, message) => {
    const rejected = await bob.request(TREES, body);
    expect([rejected.status, rejected.body.message]).toEqual([422, message]);
  });
});

describe("commits and tags", () => {
  test("a commit is by the given author, or else by the caller", async () => {
    const tree = (await hub.repository.git.commit(root))?.tree;
    const author = { name: "Ada", email: "ada@example.com", date: "2026-01-02T03:04:05Z" };
    const given = await bob.request(COMMITS, { message: "By Ada\n", tree, parents: [root], author });
    expect(given.body).toMatchObject({
      message: "By Ada",
      author,
      committer: author,
      parents: [{ sha: root }],
      verification: { verified: false, reason: "unsigned" },
    });
    const own = await bob.request(COMMITS, { message: "By Bob", tree });
    expect(own.body).toMatchObject({ author: { name: "bob" }, parents: [] });
    expect((await bob.request(COMMIT, { commit_sha: own.body.sha })).body).toEqual(own.body);
    expect((await bob.request(COMMIT, { commit_sha: "main" })).status).toBe(404);
  });

  test("a signature is kept, and reported as not verified", async () => {
    const tree = (await hub.repository.git.commit(root))?.tree;
    const signature = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----";
    const signed = await bob.request(COMMITS, { message: "m", tree, signature });
    expect(signed.body.verification).toMatchObject({ verified: false, reason: "unknown_key", signature });
    expect(signed.body.verification.payload).toMatch(/^tree [0-9a-f]{40}\nauthor bob /);
  });

  test.each([
    [{ tree: MISSING }, "Tree SHA does not exist"],
    [{ tree: "root" }, "Tree SHA is not a tree object"],
    [{ parents: [MISSING] }, "Parent SHA does not exist or is not a commit object"],
  ])("%j: %s", async (wrong, message) => {
    const tree = (await hub.repository.git.commit(root))?.tree;
    const body = { message: "m", tree, ...wrong, ...("tree" in wrong && wrong.tree === "root" && { tree: root }) };
    const rejected = await bob.request(COMMITS, body);
    expect([rejected.status, rejected.body.message]).toEqual([422, message]);
  });

  test("an annotated tag is an object, and becomes a tag by its ref", async () => {
    const tag = await bob.request(TAGS, { tag: "v1", message: "First", object: root, type: "commit" });
    expect([tag.status, tag.body.tagger.name, tag.body.object.sha]).toEqual([201, "bob", root]);
    expect((await bob.request(TAG, { tag_sha: tag.body.sha })).body).toEqual(tag.body);
    const ref = await bob.request(REFS, { ref: "refs/tags/v1", sha: tag.body.sha });
    expect(ref.body.object).toMatchObject({ type: "tag", sha: tag.body.sha });
    const wrong = await bob.request(TAGS, { tag: "a..b", message: "", object: root, type: "commit" });
    expect(wrong.status).toBe(422);
  });
});

// github/rest-api-description#637: 409 for the git database of an empty repository.
test("an empty repository's git database cannot be read or written", async () => {
  const owner = createAccount(hub.world, { login: "empty" });
  await createRepository(hub.world, { owner, name: "repo" });
  const at = { owner: "empty", repo: "repo" };
  const client = hub.as("empty");
  const responses = [
    await client.request(BLOBS, { ...at, content: "x" }),
    await client.request(TREES, { ...at, tree: [] }),
    await client.request(REFS, { ...at, ref: "refs/heads/main", sha: root }),
    await client.request(REF, { ...at, ref: "heads/main" }),
  ];
  expect(responses.map(({ status, body }) => [status, body.message])).toEqual(
    Array(4).fill([409, "Git Repository is empty."]),
  );
});

test("jobs read with contents: read and write only with contents: write", async () => {
  expect((await hub.asJob({ contents: "read" }).request(REF, { ref: "heads/main" })).status).toBe(200);
  const rejected = await hub.asJob({ contents: "read" }).request(REFS, { ref: "refs/heads/job", sha: root });
  expect([rejected.status, rejected.body.message]).toEqual([403, "Resource not accessible by integration"]);
  expect((await hub.asJob({ contents: "write" }).request(REFS, { ref: "refs/heads/job", sha: root })).status).toBe(201);
});
