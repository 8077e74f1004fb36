import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { createWorkspaceFiles } from "./create-workspace-files.ts";
import { digestOf } from "./digest.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

let outside: string;
let workspace: string;
let files: WorkspaceFiles;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "files-"));
  workspace = join(outside, "workspace");
  for (const folder of ["data/nested", ".git", "node_modules/x"])
    mkdirSync(join(workspace, folder), { recursive: true });
  const contents = {
    "data/b.csv": "b",
    "data/a.csv": "a",
    "data/nested/c.csv": "c",
    ".git/x.csv": "",
    "node_modules/x/y.csv": "",
  };
  for (const [path, text] of Object.entries(contents)) writeFileSync(join(workspace, path), text);
  writeFileSync(join(outside, "secret.txt"), "secret");
  files = createWorkspaceFiles(workspace);
  return () => rmSync(outside, { recursive: true });
});

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => (error instanceof ActionError ? (error.problems[0]?.code ?? "") : String(error)),
  );

describe("reading", () => {
  test("text, chunks, existence and digests", async () => {
    expect(await files.readText("data/a.csv")).toBe("a");
    expect(await files.exists("data/a.csv")).toBe(true);
    expect(await files.exists("data/none.csv")).toBe(false);
    const big = Buffer.alloc(300_000, "x");
    writeFileSync(join(workspace, "big"), big);
    expect(await files.digestFile("big")).toEqual({ path: "big", bytes: 300_000, digest: digestOf(big) });
    let chunks = 0;
    for await (const _ of files.stream("big")) chunks += 1;
    expect(chunks).toBeGreaterThan(1);
  });

  test("a byte order mark is not part of the text", async () => {
    writeFileSync(join(workspace, "bom"), "\uFEFFa");
    expect(await files.readText("bom")).toBe("a");
  });

  test.each<BufferEncoding>(["utf-8", "utf16le"])("text in %s, as its byte order mark says", async (encoding) => {
    writeFileSync(join(workspace, "marked"), "\uFEFFmaß,1\r\n", encoding);
    expect(await files.readText("marked")).toBe("maß,1\r\n");
  });

  test("UTF-16 with the higher byte first", async () => {
    writeFileSync(join(workspace, "marked"), Buffer.from("\uFEFFmaß", "utf16le").swap16());
    expect(await files.readText("marked")).toBe("maß");
  });

  test.each<[string, () => void, string, string]>([
    [
      "half of UTF-16",
      () => writeFileSync(join(workspace, "half"), Buffer.from([0xff, 0xfe, 0x41])),
      "half",
      "file-not-utf8",
    ],
    ["a file that does not exist", () => {}, "none.csv", "file-missing"],
    ["a file as a folder", () => {}, "data/a.csv/x", "file-missing"],
    ["a folder", () => {}, "data", "not-a-file"],
    ["a pipe, which would never end", () => execFileSync("mkfifo", [join(workspace, "pipe")]), "pipe", "not-a-file"],
    ["a file that is too large", () => writeFileSync(join(workspace, "big"), "x".repeat(101)), "big", "file-too-large"],
    [
      "a file that is not UTF-8",
      () => writeFileSync(join(workspace, "latin"), Buffer.from([0xe9])),
      "latin",
      "file-not-utf8",
    ],
    ["a path up", () => {}, "../secret.txt", "file-outside-workspace"],
    ["an absolute path", () => {}, "/etc/passwd", "file-outside-workspace"],
    [
      "a link to a file outside",
      () => symlinkSync("../secret.txt", join(workspace, "link")),
      "link",
      "file-outside-workspace",
    ],
    [
      "a link to a folder outside",
      () => symlinkSync("..", join(workspace, "up")),
      "up/secret.txt",
      "file-outside-workspace",
    ],
    ["a link to itself", () => symlinkSync("loop", join(workspace, "loop")), "loop", "file-unreadable"],
  ])("%s is refused with a code", async (_, prepare, path, code) => {
    prepare();
    expect(await codeOf(files.readText(path, 100))).toBe(code);
  });

  test("a link inside the workspace is followed", async () => {
    symlinkSync("data/a.csv", join(workspace, "link"));
    expect(await files.readText("link")).toBe("a");
  });
});

describe("writing", () => {
  test("creates folders, replaces, and leaves no other files", async () => {
    await files.write("out/deep/record.json", "1");
    await files.write("out/deep/record.json", "2");
    expect(readFileSync(join(workspace, "out/deep/record.json"), "utf8")).toBe("2");
    expect(readdirSync(join(workspace, "out/deep"))).toEqual(["record.json"]);
  });

  test.each<[string, () => void, string, string]>([
    ["a path up", () => {}, "../x", "file-outside-workspace"],
    [
      "in a linked folder outside",
      () => symlinkSync("..", join(workspace, "up")),
      "up/new/x",
      "file-outside-workspace",
    ],
    ["onto a folder", () => {}, "data", "not-a-file"],
    ["below a file", () => {}, "data/a.csv/x", "file-unwritable"],
  ])("%s is refused, and nothing is left half-written", async (_, prepare, path, code) => {
    prepare();
    const before = readdirSync(outside, { recursive: true });
    expect(await codeOf(files.write(path, "x"))).toBe(code);
    expect(readdirSync(outside, { recursive: true })).toEqual(before);
  });

  test("a link to a file outside is replaced, not followed", async () => {
    symlinkSync("../secret.txt", join(workspace, "link"));
    await files.write("link", "new");
    expect(readFileSync(join(outside, "secret.txt"), "utf8")).toBe("secret");
    expect(await files.readText("link")).toBe("new");
  });
});

describe("listing", () => {
  test.each<[readonly string[], readonly string[]]>([
    [["data/*.csv"], ["data/a.csv", "data/b.csv"]],
    [
      ["data/b.csv", "data/*.csv"],
      ["data/a.csv", "data/b.csv"],
    ],
    [["**/*.csv"], ["data/a.csv", "data/b.csv", "data/nested/c.csv"]],
    [["./data/{a,b}.csv"], ["data/a.csv", "data/b.csv"]],
    [["data/*"], ["data/a.csv", "data/b.csv", "data/nested/c.csv"]],
  ])("%j", async (patterns, found) => {
    expect(await files.list(patterns)).toEqual(found);
  });

  test("a name that looks like a pattern is a name when the file exists", async () => {
    writeFileSync(join(workspace, "data/[1].csv"), "");
    expect(await files.list(["data/[1].csv"])).toEqual(["data/[1].csv"]);
  });

  test.each([
    ["nothing", ["data/*.csv", "none/*.csv"], "no-files"],
    ["only empty folders", ["data/nest*/*.csv/*"], "no-files"],
    ["files outside the workspace", ["../*.txt"], "file-outside-workspace"],
  ])("a pattern that matches %s is refused", async (_, patterns, code) => {
    expect(await codeOf(files.list(patterns))).toBe(code);
  });

  test("a link to a file outside is refused, not skipped", async () => {
    symlinkSync("../../secret.txt", join(workspace, "data/z.csv"));
    expect(await codeOf(files.list(["data/*.csv"]))).toBe("file-outside-workspace");
  });
});
