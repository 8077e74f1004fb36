import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { commitFiles } from "../../operations/refs/contents.ts";
import type { PullRequest } from "../../world/repository.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const PULL = "/repos/{owner}/{repo}/pulls/{pull_number}";

let fixture: PullFixture;
let pull: PullRequest;
let base: string;
let count = 0;
beforeAll(async () => {
  fixture = await createPullFixture();
});
beforeEach(async () => {
  base = `base-${++count}`;
  await fixture.push(base, { "base.txt": "base\n" });
  pull = await fixture.open(`topic-${count}`, { base });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const merge = async (parameters: object = {}, login = "bob") => {
  const body = { pull_number: pull.number, ...parameters };
  const response = await fixture.hub.as(login).request(`PUT ${PULL}/merge`, body);
  return [response.status, response.body.message];
};
const state = async (): Promise<string> =>
  (await fixture.hub.as("bob").request(`GET ${PULL}`, { pull_number: pull.number })).body.mergeable_state;

const MERGED = [200, "Pull Request successfully merged"];

test("a merge commit has base and head as parents", async () => {
  const before = await fixture.hub.repository.git.resolve(base);
  const recorded = await fixture.recordEvents(async () => expect(await merge()).toEqual(MERGED));
  const tip = await fixture.hub.repository.git.commit((await fixture.hub.repository.git.resolve(base)) ?? "");
  expect(tip?.parents).toEqual([before, pull.headSha]);
  expect(tip?.message).toBe(`Merge pull request #${pull.number} from acme/topic-${count}\n\nAdd topic-${count}`);
  expect(recorded).toEqual(["push", "pull_request.closed"]);
  expect(pull).toMatchObject({ merged: true, mergeCommitSha: tip?.sha, mergedBy: { login: "bob" } });
  expect(await merge()).toEqual([405, "Pull Request is not mergeable"]);
});

test("a squash has one parent and the message of its only commit", async () => {
  const before = await fixture.hub.repository.git.resolve(base);
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
  const tip = await fixture.hub.repository.git.commit(pull.mergeCommitSha ?? "");
  expect([tip?.parents, tip?.message]).toEqual([[before], `Change topic-${count} (#${pull.number})`]);
});

test("a squash of several commits lists them, with their authors", async () => {
  const { world, repository } = fixture.hub;
  const files = { "second.txt": "2\n" };
  await commitFiles(world, repository, { branch: pull.headRef, files, message: "Second" }, fixture.caller("alice"));
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
  const tip = await repository.git.commit(pull.mergeCommitSha ?? "");
  expect(tip?.message).toMatch(
    new RegExp(
      `^Add topic-${count} \\(#${pull.number}\\)\n\n\\* Change topic-${count}\n\n\\* Second\n\nCo-authored-by: alice <`,
    ),
  );
});

test("a rebase applies every commit to the base, also when both sides changed one file", async () => {
  const { git } = fixture.hub.repository;
  await fixture.push(base, { "shared.txt": "1\n2\n3\n4\n5\n6\n" });
  await fixture.push(`rebased-${count}`, { "shared.txt": "one\n2\n3\n4\n5\n6\n" }, { startFrom: base });
  pull = await fixture.open(`rebased-${count}`, { base, files: { "shared.txt": "one\ntwo\n3\n4\n5\n6\n" } });
  const tip = await fixture.push(base, { "shared.txt": "1\n2\n3\n4\n5\nsix\n" });
  expect(await merge({ merge_method: "rebase" })).toEqual(MERGED);
  const commits = await git.log(base, { base: tip });
  expect(commits.map(({ parents }) => parents.length)).toEqual([1, 1]);
  expect((await git.read(base, "shared.txt"))?.toString()).toBe("one\ntwo\n3\n4\n5\nsix\n");
});

test("a head other than the expected one is not merged", async () => {
  const seen = pull.headSha;
  await fixture.push(pull.headRef, { "late.txt": "late\n" });
  expect(await merge({ sha: seen })).toEqual([409, "Head branch was modified. Review and try the merge again."]);
  expect(await merge({ sha: pull.headSha })).toEqual(MERGED);
});

test("drafts and conflicts are not merged", async () => {
  pull.draft = true;
  expect(await merge()).toEqual([405, "Pull Request is still a draft"]);
  pull.draft = false;
  await fixture.push(base, { [`topic-${count}.txt`]: "other\n" });
  expect([await merge(), await state()]).toEqual([[405, "Pull Request is not mergeable"], "dirty"]);
});

test("readers cannot merge", async () => {
  expect((await merge({}, "dave"))[0]).toBe(403);
});

test("of many concurrent merges, one succeeds", async () => {
  const responses = await Promise.all(Array.from({ length: 6 }, () => merge()));
  expect(responses.filter(([status]) => status === 200)).toHaveLength(1);
});

test("many concurrent pull requests into one base are all merged, in any order", async () => {
  const pulls = [pull];
  for (const n of [1, 2, 3]) pulls.push(await fixture.open(`parallel-${count}-${n}`, { base }));
  const responses = await Promise.all(
    pulls.map(({ number }) => fixture.hub.as("bob").request(`PUT ${PULL}/merge`, { pull_number: number })),
  );
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const { headSha } of pulls) {
    expect(await fixture.hub.repository.git.isAncestor(headSha, `refs/heads/${base}`)).toBe(true);
  }
});
