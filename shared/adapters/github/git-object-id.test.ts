/** Compared with git itself. */
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blobId, commitIds, tagIds, treeId } from "./git-object-id.ts";

const repository = mkdtempSync(join(tmpdir(), "objects-"));
const by = { name: "mlops-actions", email: "mlops@example.com", date: "2026-06-15T12:00:00.789Z" };
const env = {
  ...process.env,
  ...{ GIT_AUTHOR_NAME: by.name, GIT_AUTHOR_EMAIL: by.email, GIT_AUTHOR_DATE: "2026-06-15T12:00:00Z" },
  ...{ GIT_COMMITTER_NAME: by.name, GIT_COMMITTER_EMAIL: by.email, GIT_COMMITTER_DATE: "2026-06-15T12:00:00Z" },
};
const git = (input: string, ...args: readonly string[]): string =>
  execFileSync("git", args, { cwd: repository, env, input, encoding: "utf8" }).trim();

test("blob, tree, commit and tag have the names that git gives them", () => {
  git("", "init", "--quiet");
  const text = '{"a": "\u00fc"}\n';
  const blob = git(text, "hash-object", "-w", "--stdin");
  const tree = git(`100644 blob ${blob}\tledger.jsonl\n`, "mktree");
  const first = git("One\n", "commit-tree", tree);
  const second = git("Two\n\nMore \u00fc\n", "commit-tree", tree, "-p", first);
  const tagger = `${by.name} <${by.email}> ${Date.parse("2026-06-15T12:00:00Z") / 1000} +0000`;
  const tag = git(`object ${second}\ntype commit\ntag a@v1\ntagger ${tagger}\n\nTag\n`, "mktag");

  expect(blobId(text)).toBe(blob);
  expect(treeId("ledger.jsonl", blob)).toBe(tree);
  expect(commitIds({ tree, parents: [], by, message: "One" })).toContain(first);
  expect(commitIds({ tree, parents: [], by, message: "One\n" })).toContain(first);
  expect(commitIds({ tree, parents: [first], by, message: "Two\n\nMore \u00fc" })).toContain(second);
  expect(commitIds({ tree, parents: [], by, message: "Two\n\nMore \u00fc" })).not.toContain(second);
  expect(tagIds({ commit: second, name: "a@v1", by, message: "Tag" })).toContain(tag);
});
