import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestClient } from "../github/testing.ts";
import { findDemandedSubject } from "./find-demanded-subject.ts";

let github: LocalGitHub;
const pulls: Record<string, { readonly number: number; readonly head: string; readonly base: string }> = {};

beforeAll(async () => {
  github = await startLocalGitHub({ files: { a: "a" } });
  const base = (await github.repository.git.resolve("refs/heads/main")) ?? "";
  await github.push({ branch: "next", files: { b: "b" } });
  for (const [name, into] of [
    ["change", "main"],
    ["stacked", "next"],
  ] as const) {
    const head = await github.push({ branch: name, files: { [name]: name } });
    pulls[name] = { number: (await github.openPullRequest({ head: name, base: into })).number, head, base };
  }
  // The branch moves on: what counts is where the change left it.
  await github.push({ files: { a: "newer" } });
});
afterAll(() => github.close());

const find = (name: string, payload: object, commit: string) =>
  findDemandedSubject(createTestClient(github), { event: { name, payload: payload as never } }, commit);

test.each(["issue_comment", "pull_request_target"])(
  "on %s the head itself is judged, against where it left the branch",
  async (name) => {
    const { number = 0, head = "", base = "" } = pulls["change"] ?? {};
    const payload = name === "issue_comment" ? { issue: { number, pull_request: {} } } : { pull_request: { number } };
    expect(await find(name, payload, head)).toEqual({
      ...{ judged: head, head, branch: "main", base: { commit: base, branch: "main" } },
    });
  },
);

test.each<[string, () => Promise<unknown>, string]>([
  [
    "a commit that is not the head any more",
    () => find("pull_request_target", { pull_request: { number: pulls["change"]?.number } }, "f".repeat(40)),
    "gate-stale",
  ],
  [
    "a pull request into another branch",
    () =>
      find("pull_request_target", { pull_request: { number: pulls["stacked"]?.number } }, pulls["stacked"]?.head ?? ""),
    "gate-stale",
  ],
  [
    "an event of the change's own workflow",
    () => find("pull_request", { pull_request: { number: pulls["change"]?.number } }, pulls["change"]?.head ?? ""),
    "gate-event",
  ],
  ["a comment on an issue", () => find("issue_comment", { issue: { number: 1 } }, "f".repeat(40)), "gate-event"],
  ["a push", () => find("push", {}, "f".repeat(40)), "gate-event"],
])("%s is refused", async (_, judge, code) => {
  await expect(judge()).rejects.toThrow(code);
});
