import { afterAll, beforeAll, expect, test } from "vitest";
import { ZERO_SHA } from "../../git/git-repository.ts";
import { startTestHub, type TestHub } from "../../rest/serving/testing.ts";
import type { Caller } from "../../world/caller.ts";
import type { DomainEventDetails } from "../../world/domain-events.ts";
import { commitFiles } from "./contents.ts";
import { deleteRef, moveRef } from "./refs.ts";

let hub: TestHub;
let bob: Caller;
let main: string;
beforeAll(async () => {
  hub = await startTestHub({ routes: [] });
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no account bob");
  bob = { actor, token: undefined };
  main = (await hub.repository.git.resolve("main")) ?? "";
});
afterAll(() => hub[Symbol.asyncDispose]());

const addCommit = (branch: string): Promise<string> =>
  commitFiles(hub.world, hub.repository, { branch, files: { [branch]: branch }, message: branch }, bob);
const push = (move: Parameters<typeof moveRef>[2]) => moveRef(hub.world, hub.repository, move, bob);

async function recordEvents(work: () => Promise<unknown>): Promise<DomainEventDetails[]> {
  const recorded: DomainEventDetails[] = [];
  using _ = hub.world.subscribe((event) => void recorded.push(event));
  await work();
  return recorded;
}

test("a ref moves only from where it was expected to be", async () => {
  const sha = await addCommit("expected");
  const stale = { ref: "refs/heads/expected", sha, expected: main };
  await expect(push({ ...stale, sha: await addCommit("other") })).rejects.toMatchObject({
    status: 409,
    message: `is at ${sha} but expected ${main}`,
  });
  await expect(push({ ref: "refs/heads/expected", sha: main, expected: ZERO_SHA })).rejects.toMatchObject({
    status: 409,
  });
  expect(await hub.repository.git.resolve("expected")).toBe(sha);
});

test("a move is published with both commits and whether it was forced; no move, no event", async () => {
  const sha = await addCommit("moved");
  const ref = "refs/heads/moved";
  expect(await recordEvents(() => push({ ref, sha }))).toEqual([]);
  expect(await recordEvents(() => push({ ref, sha: main, force: true }))).toMatchObject([
    { event: "push", ref, before: sha, after: main, forced: true },
  ]);
  expect(await recordEvents(() => push({ ref, sha }))).toMatchObject([{ event: "push", forced: false }]);
  expect(await recordEvents(() => deleteRef(hub.world, hub.repository, { ref }, bob))).toMatchObject([
    { event: "delete", ref: "moved", refType: "branch" },
    { event: "push", before: sha, after: ZERO_SHA },
  ]);
  expect(await recordEvents(() => push({ ref: "refs/tags/moved", sha }))).toMatchObject([
    { event: "create", ref: "moved", refType: "tag" },
    { event: "push", ref: "refs/tags/moved", before: ZERO_SHA },
  ]);
  expect(await recordEvents(() => push({ ref: "refs/custom/moved", sha }))).toEqual([]);
  expect(await recordEvents(() => push({ ref: "refs/tags/quiet", sha, suppressEvents: true }))).toEqual([]);
});

test("tags may point at any object, branches only at commits", async () => {
  const blob = await hub.repository.git.writeBlob(Buffer.from("tagged"));
  expect(await push({ ref: "refs/tags/blob", sha: blob })).toMatchObject({ type: "blob" });
  await expect(push({ ref: "refs/heads/blob", sha: blob })).rejects.toMatchObject({ status: 422 });
  await expect(push({ ref: "refs/tags/blob", sha: main })).rejects.toThrow("Update is not a fast forward");
  expect(await push({ ref: "refs/tags/blob", sha: main, force: true })).toMatchObject({ sha: main });
});

test("a branch's rules apply to every move except those that skip the protection", async () => {
  const guarded = await addCommit("guarded");
  const next = await addCommit("next");
  hub.repository.rulesets.set(1, {
    id: 1,
    name: "frozen",
    target: "branch",
    enforcement: "active",
    include: ["refs/heads/guarded"],
    exclude: [],
    rules: [{ type: "non_fast_forward" }, { type: "deletion" }],
    bypassActors: [],
    createdAt: new Date(),
    updatedAt: new Date(),
  });
  const move = { ref: "refs/heads/guarded", sha: next, force: true };
  await expect(push(move)).rejects.toMatchObject({ status: 422 });
  await expect(deleteRef(hub.world, hub.repository, { ref: move.ref }, bob)).rejects.toMatchObject({ status: 422 });
  expect(await hub.repository.git.resolve("guarded")).toBe(guarded);
  expect(await push({ ...move, skipProtection: true })).toMatchObject({ sha: next });
});
