import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertGitVersion } from "./git-version.ts";
import { isRefName } from "./ref-name.ts";
import { gitEnvironment } from "./run-git.ts";
import { createTemporaryRepository, type TemporaryRepository } from "./temporary-repository.ts";

let temporary: TemporaryRepository;
let first: string;
let second: string;
beforeAll(async () => {
  temporary = await createTemporaryRepository();
  first = await temporary.commit({ a: "1" });
  second = await temporary.commit({ a: "2" }, [first], 1_700_000_100);
});
afterAll(() => temporary[Symbol.asyncDispose]());

test("of many who create the same ref concurrently, one succeeds", async () => {
  const { git, gitOutput } = temporary;
  const made = await Promise.all(Array.from({ length: 12 }, () => git.createRef("refs/heads/once", first)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await gitOutput(["rev-parse", "refs/heads/once"])).toBe(first);
});

test("a ref moves only from the expected commit, and is deleted only once", async () => {
  const { git } = temporary;
  await git.createRef("refs/heads/moves", first);
  const moved = await Promise.all(Array.from({ length: 6 }, () => git.updateRef("refs/heads/moves", second, first)));
  expect(moved.filter(Boolean)).toHaveLength(1);
  expect(await git.ref("refs/heads/moves")).toEqual({ name: "refs/heads/moves", sha: second, type: "commit" });
  expect(await git.updateRef("refs/heads/none", second, first)).toBe(false);
  expect([await git.deleteRef("refs/heads/moves"), await git.deleteRef("refs/heads/moves")]).toEqual([true, false]);
  await expect(git.createRef("refs/heads/a..b", first)).rejects.toThrow("is not a valid ref name");
});

test("refs are found whether loose or packed, and listed by any prefix of their names", async () => {
  const { git, gitOutput } = temporary;
  for (const name of ["refs/heads/list-a", "refs/heads/list-b/c", "refs/tags/list"]) await git.createRef(name, first);
  await gitOutput(["pack-refs", "--all"]);
  await git.createRef("refs/heads/list-new", second);
  expect((await git.refs("refs/heads/list")).map(({ name }) => name)).toEqual([
    "refs/heads/list-a",
    "refs/heads/list-b/c",
    "refs/heads/list-new",
  ]);
  expect((await git.ref("refs/heads/list-b/c"))?.sha).toBe(first);
  expect(await git.ref("refs/heads/list-b")).toBeUndefined();
  expect(await git.refs("refs/nothing/")).toEqual([]);
});

test("refs written by another git process are seen at once, with the same result as in git", async () => {
  await using fresh = await createTemporaryRepository();
  const { git, gitOutput } = fresh;
  const [one, two] = [await fresh.commit({ a: "1" }), await fresh.commit({ a: "2" })];
  const agree = async (): Promise<void> => {
    const lines = (await git.refs("")).map(({ sha, type, name }) => `${sha} ${type} ${name}`);
    expect(lines.join("\n")).toBe(await gitOutput(["for-each-ref", "--format=%(objectname) %(objecttype) %(refname)"]));
    for (const ref of await git.refs("")) expect(await git.ref(ref.name)).toEqual(ref);
  };
  const steps = [
    ["update-ref", "refs/heads/b/é", one],
    ["tag", "-a", "-m", "v", "v1", one],
    ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/b/é"],
    ["symbolic-ref", "refs/remotes/origin/nowhere", "refs/heads/none"],
    ["symbolic-ref", "refs/remotes/origin/circle", "refs/remotes/origin/circle"],
    ["pack-refs", "--all"],
    ["update-ref", "refs/heads/b/é", two],
    ["update-ref", "refs/heads/b-c", two],
    ["update-ref", "-d", "refs/heads/b/é"],
    ["update-ref", "refs/heads/b", one],
  ];
  const env = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };
  for (const step of steps) {
    await gitOutput(step, { env });
    await agree();
  }
  expect(await git.refs("")).toHaveLength(3);
});

test("names are valid exactly when they are for git check-ref-format", async () => {
  const parts = fc.constantFrom(
    "a",
    "B",
    ".",
    "..",
    "x.lock",
    "@{",
    "@",
    " ",
    "~",
    "^1",
    ":",
    "?",
    "*",
    "[",
    "\\",
    "é",
    "-",
    "lock",
  );
  const names = fc.array(
    fc.array(parts, { maxLength: 3 }).map((all) => all.join("")),
    { maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(names, async (middle) => {
      const name = ["refs", "heads", ...middle].join("/");
      const byGit = await promisify(execFile)("git", ["check-ref-format", name], { env: gitEnvironment() }).then(
        () => true,
        () => false,
      );
      // git would accept `refs/heads` too, which is not a branch.
      expect(isRefName(name)).toBe(byGit && middle.length > 0);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("revisions: branch before tag, short SHAs, steps to parents, and no searches", async () => {
  const { git } = temporary;
  await git.createRef("refs/heads/both", second);
  await git.createRef("refs/tags/both", first);
  const person = { name: "Ada", email: "ada@example.com", date: new Date(1e12) };
  const tag = await git.writeTag({ tag: "v1", object: first, type: "commit", tagger: person, message: "one" });
  await git.createRef("refs/tags/v1", tag);
  await git.createRef("refs/heads/main", second);
  const table: [string, string | undefined][] = [
    ["both", second],
    ["tags/both", first],
    ["heads/both", second],
    ["refs/tags/both", first],
    ["v1", first],
    [tag, first],
    ["HEAD", second],
    [second.slice(0, 8), second],
    [second.toUpperCase(), second],
    ["both^", first],
    ["main~1", first],
    ["main~2", undefined],
    ["none", undefined],
    ["", undefined],
    [":/at", undefined],
    ["main:a", undefined],
    ["main@{0}", undefined],
    // git itself would parse this as the output of `git describe` and find the commit.
    [`v9-1-g${second.slice(0, 10)}`, undefined],
    ["refs/heads/main\nrefs/heads/both", undefined],
  ];
  for (const [revision, expected] of table)
    expect([revision, await git.resolve(revision)]).toEqual([revision, expected]);
});

test("HEAD is the default branch, also before that has a commit, and can be another", async () => {
  await using fresh = await createTemporaryRepository();
  expect(await fresh.git.resolve("HEAD")).toBeUndefined();
  const sha = await fresh.commit({ a: "1" });
  await fresh.git.createRef("refs/heads/trunk", sha);
  await fresh.git.setHead("trunk");
  expect(await fresh.git.resolve("HEAD")).toBe(sha);
});

test.each(["git version 2.38.0", "git version 2.39.5 (Apple Git-154)", "git version 3.0.0"])(
  "%s is new enough",
  (output) => {
    expect(() => assertGitVersion(output)).not.toThrow();
  },
);

test.each(["git version 2.37.9", "git version 1.99.0", "nonsense"])("%s is rejected", (output) => {
  expect(() => assertGitVersion(output)).toThrow(/needs git 2\.38|has no version number/);
});
