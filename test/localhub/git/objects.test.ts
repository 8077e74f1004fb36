import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TreeChange } from "./git-repository.ts";
import { createTemporaryRepository, type TemporaryRepository } from "./temporary-repository.ts";
import { treePathError } from "./tree-edit.ts";

let temporary: TemporaryRepository;
beforeAll(async () => {
  temporary = await createTemporaryRepository();
});
afterAll(() => temporary[Symbol.asyncDispose]());

/** Few names, so that files and folders have the same paths. */
const paths = fc
  .array(fc.constantFrom("a", "a-b", "a.b", "ab", "B", "ü", "0"), { minLength: 1, maxLength: 3 })
  .map((names) => names.join("/"));
const runs = (numRuns: number) => ({ seed: 7, numRuns });

test("objects have the same SHAs as in git, and are valid for git", async () => {
  const { git, gitOutput } = temporary;
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const sha = await git.writeBlob(bytes);
      expect(sha).toBe(await gitOutput(["hash-object", "--stdin"], { input: bytes }));
      expect(await git.blob(sha)).toEqual(Buffer.from(bytes));
    }),
    runs(20),
  );
  await temporary.commit({ "a/b": "1", "a.b": "2", a0: "3", "ü/ö": "4" });
  expect(await gitOutput(["fsck", "--full", "--strict", "--no-dangling"])).toBe("");
});

test("commits and tags are read as they were written", async () => {
  const { git } = temporary;
  const text = fc.string({ unit: "grapheme", maxLength: 40 }).map((value) => value.replaceAll(/[<>\n\0]/g, "").trim());
  const people = fc.record({
    name: text,
    email: text,
    date: fc.date({ min: new Date(0), max: new Date("2099-01-01"), noInvalidDate: true }),
  });
  const whole = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);
  const tree = await git.writeTree(undefined, []);
  await fc.assert(
    fc.asyncProperty(people, people, fc.string({ unit: "grapheme" }), async (author, committer, message) => {
      const sha = await git.writeCommit({ tree, parents: [], author, committer, message });
      expect(await git.commit(sha)).toEqual({
        sha,
        tree,
        parents: [],
        author: { ...author, date: whole(author.date) },
        committer: { ...committer, date: whole(committer.date) },
        message: message.replaceAll("\0", "").replace(/\n$/, ""),
      });
      const tag = await git.writeTag({ tag: "v1", object: sha, type: "commit", tagger: author, message: "one" });
      expect(await git.tag(tag)).toMatchObject({ tag: "v1", object: sha, type: "commit", message: "one" });
    }),
    runs(40),
  );
});

test("a signature is read with its commit, and with the text it signs", async () => {
  const { git } = temporary;
  const person = { name: "Ada", email: "ada@example.com", date: new Date(1e12) };
  const unsigned = {
    tree: await git.writeTree(undefined, []),
    parents: [],
    author: person,
    committer: person,
    message: "m",
  };
  const payload = await temporary.gitOutput(["cat-file", "commit", await git.writeCommit(unsigned)]);
  const signature = "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----";
  const signed = await git.commit(await git.writeCommit({ ...unsigned, signature }));
  expect(signed?.signature).toEqual({ text: signature, payload: `${payload}\n` });
  expect(signed?.message).toBe("m");
});

test("applying changes to a tree gives the same tree as git's index", async () => {
  const { git, gitOutput, directory } = temporary;
  const change = fc.record({ path: paths, text: fc.option(fc.constantFrom("x", "y")) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 4 }), async (steps) => {
      const index = { env: { GIT_INDEX_FILE: `${directory}/index`, GIT_WORK_TREE: directory } };
      await gitOutput(["read-tree", "--empty"], index);
      let tree: string | undefined;
      for (const step of steps) {
        const changes = await Promise.all(
          step.map(async ({ path, text }): Promise<TreeChange> => {
            const sha = text === null ? null : await git.writeBlob(Buffer.from(text));
            return { path, mode: "100644", type: "blob", sha };
          }),
        );
        // Of changes at, above or below the same path only the first: git's index applies them one by one.
        const apart = changes.filter((one, at) => !changes.slice(0, at).some((two) => touches(one.path, two.path)));
        tree = await git.writeTree(tree, apart);
        for (const { path, sha } of apart) {
          const files = (await gitOutput(["ls-files", "--", `:(literal)${path}`], index)).split("\n");
          if (sha !== null)
            await gitOutput(["update-index", "--replace", "--add", "--cacheinfo", `100644,${sha},${path}`], index);
          else
            for (const file of files.filter(Boolean))
              await gitOutput(["update-index", "--force-remove", unquote(file)], index);
        }
        expect(tree).toBe(await gitOutput(["write-tree"], index));
      }
    }),
    runs(12),
  );
});

test.each(["", "/a", "a/", "a//b", ".", "a/../b", ".git/config", "a/.GIT", "a\0"])(
  "%j is not a valid path in a tree",
  async (path) => {
    expect(treePathError(path)).toBeDefined();
    const sha = await temporary.git.writeBlob(Buffer.from("x"));
    const writing = async () => temporary.git.writeTree(undefined, [{ path, mode: "100644", type: "blob", sha }]);
    await expect(writing()).rejects.toThrow("is not a valid path in a tree");
  },
);

test("a large tree is listed with the sizes of its files, folders before their content", async () => {
  const { git } = temporary;
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`d${i % 7}/f${i}`, "x".repeat(i)]));
  const sha = await temporary.commit(files);
  const entries = await git.tree(sha, { recursive: true });
  expect(entries).toHaveLength(507);
  expect(entries?.slice(0, 2)).toMatchObject([
    { path: "d0", type: "tree", size: undefined },
    { path: "d0/f0", type: "blob", size: 0 },
  ]);
  expect(await git.read(sha, "d3/f10")).toEqual(Buffer.from("x".repeat(10)));
  expect(await git.entryAt(sha, "d3/none")).toBeUndefined();
});

test("a text in place of a SHA is never treated as a search", async () => {
  const { git } = temporary;
  const sha = await temporary.commit({ a: "1" });
  await git.createRef("refs/heads/search", sha);
  for (const text of ["search", "search:a", "HEAD", sha.slice(0, 8), `${sha}\n${sha}`, ""]) {
    expect([await git.commit(text), await git.type(text), await git.tree(text), await git.blob(text)]).toEqual(
      Array(4).fill(undefined),
    );
  }
});

const touches = (one: string, other: string): boolean =>
  `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);

/** git quotes names that are not plain ASCII. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes = name
    .slice(1, -1)
    .replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString();
}
