import { execFileSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import picomatch from "picomatch";
import { beforeEach, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { coverPatterns } from "./cover-patterns.ts";
import { walkFolder } from "./walk-folder.ts";

let outside: string;
let workspace: string;
beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "cover-")));
  workspace = join(outside, "workspace");
  mkdirSync(workspace);
  writeFileSync(join(outside, "secret.csv"), "");
  return () => rmSync(outside, { recursive: true });
});

/** `path` makes a file, `path -> target` a link. */
function make(...entries: readonly string[]): void {
  for (const entry of entries) {
    const [path = "", target] = entry.split(" -> ");
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    if (target === undefined) writeFileSync(join(workspace, path), path);
    else symlinkSync(target, join(workspace, path));
  }
}

const cover = async (...patterns: readonly string[]) => (await coverPatterns(workspace, patterns)).paths;
const problemOf = (...patterns: readonly string[]): Promise<string> =>
  coverPatterns(workspace, patterns).then(
    ({ paths }) => paths.join(" "),
    (error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      const [problem] = error.problems;
      return `${problem?.code} ${problem?.place?.file ?? problem?.message}`;
    },
  );

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ["a linked folder", ["store/x.csv", "data/2024 -> ../store"], ["data/**"], ["data/2024/x.csv"]],
  ["a linked folder that the pattern names", ["store/x.csv", "in -> store"], ["in/*.csv"], ["in/x.csv"]],
  [
    "a linked file",
    ["blobs/w", "model/shard -> ../blobs/w", "model/c.json"],
    ["model/**"],
    ["model/c.json", "model/shard"],
  ],
  [
    "dotfiles",
    ["m/.tokenizer.json", "m/.d/x.json", "m/a.json"],
    ["m/**"],
    ["m/.d/x.json", "m/.tokenizer.json", "m/a.json"],
  ],
  ["dotfiles by *", ["m/.a.json", "m/b.json"], ["m/*.json"], ["m/.a.json", "m/b.json"]],
  ["a folder by its name", ["m/a", "m/d/b"], ["m"], ["m/a", "m/d/b"]],
  ["a folder with a slash", ["m/a", "m/d/b"], ["m/"], ["m/a", "m/d/b"]],
  ["the workspace", ["a", "d/b"], ["."], ["a", "d/b"]],
  ["everything", ["a", "d/b"], ["**"], ["a", "d/b"]],
  ["one file by three spellings", ["data/a.csv"], ["data/a.csv", "data//a.csv", "data/../data/a.csv"], ["data/a.csv"]],
  ["one file by its name and a link", ["data/a.csv", "data/b.csv -> a.csv"], ["data/*"], ["data/a.csv"]],
  ["one file by two links", ["store/a", "d/y -> ../store/a", "d/x -> ../store/a"], ["d/*"], ["d/x"]],
  ["one file by a link and, from elsewhere, its name", ["z/a", "d/x -> ../z/a"], ["d/*", "z/*"], ["z/a"]],
  ["a circle of links", ["d/a", "d/up -> ..", "d/self -> ."], ["d/**"], ["d/a"]],
  ["names that look like patterns", ["d/[1].csv", "d/2.csv"], ["d/[1].csv"], ["d/[1].csv"]],
  ["a name that is the pattern itself hides nothing", ["d/*.csv", "d/a.csv"], ["d/*.csv"], ["d/*.csv", "d/a.csv"]],
  ["a folder of that name neither", ["d/*.csv/x", "d/a.csv"], ["d/*.csv"], ["d/*.csv/x", "d/a.csv"]],
  ["a folder that the pattern matches", ["d/b.csv/part-0", "d/a.csv"], ["d/*.csv"], ["d/a.csv", "d/b.csv/part-0"]],
  ["what a circle of links shows under a matching name", ["d/a.csv", "d/loop -> ."], ["d/*/*.csv"], ["d/loop/a.csv"]],
  ["what a group repeats", ["d/a/a/a/b.csv", "d/a/b.csv"], ["d/+(a/)b.csv"], ["d/a/a/a/b.csv", "d/a/b.csv"]],
  ["characters beyond the first 65,536", ["d/😀.csv", "d/a.csv"], ["d/?.csv"], ["d/a.csv", "d/😀.csv"]],
  ["a range of numbers", ["d/1", "d/2", "d/10", "d/11"], ["d/{1..10}"], ["d/1", "d/10", "d/2"]],
  ["a range with leading zeros", ["d/1", "d/09", "d/10"], ["d/{09..10}"], ["d/09", "d/10"]],
  ["a range in steps, downwards", ["d/-1", "d/0", "d/1", "d/3"], ["d/{3..-1..-2}"], ["d/-1", "d/1", "d/3"]],
  ["a range of letters", ["d/a", "d/b", "d/c", "d/-"], ["d/{a..b}"], ["d/a", "d/b"]],
  ["a range in braces", ["d/a", "d/1", "d/2", "d/3"], ["d/{a,{1..2}}"], ["d/1", "d/2", "d/a"]],
  ["and without some of them", ["d/😀.csv", "d/b.csv"], ["d/[!b].csv"], ["d/😀.csv"]],
  ["only what lies so deep", ["d/a.csv", "d/e/b.csv"], ["d/*.csv"], ["d/a.csv"]],
  ["names with a line break", ["d/a\n::error::b", "d/c"], ["d/**"], ["d/a\n::error::b", "d/c"]],
  ["names with a line break by *", ["d/a\nb.csv", "d/c.csv"], ["d/*.csv"], ["d/a\nb.csv", "d/c.csv"]],
  ["a name that begins with !", ["!a", "b"], ["./!a"], ["!a"]],
  ["braces with folders", ["a/b/c", "x/c"], ["{a/b,x}/c"], ["a/b/c", "x/c"]],
  ["no git and no packages at the top", ["a", ".git/b", "node_modules/c", ".github/w"], ["**"], [".github/w", "a"]],
  ["folders of these names below", ["d/node_modules/c", "d/.git/b"], ["d/**"], ["d/.git/b", "d/node_modules/c"]],
  ["a file of such a name", ["node_modules", "a"], ["*"], ["a", "node_modules"]],
  [
    "packages that a group names",
    ["node_modules/c.csv", "x/b.csv"],
    ["{x,node_modules}/*.csv"],
    ["node_modules/c.csv", "x/b.csv"],
  ],
  ["less what is left out", ["d/a.csv", "d/b.csv"], ["d/*.csv", "!d/b.csv"], ["d/a.csv"]],
  ["less whole folders", ["d/a", "d/tmp/b", "d/tmp/c/d"], ["d/**", "!d/t*"], ["d/a"]],
  ["what a later pattern names again", ["d/a", "d/b"], ["d/*", "!d/b", "d/b"], ["d/a", "d/b"]],
  ["a name that looks like one", ["d/[a].csv", "d/a.csv"], ["d/*", "!d/[[]a].csv"], ["d/a.csv"]],
  ["what is left out under another name", ["d/a", "d/b", "e -> d"], ["d/a", "e/*", "!e/a"], ["d/a", "e/b"]],
  ["packages that are named", ["node_modules/p/c.json"], ["node_modules/p/*"], ["node_modules/p/c.json"]],
])("%s", async (_, entries, patterns, found) => {
  make(...entries);
  expect(await cover(...patterns)).toEqual(found);
});

test("a circle that leads above the pattern ends, and covers each file once", async () => {
  make("d/a", "e/b", "d/up -> ..");
  expect(await cover("d/**")).toEqual(["d/a", "d/up/e/b"]);
});

test("two names of one file on the disk are two files", async () => {
  make("a");
  linkSync(join(workspace, "a"), join(workspace, "b"));
  expect(await cover("*")).toEqual(["a", "b"]);
});

test("a pattern of which nothing is left covers none, and one that leaves nothing out is none", async () => {
  make("d/a", "e/b");
  const problem = await coverPatterns(workspace, ["d/*", "e/*", "!d/*"]).catch((error: Error) => error.message);
  expect(problem).toContain('no file matches "d/*"');
  expect((await coverPatterns(workspace, ["e/*", "!d/x"])).patterns).toEqual([
    { pattern: "e/*", paths: ["e/b"] },
    { pattern: "!d/x", paths: [] },
  ]);
});

test("no pattern covers nothing, and that is no error", async () => {
  make("a");
  expect(await coverPatterns(workspace, [])).toEqual({ paths: [], patterns: [] });
});

test("each pattern says what it covers", async () => {
  make("data/a.csv", "data/b.csv", "store/c.csv", "data/c.csv -> ../store/c.csv");
  expect((await coverPatterns(workspace, ["data/*", "store/*", "data/b.csv"])).patterns).toEqual([
    { pattern: "data/*", paths: ["data/a.csv", "data/b.csv", "store/c.csv"] },
    { pattern: "store/*", paths: ["store/c.csv"] },
    { pattern: "data/b.csv", paths: ["data/b.csv"] },
  ]);
});

describe("what cannot be covered is named", () => {
  test.each<[readonly string[], string, string]>([
    [["d/a", "d/out -> ../../secret.csv"], "d/*", "file-outside-workspace d/out"],
    [["d/a", "d/out -> ../.."], "d/**", "file-outside-workspace d/out"],
    [["out -> .."], "out/*.csv", "file-outside-workspace out"],
    [["d/a", "d/gone -> nothing"], "d/*", "link-broken d/gone"],
    [["gone -> nothing"], "gone", "link-broken gone"],
    [["d/a", "d/loop -> loop"], "d/*", "link-broken d/loop"],
    [["a"], "!a", "no-files"],
    [["a"], "!../a", "file-outside-workspace"],
    [["a"], "../*.csv", "file-outside-workspace"],
    [["a"], "/etc/*", "file-outside-workspace"],
    [["a"], "C:/x", "file-outside-workspace"],
    [["d/a"], "d/*.csv", "no-files"],
    [["d/nested/a"], "d/nest*/b", "no-files"],
    [["d/a.csv", "d/2024 -> ../missing"], "d/**/*.csv", "link-broken d/2024"],
    [["d/a.csv", "d/out.csv -> ../../.."], "d/*.csv", "file-outside-workspace d/out.csv"],
    [["a/b/c.csv"], "{p,a/b,c/../x}/*.csv", "file-outside-workspace"],
    [["d/a.csv", "d/s/b.csv"], "d/{.,s}/*.csv", "file-outside-workspace"],
    [["d/1"], "d/{1..100000000}", "pattern-range"],
    [["d/1"], "d/{1..x}", "pattern-range"],
    [["d/a"], "d/*-*-*-*.csv", "pattern-too-complex"],
    [["d/a"], "d/+(+(a)/)b", "pattern-too-complex"],
    [["d/a"], `d/*${"x".repeat(5_000)}`, "pattern-too-complex"],
    [["a"], "none/*.csv", "no-files"],
    [["a"], "none.csv", "no-files"],
  ])("%j, %s", async (entries, pattern, expected) => {
    make(...entries);
    const problem = await problemOf(pattern);
    const [code = "", file = ""] = expected.split(" ");
    expect(problem).toMatch(new RegExp(`^${code} `));
    expect(problem).toContain(file);
  });

  test("what does not match may lead anywhere", async () => {
    make("d/a.csv", "d/out -> ../../secret.csv", "d/gone -> nothing", "e/out -> ../..");
    expect(await cover("d/*.csv")).toEqual(["d/a.csv"]);
  });

  test("a pipe and a socket, and links to them", async () => {
    make("d/a");
    execFileSync("mkfifo", [join(workspace, "d/pipe")]);
    expect(await problemOf("d/*")).toBe("not-a-file d/pipe");
    expect(await problemOf("d/pipe")).toBe("not-a-file d/pipe");
    make("e/link -> ../d/pipe");
    expect(await problemOf("e/*")).toBe("not-a-file e/link");
  });

  test("links that multiply", async () => {
    make("d/0/a");
    for (let level = 1; level < 20; level++) make(`d/${level}/x -> ../${level - 1}`, `d/${level}/y -> ../${level - 1}`);
    const walk = { path: "d/19", pattern: "d/19/**", maxDepth: 99, isMatch: () => true, maxFolders: 1_000 };
    await expect(walkFolder(workspace, walk)).rejects.toThrow(
      /leads through more than 1,000 folders.*too-many-folders/,
    );
  });
});

test("a name that is not UTF-8 is an error, also beside the name it looks like", async () => {
  make("d/\uFFFD.csv", "e/a.csv");
  expect(await cover("d/*.csv")).toEqual(["d/\uFFFD.csv"]);
  for (const folder of ["d", "e"]) {
    writeFileSync(
      Buffer.concat([Buffer.from(join(workspace, folder, "/")), Buffer.from([0xff]), Buffer.from(".csv")]),
      "",
    );
    expect(await problemOf(`${folder}/*.csv`)).toBe(`name-not-utf8 ${folder}/\uFFFD.csv`);
  }
});

test("patterns are relative to a folder, whose name is only a name", async () => {
  make("t*/a.csv", "tr/a.csv", "run (1)/m/b", "run{1,2}/m/b");
  const below = async (folder: string, pattern: string) => (await coverPatterns(workspace, [pattern], folder)).paths;
  expect(await below("t*", "*.csv")).toEqual(["t*/a.csv"]);
  expect(await below("run (1)", "m/**")).toEqual(["run (1)/m/b"]);
  expect(await below("run{1,2}", "m")).toEqual(["run{1,2}/m/b"]);
  await expect(below("x*", "*.csv")).rejects.toThrow("no-files");
});

test("a workspace that is gone is said", async () => {
  await expect(coverPatterns(join(workspace, "gone"), ["a"])).rejects.toThrow("workspace-missing");
});

test("in random trees, every file that a path leads to is covered once", async () => {
  const name = fc.constantFrom("a", "b", ".c", "d.csv", "e.csv");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
  const link = fc.tuple(path, path);
  const pattern = fc.constantFrom("**", "**/*.csv", "a/**", "*", "*/*", "{a,b}/**/*.csv", "b/**", ".c/**");
  let trees = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(path, { maxLength: 8 }),
      fc.array(link, { maxLength: 4 }),
      pattern,
      async (files, links, glob) => {
        trees += 1;
        const tree = join(workspace, `tree-${trees}`);
        mkdirSync(tree);
        for (const file of files) attempt(() => create(join(tree, file), (at) => writeFileSync(at, "")));
        for (const [at, to] of links)
          attempt(() => create(join(tree, at), (made) => symlinkSync(join(tree, to), made)));
        const expected = listNaively(tree, glob);
        const covered = await coverPatterns(tree, [glob]).then(
          ({ paths }) => paths.map((found) => realpathSync(join(tree, found))),
          (error: ActionError) => error.problems[0]?.code,
        );
        if (expected === "broken") expect(covered).toBe("link-broken");
        else if (expected.length === 0) expect(covered).toBe("no-files");
        else expect([...(covered as string[])].sort()).toEqual(expected);
      },
    ),
    { numRuns: 300, seed: 7 },
  );
}, 60_000);

function create(path: string, how: (path: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  how(path);
}

/** Two random entries may be in each other's way. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!/^(?:EEXIST|EISDIR|ENOTDIR|ELOOP|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

/** Every path that leads to a file, through each folder at most twice, if the pattern matches it or a folder above it. */
function listNaively(tree: string, glob: string): readonly string[] | "broken" {
  const { base } = picomatch.scan(glob);
  const matches = picomatch(glob, { dot: true });
  const isBelow = (path: string): boolean => base === "" || path.startsWith(`${base}/`);
  const isMeant = (path: string): boolean => path !== "." && isBelow(path) && (matches(path) || isMeant(dirname(path)));
  const mayLeadOn = (path: string): boolean =>
    isBelow(path) && (/\*\*|\{/.test(glob) || path.split("/").length < glob.split("/").length);
  const found = new Set<string>();
  let broken = false;
  const visit = (folder: string, within: readonly string[]): void => {
    for (const entry of readdirSync(folder)) {
      const at = join(folder, entry);
      const path = relative(tree, at);
      const stats = statOf(at);
      if (stats === undefined) broken ||= isMeant(path) || mayLeadOn(path) || path === base;
      else if (stats.isFile()) isMeant(path) && found.add(realpathSync(at));
      else if (within.filter((real) => real === realpathSync(at)).length < 2) visit(at, [...within, realpathSync(at)]);
    }
  };
  visit(tree, [realpathSync(tree)]);
  return broken ? "broken" : [...found].sort();
}

/** `undefined` for a link that leads nowhere, or to itself. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
