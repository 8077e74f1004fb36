import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAction, parseEnvironment, parseNamedTexts, readNamedTexts } from "./cli-arguments.ts";

test("secrets and variables are from options and from a file", () => {
  expect(parseNamedTexts(["A=b", "C==d=", "E="], "--secret")).toEqual({ A: "b", C: "=d=", E: "" });
  expect(() => parseNamedTexts(["A"], "--var")).toThrow('--var takes NAME=text, and not "A"');
  const file = join(mkdtempSync(join(tmpdir(), "arguments-")), ".secrets");
  expect(readNamedTexts(file)).toEqual({});
  writeFileSync(file, "# a comment\nTOKEN=abc\nTEXT='two words'\n");
  expect(readNamedTexts(file)).toEqual({ TOKEN: "abc", TEXT: "two words" });
});

test("an environment has reviewers or none", () => {
  expect(parseEnvironment("production=alice,bob")).toEqual(["production", { reviewers: ["alice", "bob"] }]);
  expect(parseEnvironment("staging")).toEqual(["staging", {}]);
  expect(() => parseEnvironment("=alice")).toThrow("--environment takes");
});

test("an action is a repository at a tag, from a folder", () => {
  expect(parseAction("acme/mlops-actions@v1=/a/b=c")).toEqual({
    repository: "acme/mlops-actions",
    tag: "v1",
    folder: "/a/b=c",
  });
  for (const text of ["acme@v1=x", "acme/x=x", "acme/x@v1", "acme/x@v1="])
    expect(() => parseAction(text)).toThrow("--action takes");
  expect(() => parseAction(`acme/x@${"a".repeat(40)}=x`)).toThrow("name a tag");
});
