import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { createRepository, forkRepository } from "../../operations/people/repositories.ts";
import { commitFiles, type FilesToCommit } from "../../operations/refs/contents.ts";
import type { Repository } from "../../world/repository.ts";
import { serveFiles } from "../downloads/file-downloads.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { COMPARED_COMMITS, commitRoutes, FILES_PER_PAGE, MAX_COMMIT_FILES } from "./commits.ts";

const LIST = "GET /repos/{owner}/{repo}/commits";
const GET = "GET /repos/{owner}/{repo}/commits/{ref}";
const COMPARE = "GET /repos/{owner}/{repo}/compare/{basehead}";
const media = (kind: string) => ({ headers: { accept: `application/vnd.github.${kind}` } });

let hub: TestHub;
let bob: Client;
beforeAll(async () => {
  hub = await startTestHub({ routes: commitRoutes, mounts: (world) => [serveFiles(world)] });
  bob = hub.as("bob");
});
afterAll(() => hub[Symbol.asyncDispose]());

function write(input: Partial<FilesToCommit> & Pick<FilesToCommit, "branch">, repository: Repository = hub.repository) {
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no account bob");
  const complete = { files: { [`${input.branch}.txt`]: `${input.message}` }, message: "m", ...input };
  return commitFiles(hub.world, repository, complete, { actor, token: undefined });
}

const shas = (response: { body: { sha: string }[] }): string[] => response.body.map(({ sha }) => sha);

test("a list is filtered by branch, path, author, committer and time", async () => {
  const at = (hour: number) => `2026-01-01T0${hour}:00:00Z`;
  const ada = { name: "Ada", email: "ada@example.com" };
  const one = await write({ branch: "list", message: "one", author: { ...ada, date: at(1) } });
  const two = await write({ branch: "list", message: "two", files: { "sub/x": "1" }, author: { ...ada, date: at(2) } });
  const three = await write({ branch: "list", message: "three" });
  const table: [Record<string, unknown>, string[]][] = [
    [{}, [three, two, one]],
    [{ path: "sub" }, [two]],
    [{ path: "none" }, []],
    [{ author: "bob" }, [three]],
    [{ author: "ADA@example.com" }, [two, one]],
    [{ committer: "bob" }, [three]],
    [{ author: "nobody" }, []],
    [{ until: at(1) }, [one]],
    [{ since: at(2), until: at(2) }, [two]],
    [{ sha: two }, [two, one]],
  ];
  for (const [filter, expected] of table) {
    const found = await bob.request(LIST, { sha: "list", ...filter });
    expect([filter, shas(found).filter((sha) => [one, two, three].includes(sha))]).toEqual([filter, expected]);
  }
  expect((await bob.request(LIST, { sha: "none" })).status).toBe(404);
  expect((await bob.request(LIST, { sha: "list", per_page: 1 })).headers.get("link")).toContain('rel="next"');
});

describe("one commit", () => {
  test("has its author's account, its files and their counts", async () => {
    await write({ branch: "one", files: { a: "1\n2\n", b: "1\n" } });
    const sha = await write({ branch: "one", files: { a: "1\n", c: "1\n2\n" }, message: "Change" });
    for (const ref of ["one", "heads/one", sha, sha.slice(0, 10)]) {
      const commit = (await bob.request(GET, { ref })).body;
      expect(commit).toMatchObject({ sha, stats: { additions: 2, deletions: 1, total: 3 }, author: { login: "bob" } });
      expect(
        commit.files.map(({ filename, status, patch }: Record<string, string>) => [filename, status, patch]),
      ).toEqual([
        ["a", "modified", "@@ -1,2 +1 @@\n 1\n-2"],
        ["c", "added", "@@ -0,0 +1,2 @@\n+1\n+2"],
      ]);
    }
    const unknown = await bob.request(GET, { ref: "none" });
    expect([unknown.status, unknown.body.message]).toEqual([422, "No commit found for SHA: none"]);
  });

  test("can be a diff, mail, or only its SHA", async () => {
    const sha = await write({ branch: "text", files: { t: "1\n" }, message: "As text" });
    expect((await bob.request(GET, { ref: sha }, media("diff"))).body).toMatch(/^diff --git a\/t b\/t\n/);
    expect((await bob.request(GET, { ref: sha }, media("v3.patch"))).body).toContain("Subject: [PATCH] As text");
    expect((await bob.request(GET, { ref: "text" }, media("sha"))).body).toBe(sha);
  });

  // GitHub docs, "Get a commit": over 300 files there are links to more pages, up to 3,000 files.
  test(`shows ${FILES_PER_PAGE} files a page, at most ${MAX_COMMIT_FILES}`, async () => {
    const files = Object.fromEntries(Array.from({ length: FILES_PER_PAGE + 2 }, (_, i) => [`f/${i}`, "1\n"]));
    const sha = await write({ branch: "files", files });
    const first = await bob.request(GET, { ref: sha });
    expect([first.body.files.length, first.body.stats.total]).toEqual([FILES_PER_PAGE, FILES_PER_PAGE + 2]);
    expect(first.headers.get("link")).toContain('page=2>; rel="next"');
    expect((await bob.request(GET, { ref: sha, page: 2 })).body.files).toHaveLength(2);
    expect((await bob.request(COMPARE, { basehead: `main...${sha}` })).body.files).toHaveLength(FILES_PER_PAGE);
    const many = Object.fromEntries(Array.from({ length: MAX_COMMIT_FILES + 1 }, (_, i) => [`m/${i}`, "1\n"]));
    const last = await bob.request(GET, {
      ref: await write({ branch: "files", files: many }),
      page: MAX_COMMIT_FILES / FILES_PER_PAGE,
    });
    expect([last.body.files.length, last.headers.get("link")]).toEqual([
      FILES_PER_PAGE,
      expect.not.stringContaining("next"),
    ]);
  });

  test("the first commit is compared with nothing", async () => {
    const [root] = (await hub.repository.git.log("main")).slice(-1);
    expect((await bob.request(GET, { ref: root?.sha })).body.files).toMatchObject([
      { filename: "README.md", status: "added" },
    ]);
  });
});

describe("comparing", () => {
  test("identical, ahead, behind, diverged, with the merge base and what the head changed", async () => {
    const base = (await hub.repository.git.resolve("main")) ?? "";
    const left = await write({ branch: "left", message: "l", startFrom: base });
    const right = await write({ branch: "right", message: "r", startFrom: base });
    const table = [
      ["main...main", "identical", 0, 0, []],
      ["main...left", "ahead", 1, 0, ["left.txt"]],
      ["left...main", "behind", 0, 1, []],
      ["left...right", "diverged", 1, 1, ["right.txt"]],
      [`${left.slice(0, 9)}...heads/right`, "diverged", 1, 1, ["right.txt"]],
    ] as const;
    for (const [basehead, status, ahead, behind, files] of table) {
      const { body } = await bob.request(COMPARE, { basehead });
      expect(body).toMatchObject({ status, ahead_by: ahead, behind_by: behind, total_commits: ahead });
      expect(body.merge_base_commit.sha).toBe(base);
      expect(body.files.map(({ filename }: { filename: string }) => filename)).toEqual(files);
    }
    const diff = await bob.request(COMPARE, { basehead: "left...right" }, media("diff"));
    expect(diff.body).toContain("+++ b/right.txt");
    expect((await bob.request(COMPARE, { basehead: "left...right" }, media("patch"))).body).toContain(`From ${right}`);
  });

  test("across forks, which are found by their owners, unless they are hidden", async () => {
    const owner = createAccount(hub.world, { login: "forker" });
    const fork = await forkRepository(hub.world, hub.repository, owner, { name: "renamed" });
    const sha = await write({ branch: "topic", message: "From a fork", startFrom: "main" }, fork);
    for (const basehead of ["main...forker:topic", "acme:main...forker:renamed:topic"]) {
      const { body } = await bob.request(COMPARE, { basehead });
      expect([body.status, body.commits[0].sha]).toEqual(["ahead", sha]);
    }
    const hidden = createAccount(hub.world, { login: "hidden" });
    const secret = await createRepository(hub.world, { owner: hidden, name: "model", private: true });
    Object.assign(secret, { forkOf: hub.repository });
    for (const basehead of [
      "main...hidden:main",
      "main...nobody:main",
      "main...none",
      "main",
      "main..left",
      "main......left",
    ])
      expect([basehead, (await bob.request(COMPARE, { basehead })).status]).toEqual([basehead, 404]);
  });

  test("commits without common history", async () => {
    await hub.commit({ lonely: "1" }, "lonely");
    const response = await bob.request(COMPARE, { basehead: "main...lonely" });
    expect([response.status, response.body.message]).toEqual([404, "No common ancestor between main and lonely."]);
  });

  // GitHub docs, "Compare two commits": 250 commits without pages, in order; files on the first page only, up to 300.
  test("shows the newest 250 commits without pages, oldest first, and all of them with pages", async () => {
    const { git } = hub.repository;
    const base = (await git.resolve("main")) ?? "";
    const tree = (await git.commit(base))?.tree ?? "";
    let head = base;
    for (let i = 1; i <= COMPARED_COMMITS + 5; i++) {
      const person = { name: "Bob", email: "bob@example.com", date: new Date(2e12 + i * 1000) };
      head = await git.writeCommit({ tree, parents: [head], author: person, committer: person, message: `${i}` });
    }
    await git.createRef("refs/heads/long", head);
    const messages = (body: { commits: { commit: { message: string } }[] }) =>
      body.commits.map(({ commit }) => commit.message);
    const unpaged = (await bob.request(COMPARE, { basehead: "main...long" })).body;
    expect([messages(unpaged)[0], messages(unpaged).at(-1), unpaged.total_commits]).toEqual(["6", "255", 255]);
    expect(unpaged.commits).toHaveLength(COMPARED_COMMITS);
    const paged = await bob.request(COMPARE, { basehead: "main...long", per_page: 100, page: 3 });
    expect([messages(paged.body)[0], paged.body.commits.length, paged.body.files]).toEqual(["201", 55, undefined]);
    expect(paged.headers.get("link")).toContain('rel="prev"');
  });
});

describe("archives", () => {
  test.each([
    ["tarball", "tar.gz"],
    ["zipball", "zip"],
  ])("a %s is redirected to, with all files below one folder", async (kind, extension) => {
    const sha = await write({ branch: "archived", files: { "d/file.txt": "archived\n" } });
    const response = await bob.request(`GET /repos/{owner}/{repo}/${kind}/{ref}`, { ref: "archived" });
    expect(response.status).toBe(302);
    const file = await fetch(response.headers.get("location") ?? "");
    const folder = `acme-model-${sha.slice(0, 7)}`;
    expect(file.headers.get("content-disposition")).toBe(`attachment; filename=${folder}.${extension}`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const names = kind === "zipball" ? Object.keys(unzipSync(bytes)) : gunzipSync(bytes).toString("latin1");
    expect(names).toContain(`${folder}/d/file.txt`);
  });

  test("of the default branch without a ref; none of a missing ref", async () => {
    const response = await bob.request("GET /repos/{owner}/{repo}/tarball");
    const main = (await hub.repository.git.resolve("main")) ?? "none";
    expect([response.status, response.headers.get("location")]).toEqual([302, expect.stringContaining(main)]);
    expect((await bob.request("GET /repos/{owner}/{repo}/tarball/{ref}", { ref: "none" })).status).toBe(404);
    expect((await fetch(`${hub.server.origin}/_codeload/acme/model/legacy.zip/none`)).status).toBe(404);
  });
});

test("an empty repository has no commits to list", async () => {
  const owner = createAccount(hub.world, { login: "empty" });
  await createRepository(hub.world, { owner, name: "repo" });
  const response = await hub.as("empty").request(LIST, { owner: "empty", repo: "repo" });
  expect([response.status, response.body.message]).toEqual([409, "Git Repository is empty."]);
});
