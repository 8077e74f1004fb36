import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import type { Caller } from "../../world/caller.ts";
import { serveFiles } from "../downloads/file-downloads.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { contentRoutes, MAX_FILE_BYTES, MAX_FOLDER_ENTRIES, MAX_INLINE_BYTES } from "./contents.ts";

const GET = "GET /repos/{owner}/{repo}/contents/{path}";
const README = "GET /repos/{owner}/{repo}/readme";
const PUT = "PUT /repos/{owner}/{repo}/contents/{path}";
const DELETE = "DELETE /repos/{owner}/{repo}/contents/{path}";
const RAW = { headers: { accept: "application/vnd.github.raw+json" } };
const OBJECT = { headers: { accept: "application/vnd.github.object+json" } };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

let hub: TestHub;
let bob: Client;
beforeAll(async () => {
  hub = await startTestHub({ routes: contentRoutes, mounts: (world) => [serveFiles(world)] });
  bob = hub.as("bob");
});
afterAll(() => hub[Symbol.asyncDispose]());

function caller(): Caller {
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no account bob");
  return { actor, token: undefined };
}

const write = (files: Parameters<typeof commitFiles>[2]["files"], branch = "main"): Promise<string> =>
  commitFiles(hub.world, hub.repository, { branch, files, message: "Write" }, caller());

describe("reading", () => {
  test("a file, at a branch, a tag and a commit", async () => {
    const sha = await write({ "docs/a b.md": "hello\n" });
    await hub.repository.git.createRef("refs/tags/v1", sha);
    for (const ref of [undefined, "main", "v1", sha]) {
      const file = await bob.request(GET, { path: "docs/a b.md", ...(ref && { ref }) });
      expect(file.body).toMatchObject({
        type: "file",
        name: "a b.md",
        path: "docs/a b.md",
        size: 6,
        encoding: "base64",
      });
      expect(Buffer.from(file.body.content, "base64").toString()).toBe("hello\n");
      expect(await (await fetch(file.body.download_url)).text()).toBe("hello\n");
    }
    expect((await bob.request(GET, { path: "docs/a b.md" }, RAW)).body).toBe("hello\n");
    const missing = [{ path: "none" }, { path: "docs/a b.md/below" }, { path: "docs/a b.md", ref: "nope" }];
    const responses = await Promise.all(missing.map((parameters) => bob.request(GET, parameters)));
    expect(responses.map(({ status, body }) => [status, body.message])).toEqual([
      [404, "Not Found"],
      [404, "Not Found"],
      [404, "No commit found for the ref nope"],
    ]);
  });

  test("a folder, as a list and as one object, and the root", async () => {
    await write({ "list/file": "1", "list/sub/deep": "2", "list/link": { content: "file", mode: "120000" } });
    const listed = await bob.request(GET, { path: "list" });
    expect(listed.body.map(({ path, type, size }: Record<string, unknown>) => [path, type, size])).toEqual([
      ["list/file", "file", 1],
      ["list/link", "symlink", 4],
      ["list/sub", "dir", 0],
    ]);
    const one = await bob.request(GET, { path: "list" }, OBJECT);
    expect(one.body).toMatchObject({ type: "dir", path: "list", entries: listed.body });
    expect((await bob.request(GET, { path: "" })).body.map(({ name }: { name: string }) => name)).toContain(
      "README.md",
    );
  });

  // GitHub docs, "Get repository content": for a link to a file of the repository, the reply is that file.
  test("links: to a file, through another link, to a folder, and out of the repository", async () => {
    await write({
      "links/target": "content",
      "links/to-file": { content: "target", mode: "120000" },
      "links/to-link": { content: "../links/to-file", mode: "120000" },
      "links/to-folder": { content: "../links", mode: "120000" },
      "links/out": { content: "../../etc/passwd", mode: "120000" },
      "links/circle": { content: "circle", mode: "120000" },
    });
    for (const path of ["links/to-file", "links/to-link"])
      expect((await bob.request(GET, { path })).body).toMatchObject({
        type: "file",
        path,
        content: `${base64("content")}\n`,
      });
    for (const [path, target] of [
      ["links/to-folder", "../links"],
      ["links/out", "../../etc/passwd"],
      ["links/circle", "circle"],
    ])
      expect((await bob.request(GET, { path })).body).toMatchObject({ type: "symlink", target });
  });

  test("a submodule has its URL, and the type `file` in lists", async () => {
    const { git } = hub.repository;
    const url = "https://example.com/module.git";
    await write({ ".gitmodules": `[submodule "m"]\n\tpath = sub/m\n\turl = ${url}\n` });
    const parent = (await git.resolve("main")) ?? "";
    const tree = await git.writeTree(parent, [{ path: "sub/m", mode: "160000", type: "commit", sha: "1".repeat(40) }]);
    const person = { name: "Bob", email: "bob@example.com", date: new Date(1e12) };
    const sha = await git.writeCommit({ tree, parents: [parent], author: person, committer: person, message: "m" });
    const module = await bob.request(GET, { path: "sub/m", ref: sha });
    expect(module.body).toMatchObject({ type: "submodule", submodule_git_url: url, sha: "1".repeat(40) });
    expect((await bob.request(GET, { path: "sub", ref: sha })).body[0]).toMatchObject({ type: "file", name: "m" });
  });

  // GitHub docs, "Get repository content": over 1 MB without content, nothing over 100 MB, 1,000 files of a folder.
  test("limits: 1 MB with content, 100 MB without, 1,000 entries of a folder", async () => {
    const just = "x".repeat(MAX_INLINE_BYTES);
    await write({ "big/just": just, "big/over": `${just}x`, "big/huge": new Uint8Array(MAX_FILE_BYTES + 1) });
    expect((await bob.request(GET, { path: "big/just" })).body.encoding).toBe("base64");
    const over = await bob.request(GET, { path: "big/over" });
    expect(over.body).toMatchObject({ encoding: "none", content: "", size: MAX_INLINE_BYTES + 1 });
    expect((await bob.request(GET, { path: "big/over" }, RAW)).body).toHaveLength(MAX_INLINE_BYTES + 1);
    const huge = await bob.request(GET, { path: "big/huge" }, RAW);
    expect([huge.status, huge.body.errors]).toEqual([403, [{ resource: "Blob", field: "data", code: "too_large" }]]);
    await write(Object.fromEntries(Array.from({ length: MAX_FOLDER_ENTRIES + 1 }, (_, i) => [`many/${i}`, ""])));
    expect((await bob.request(GET, { path: "many" })).body).toHaveLength(MAX_FOLDER_ENTRIES);
  });

  test("the README: `.github` before the root before docs", async () => {
    expect((await bob.request(README)).body.path).toBe("README.md");
    await write({ "docs/readme.rst": "docs", ".github/README": "github" }, "readmes");
    expect((await bob.request(README, { ref: "readmes" })).body.path).toBe(".github/README");
    await write({ ".github/README": null, "README.md": null }, "readmes");
    expect((await bob.request(README, { ref: "readmes" })).body.path).toBe("docs/readme.rst");
    await write({ "docs/readme.rst": null }, "readmes");
    expect((await bob.request(README, { ref: "readmes" })).status).toBe(404);
  });

  test("HTML is not rendered, which is an error", async () => {
    const html = await bob.request(README, {}, { headers: { accept: "application/vnd.github.html+json" } });
    expect([html.status, html.body.message]).toEqual([415, expect.stringContaining("does not render files as HTML")]);
  });
});

describe("writing", () => {
  test("a file is created, replaced by its SHA and deleted, each a commit by the caller", async () => {
    const made = await bob.request(PUT, { path: "w/file.txt", message: "Create", content: base64("1\n") });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      content: { type: "file", path: "w/file.txt", size: 2 },
      commit: { message: "Create", author: { name: "bob" }, committer: { name: "bob" } },
    });
    const committer = { name: "Ci", email: "ci@example.com" };
    const body = { message: "Replace", content: base64("2\n"), sha: made.body.content.sha, committer };
    const replaced = await bob.request(PUT, { path: "w/file.txt", ...body });
    expect([replaced.status, replaced.body.commit.committer.name]).toEqual([200, "Ci"]);
    expect(replaced.body.commit.parents[0].sha).toBe(made.body.commit.sha);
    const gone = await bob.request(DELETE, { path: "w/file.txt", message: "Delete", sha: replaced.body.content.sha });
    expect([gone.status, gone.body.content]).toEqual([200, null]);
    expect((await bob.request(GET, { path: "w" })).status).toBe(404);
  });

  test("without or with a wrong SHA, on an unknown branch, with an invalid path", async () => {
    await write({ "known.txt": "1" });
    const put = (path: string, more = {}) => bob.request(PUT, { path, message: "m", content: "", ...more });
    const sha = "1".repeat(40);
    const responses = [
      await put("known.txt"),
      await put("known.txt", { sha }),
      await put("known.txt", { branch: "none" }),
      await put("a/../b"),
      await put("new.txt", { content: "%%" }),
      await bob.request(DELETE, { path: "none.txt", message: "m", sha }),
    ];
    expect(responses.map(({ status, body }) => [status, body.message])).toEqual([
      [422, 'Invalid request.\n\n"sha" wasn\'t supplied.'],
      [409, `known.txt does not match ${sha}`],
      [404, "Branch none not found"],
      [422, expect.stringContaining("malformed path component")],
      [422, "content is not valid Base64"],
      [404, "Not Found"],
    ]);
  });

  test("of concurrent writers to one branch, the losers get its current commit, and no commit is lost", async () => {
    const before = (await hub.repository.git.log("main")).length;
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, i) => bob.request(PUT, { path: `race/${i}`, message: `${i}`, content: "" })),
    );
    const [made, lost] = [
      responses.filter(({ status }) => status === 201),
      responses.filter(({ status }) => status !== 201),
    ];
    expect((await hub.repository.git.log("main")).length).toBe(before + made.length);
    expect(made.length).toBeGreaterThan(0);
    for (const { status, body } of lost) {
      expect(status).toBe(409);
      expect(body.message).toMatch(/^is at [0-9a-f]{40} but expected [0-9a-f]{40}$/);
    }
  });

  test("the first file creates the default branch of an empty repository", async () => {
    const owner = createAccount(hub.world, { login: "fresh" });
    const repository = await createRepository(hub.world, { owner, name: "repo", defaultBranch: "trunk" });
    const at = { owner: "fresh", repo: "repo" };
    const empty = await hub.as("fresh").request(GET, { ...at, path: "a" });
    expect([empty.status, empty.body.message]).toEqual([404, "This repository is empty."]);
    const made = await hub.as("fresh").request(PUT, { ...at, path: "a", message: "First", content: "" });
    expect([made.status, await repository.git.resolve("trunk")]).toEqual([201, made.body.commit.sha]);
  });

  test("a job needs more than contents: write to add a workflow", async () => {
    const body = { path: ".github/workflows/ci.yml", message: "m", content: base64("on: push\n") };
    const rejected = await hub.asJob({ contents: "write" }).request(PUT, body);
    expect([rejected.status, rejected.body.message]).toEqual([403, expect.stringContaining("`workflows` permission")]);
    expect((await bob.request(PUT, body)).status).toBe(201);
    expect(
      (await hub.asJob({ contents: "write" }).request(PUT, { path: "plain", message: "m", content: "" })).status,
    ).toBe(201);
  });
});

test("several files are one commit, keep their modes, and start a branch at the given revision", async () => {
  const start = await write({ tool: { content: "#!/bin/sh\n", mode: "100755" } });
  await write({ later: "1" });
  const files = { tool: "#!/bin/bash\n", added: "1", "README.md": null };
  const input = { branch: "started", files, message: "Several", startFrom: start };
  const sha = await commitFiles(hub.world, hub.repository, input, caller());
  const { git } = hub.repository;
  expect((await git.commit(sha))?.parents).toEqual([start]);
  const paths = (await git.tree(sha))?.map(({ path, mode }) => `${mode} ${path}`) ?? [];
  expect(paths).toContain("100755 tool");
  expect(paths).not.toContain("100644 README.md");
  await expect(
    commitFiles(hub.world, hub.repository, { ...input, branch: "other", startFrom: "none" }, caller()),
  ).rejects.toThrow("No commit found for SHA: none");
});

test("files of a private repository are downloaded with a token or a URL that is valid for five minutes", async () => {
  await using hidden = await startTestHub({
    routes: contentRoutes,
    private: true,
    mounts: (world) => [serveFiles(world)],
  });
  const { download_url: signed } = (await hidden.as("dave").request(GET, { path: "README.md" })).body;
  const plain = signed.replace(/\?.*/, "");
  expect(await (await fetch(signed)).text()).toBe("# model\n");
  expect((await fetch(plain)).status).toBe(404);
  expect((await fetch(signed.replace("README", "OTHER"))).status).toBe(404);
  hidden.world.clock.advance(5 * 60_000);
  expect((await fetch(signed)).status).toBe(404);
});
