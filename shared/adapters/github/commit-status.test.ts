import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommitStatus, readCommitStatus, writeCommitStatus } from "./commit-status.ts";
import { createTestClient } from "./testing.ts";

let github: LocalGitHub;
beforeAll(async () => {
  github = await startLocalGitHub({ files: { a: "a" } });
});
afterAll(() => github.close());

const status: CommitStatus = { context: "mlops/gate", state: "pending", description: "waiting", url: "https://run/1" };
const head = async (): Promise<string> => (await github.repository.git.resolve("refs/heads/main")) ?? "";

test("the newest status of a name is read, and others are not", async () => {
  const [client, sha] = [createTestClient(github), await head()];
  expect(await readCommitStatus(client, sha, "mlops/gate")).toBeUndefined();
  await writeCommitStatus(client, sha, status);
  await writeCommitStatus(client, sha, { ...status, context: "other", state: "success" });
  await writeCommitStatus(client, sha, { ...status, state: "failure", description: "é".repeat(200) });
  expect(await readCommitStatus(client, sha, "MLOPS/gate")).toEqual({
    ...status,
    state: "failure",
    description: "é".repeat(140),
  });
});

test.each(["before", "after"] as const)("a lost response (%s it took effect) is one status", async (when) => {
  const [client, sha] = [createTestClient(github), await head()];
  github.faults.next({ operation: "repos/create-commit-status" }, { kind: "reset", when });
  await writeCommitStatus(client, sha, { ...status, description: when });
  const { body } = await github.request("GET /repos/{owner}/{repo}/commits/{ref}/statuses", { ref: sha });
  expect(body.filter(({ description }: { description: string }) => description === when)).toHaveLength(1);
});
