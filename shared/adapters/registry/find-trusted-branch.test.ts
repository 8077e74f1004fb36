import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestClient } from "../github/testing.ts";
import { findTrustedBranch } from "./find-trusted-branch.ts";

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
});
afterAll(() => hub.close());
const find = (commit: string, ...releases: readonly string[]) =>
  findTrustedBranch(createTestClient(hub), commit, releases);
const headOf = async (branch: string): Promise<string> =>
  (await hub.repository.git.resolve(`refs/heads/${branch}`)) ?? expect.fail(`there is no ${branch}`);

test("is the default branch for what it contains, also when that is not its newest commit", async () => {
  const before = await headOf("main");
  expect(await find(before)).toBe("refs/heads/main");
  await hub.push({ files: { "c.txt": "c" } });
  expect(await find(before)).toBe("refs/heads/main");
});

test("is a release branch of the policy for what only that contains", async () => {
  const fix = await hub.push({ branch: "release/1", files: { "b.txt": "b" } });
  await hub.push({ branch: "release/2", files: { "d.txt": "d" } });
  expect(await find(fix)).toBeUndefined();
  expect(await find(fix, "release/*")).toBe("refs/heads/release/1");
  expect(await find(fix, "release/1")).toBe("refs/heads/release/1");
  expect(await find(fix, "release/2", "re?", "*")).toBeUndefined();
});

test("is none for another branch, a tag with the name of the default branch, or a commit that is not there", async () => {
  const other = await hub.push({ branch: "next", files: { "e.txt": "e" } });
  await hub.repository.git.createRef("refs/tags/main", other);
  expect(await find(other)).toBeUndefined();
  expect(await find("f".repeat(40), "**")).toBeUndefined();
});
