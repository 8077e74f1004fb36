import { lstat, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGitRepository } from "./bare-repository.ts";
import { EMPTY_TREE } from "./diff.ts";
import { gitEnvironment } from "./run-git.ts";
import { createTemporaryRepository, type TemporaryRepository } from "./temporary-repository.ts";

let temporary: TemporaryRepository;
beforeAll(async () => {
  temporary = await createTemporaryRepository();
});
afterAll(() => temporary[Symbol.asyncDispose]());

const LINES = Array.from({ length: 12 }, (_, i) => `line ${i}`).join("\n");

test("a diff has every kind of change, with patches that git can apply", async () => {
  const { git, gitOutput, directory } = temporary;
  const blob = (text: string) => git.writeBlob(Buffer.from(text));
  const base = await git.writeTree(undefined, [
    { path: "gone", mode: "100644", type: "blob", sha: await blob("diff --git a/x b/x\n@@ -1 +1 @@\n") },
    { path: "kept", mode: "100644", type: "blob", sha: await blob("same\n") },
    { path: "old name", mode: "100644", type: "blob", sha: await blob(LINES) },
    { path: "image", mode: "100644", type: "blob", sha: await blob("a\0b") },
    { path: "tool", mode: "100644", type: "blob", sha: await blob("run\n") },
    { path: "link", mode: "120000", type: "blob", sha: await blob("kept") },
    { path: "text\twith\ttabs", mode: "100644", type: "blob", sha: await blob("1\n2\n3\n") },
  ]);
  const head = await git.writeTree(base, [
    { path: "gone", mode: "100644", type: "blob", sha: null },
    { path: "old name", mode: "100644", type: "blob", sha: null },
    { path: "new/näme", mode: "100644", type: "blob", sha: await blob(`${LINES}\nmore`) },
    { path: "image", mode: "100644", type: "blob", sha: await blob("a\0c") },
    { path: "tool", mode: "100755", type: "blob", sha: await blob("run\n") },
    { path: "link", mode: "100644", type: "blob", sha: await blob("kept") },
    { path: "empty", mode: "100644", type: "blob", sha: await blob("") },
    { path: "text\twith\ttabs", mode: "100644", type: "blob", sha: await blob("1\n+2\n3\n") },
  ]);
  const changes = await git.diff(base, head);
  expect(
    changes.map(({ path, status, additions, deletions, previousPath }) => [
      path,
      status,
      additions,
      deletions,
      previousPath,
    ]),
  ).toEqual([
    ["empty", "added", 0, 0, undefined],
    ["gone", "removed", 0, 2, undefined],
    ["image", "modified", 0, 0, undefined],
    ["link", "changed", 0, 0, undefined],
    ["new/näme", "renamed", 2, 1, "old name"],
    ["text\twith\ttabs", "modified", 1, 1, undefined],
    ["tool", "modified", 0, 0, undefined],
  ]);
  const patch = new Map(changes.map((change) => [change.path, change.patch]));
  expect([patch.get("empty"), patch.get("image"), patch.get("tool")]).toEqual([undefined, undefined, undefined]);
  expect(patch.get("gone")).toBe("@@ -1,2 +0,0 @@\n-diff --git a/x b/x\n-@@ -1 +1 @@");
  expect(patch.get("text\twith\ttabs")).toBe("@@ -1,3 +1,3 @@\n 1\n-2\n+2\n 3".replace("+2", "++2"));
  expect(changes.find(({ path }) => path === "gone")?.sha).toBe(
    (await git.tree(base))?.find(({ path }) => path === "gone")?.sha,
  );

  const index = { env: { GIT_INDEX_FILE: `${directory}/applied`, GIT_WORK_TREE: directory } };
  await gitOutput(["read-tree", base], index);
  const text = `${await gitOutput(["diff", "--binary", base, head])}\n`;
  await gitOutput(["apply", "--cached"], { ...index, input: text });
  expect(await gitOutput(["write-tree"], index)).toBe(head);
  expect((await git.patchText(base, head, "diff")).toString()).toContain('rename to "new/n\\303\\244me"');
});

test("line counts and patches agree with each other for any two texts", async () => {
  const { git } = temporary;
  const text = fc
    .array(fc.constantFrom("a", "b", "-- x", "++ y", "@@ z", ""), { maxLength: 8 })
    .map((lines) => lines.join("\n"));
  await fc.assert(
    fc.asyncProperty(text, text, async (before, after) => {
      const [base, head] = await Promise.all([before, after].map((one) => temporary.commit({ file: one, other: "o" })));
      const [change] = await git.diff(base ?? "", head ?? "");
      const lines = change?.patch?.split("\n").filter((line) => !line.startsWith("@@ -")) ?? [];
      expect(lines.filter((line) => line.startsWith("+")).length).toBe(change?.additions ?? 0);
      expect(lines.filter((line) => line.startsWith("-")).length).toBe(change?.deletions ?? 0);
    }),
    { seed: 11, numRuns: 25 },
  );
});

test("history: merge base, ancestry, logs with a base, a path and a limit", async () => {
  const { git, gitOutput } = temporary;
  const root = await temporary.commit({ "a[1]": "1", b: "1" }, [], 1);
  const left = await temporary.commit({ "a[1]": "2" }, [root], 2);
  const right = await temporary.commit({ b: "2" }, [root], 3);
  const other = await temporary.commit({ c: "1" }, [], 4);
  expect([await git.mergeBase(left, right), await git.mergeBase(left, other)]).toEqual([root, undefined]);
  expect([
    await git.isAncestor(root, left),
    await git.isAncestor(left, right),
    await git.isAncestor(left, left),
  ]).toEqual([true, false, true]);
  const merge = await git.mergeTree(left, right);
  if (!merge.clean) throw new Error("must merge");
  const person = { name: "Ada", email: "ada@example.com", date: new Date(5000) };
  const tip = await git.writeCommit({
    tree: merge.tree,
    parents: [left, right],
    author: person,
    committer: person,
    message: "m",
  });
  const shas = async (options?: Parameters<typeof git.log>[1]) => (await git.log(tip, options)).map(({ sha }) => sha);
  expect(await shas()).toEqual((await gitOutput(["rev-list", tip])).split("\n"));
  expect(await shas({ base: left })).toEqual([tip, right]);
  expect(await shas({ path: "a[1]" })).toEqual([left, root]);
  expect(await shas({ limit: 1 })).toEqual([tip]);
  expect((await git.patchText(root, left, "mail")).toString()).toMatch(
    /^From [0-9a-f]{40} .*\n[\s\S]*Subject: \[PATCH\] at 2\n/,
  );
  expect((await git.patchText(EMPTY_TREE, root, "mail")).toString()).toContain("Subject: [PATCH] at 1\n");
});

test("merges without a work tree: clean, in conflict, and without common history", async () => {
  const { git } = temporary;
  const root = await temporary.commit({ a: "1\n", "sub/b": "1\n" });
  const [one, two] = await Promise.all([
    temporary.commit({ "sub/b": "2\n" }, [root]),
    temporary.commit({ "sub/b": "3\n" }, [root]),
  ]);
  expect(await git.mergeTree(one, two)).toEqual({ clean: false, conflicts: ["sub/b"] });
  expect(await git.mergeTree(one, await temporary.commit({ z: "" }))).toEqual({ clean: false, conflicts: [] });
  const three = await temporary.commit({ a: null, c: "new" }, [root]);
  const merged = await git.mergeTree(one, three);
  const paths = merged.clean ? (await git.tree(merged.tree, { recursive: true }))?.map(({ path }) => path) : [];
  expect(paths).toEqual(["c", "sub", "sub/b"]);
});

test("history is fetched from another repository, by ref and by SHA, tags with their objects", async () => {
  await using fork = await createTemporaryRepository();
  const { git } = temporary;
  const sha = await temporary.commit({ a: "fork" }, [await temporary.commit({ a: "base" })]);
  const person = { name: "Ada", email: "ada@example.com", date: new Date(1e12) };
  const tag = await git.writeTag({ tag: "f1", object: sha, type: "commit", tagger: person, message: "one" });
  await git.createRef("refs/tags/f1", tag);
  await fork.git.fetch(git, "refs/tags/f1");
  expect([await fork.git.type(tag), (await fork.git.log(sha)).length]).toEqual(["tag", 2]);
  const loose = await temporary.commit({ b: "on no branch" });
  await fork.git.fetch(git, loose);
  expect(await fork.git.type(loose)).toBe("commit");
  await expect(fork.git.fetch(git, "refs/heads/none")).rejects.toThrow('no revision "refs/heads/none"');
});

test("files are exported with their modes and links, or only one folder", async () => {
  const { git, directory } = temporary;
  const blob = (text: string) => git.writeBlob(Buffer.from(text));
  const tree = await git.writeTree(undefined, [
    { path: "bin/run", mode: "100755", type: "blob", sha: await blob("#!/bin/sh\n") },
    { path: "bin/link", mode: "120000", type: "blob", sha: await blob("run") },
    { path: "plain", mode: "100644", type: "blob", sha: await blob("text") },
    { path: "module", mode: "160000", type: "commit", sha: "1".repeat(40) },
  ]);
  const person = { name: "Ada", email: "ada@example.com", date: new Date(1e12) };
  const sha = await git.writeCommit({ tree, parents: [], author: person, committer: person, message: "m" });
  const whole = join(directory, "whole");
  await git.export(sha, whole);
  expect((await stat(join(whole, "bin/run"))).mode & 0o111).not.toBe(0);
  expect((await stat(join(whole, "plain"))).mode & 0o111).toBe(0);
  expect([await readlink(join(whole, "bin/link")), (await lstat(join(whole, "module"))).isDirectory()]).toEqual([
    "run",
    true,
  ]);
  await git.export(sha, join(directory, "part"), "bin");
  expect(await readFile(join(directory, "part/run"), "utf8")).toBe("#!/bin/sh\n");
  await expect(git.export(sha, directory, "none")).rejects.toThrow('no folder "none"');
});

test("an existing repository is opened, a folder without one is rejected", async () => {
  const { git, directory } = temporary;
  const sha = await temporary.commit({ a: "open" });
  await git.createRef("refs/heads/opened", sha);
  const again = await openGitRepository(git.directory);
  expect(await again.resolve("opened")).toBe(sha);
  again.close();
  await expect(openGitRepository(directory)).rejects.toThrow("no git repository");
});

test("reads work after the reading process was stopped", async () => {
  const { git } = temporary;
  const sha = await temporary.commit({ a: "again" });
  const reads = Array.from({ length: 50 }, () => git.read(sha, "a"));
  git.close();
  expect((await Promise.all(reads)).every((bytes) => bytes?.toString() === "again")).toBe(true);
  expect((await git.read(sha, "a"))?.toString()).toBe("again");
});

test("git does not see the machine's settings", () => {
  process.env["GIT_AUTHOR_NAME"] = "Mallory";
  try {
    const environment = gitEnvironment();
    expect(environment["GIT_AUTHOR_NAME"]).toBeUndefined();
    expect(environment).toMatchObject({ GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" });
  } finally {
    delete process.env["GIT_AUTHOR_NAME"];
  }
});

test("in any history, results equal those of git, the first time and again", async () => {
  await using fresh = await createTemporaryRepository();
  const { git, gitOutput } = fresh;
  const shas: string[] = [];
  // Each commit with its parents, so that there are roots, chains, forks, merges and merges of merges.
  const parents = [[], [0], [1], [1], [2, 3], [4], [], [5, 6], [3], [8, 2]];
  for (const [at, before] of parents.entries()) {
    const named = before.map((one) => shas[one] ?? "");
    shas.push(await fresh.commit({ [`file-${at}`]: `${at}` }, named, 1_700_000_000 + at));
  }
  for (const one of shas) {
    for (const other of shas) {
      const base = await gitOutput(["merge-base", one, other], { codes: [0, 1] });
      const list = (await gitOutput(["rev-list", other, `^${one}`])).split("\n").filter(Boolean);
      const bases = (await gitOutput(["merge-base", "--all", one, other], { codes: [0, 1] })).split("\n");
      for (const _ of ["first", "again"]) {
        const found = (await git.mergeBase(one, other)) ?? "";
        expect(bases).toContain(found);
        if (bases.length === 1) expect(found).toBe(base);
        expect(await git.isAncestor(one, other)).toBe(bases.includes(one));
        expect((await git.log(other, { base: one })).map(({ sha }) => sha)).toEqual(list);
        expect((await git.log(other, { base: one, limit: 1 })).map(({ sha }) => sha)).toEqual(list.slice(0, 1));
      }
    }
  }
});

test("failures are not cached: a missing commit may be added later", async () => {
  await using here = await createTemporaryRepository();
  await using there = await createTemporaryRepository();
  const one = await here.commit({ a: "1" });
  await there.commit({ a: "1" });
  const two = await there.commit({ a: "2" });
  await expect(here.git.mergeBase(two, two)).rejects.toThrow("git merge-base failed");
  await expect(here.git.log(two, { base: two })).rejects.toThrow("git rev-list failed");
  await expect(here.git.diff(one, two)).rejects.toThrow("git diff-tree failed");
  await here.git.fetch(there.git, two);
  expect(await here.git.mergeBase(two, two)).toBe(two);
  expect(await here.git.log(two, { base: two })).toEqual([]);
  expect((await here.git.diff(one, two)).map(({ path }) => path)).toEqual(["a"]);
});
