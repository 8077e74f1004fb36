import { createHash } from "node:crypto";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { temporaryFolder, writeFiles } from "../testing.ts";
import { hashFiles } from "./hash-files.ts";

const workspace = temporaryFolder();
const FILES = {
  "a.txt": "1",
  "b.txt": "2",
  "sub/a.txt": "3",
  "sub/deep/c.lock": "4",
  ".hidden/d.lock": "5",
  "a[1].x": "6",
};
writeFiles(workspace, FILES);
symlinkSync(join(workspace, "sub"), join(workspace, "link"));
afterAll(() => rmSync(workspace, { recursive: true }));

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest();

/** By the definition: the digest of the digests, in the order of the paths. */
function expected(...contents: readonly string[]): string {
  return contents.length === 0 ? "" : sha256(Buffer.concat(contents.map(sha256))).toString("hex");
}

test.each([
  [["a.txt"], ["1"]],
  [["*.txt"], ["1", "2"]],
  [["?.txt"], ["1", "2"]],
  [["[ab].txt"], ["1", "2"]],
  [["[!a].txt"], ["2"]],
  [["**/*.txt"], ["1", "2", "3"]],
  [["**/*.lock"], ["5", "4"]],
  [["sub"], ["3", "4"]],
  [["sub/"], ["3", "4"]],
  [["./sub/*"], ["3", "4"]],
  [["sub/**"], ["3", "4"]],
  [
    ["b.txt", "a.txt"],
    ["1", "2"],
  ],
  [["*.txt\n!a.txt"], ["2"]],
  [
    ["!a.txt", "*.txt"],
    ["1", "2"],
  ],
  [["# a comment", "a.txt"], ["1"]],
  [["nothing*"], []],
  [["../nothing*"], []],
  [["a+.txt"], []],
  [["link/**"], []],
  [
    ["--follow-symbolic-links", "link/**"],
    ["3", "4"],
  ],
])("%j", (patterns, contents) => {
  expect(hashFiles(workspace, patterns)).toBe(expected(...contents));
});

test("an option that does not exist is rejected", () => {
  expect(() => hashFiles(workspace, ["--follow", "a"])).toThrow("Invalid glob option --follow");
});

test("followed links that lead nowhere, or back to a folder above them, are skipped", () => {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFiles(folder, { "sub/a.txt": "1" });
  symlinkSync(join(folder, "missing"), join(folder, "sub/dangling.txt"));
  symlinkSync(folder, join(folder, "sub/back"));
  expect(hashFiles(folder, ["--follow-symbolic-links", "**/*.txt"])).toBe(expected("1"));
  expect(() => hashFiles(folder, ["**/*.txt"])).toThrow("ENOENT");
});
