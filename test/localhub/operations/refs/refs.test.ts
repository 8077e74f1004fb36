import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../../rest/serving/testing.ts";
import type { Caller } from "../../world/caller.ts";
import type { DomainEventDetails } from "../../world/domain-events.ts";
import { commitFiles } from "./contents.ts";
import { deleteRef, pushRef, ZERO_SHA } from "./refs.ts";

let hub: TestHub;
let bob: Caller;
let main: string;
beforeAll(async () => {
  hub = await startTestHub({ routes: [] });
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no bob");
  bob = { actor, token: undefined };
  main = (await hub.repository.git.resolve("main")) ?? "";
});
afterAll(() => hub[Symbol.asyncDispose]());

const grow = (branch: string): Promise<string> =>
  commitFiles(hub.world, hub.repository, { branch, files: { [branch]: branch }, message: branch }, bob);
const push = (move: Parameters<typeof pushRef>[2]) => pushRef(hub.world, hub.repository, move, bob);

async function told(work: () => Promise<unknown>): Promise<DomainEventDetails[]> {
  const heard: DomainEventDetails[] = [];
  using _ = hub.world.subscribe((happening) => void heard.push(happening));
  await work();
  return heard;
}

test("a ref moves only from where it was expected to be", async () => {
  const sha = await grow("expected");
  const stale = { ref: "refs/heads/expected", sha, expected: main };
  await expect(push({ ...stale, sha: await grow("other") })).rejects.toMatchObject({
    status: 409,
    message: `is at ${sha} but expected ${main}`,
  });
  await expect(push({ ref: "refs/heads/expected", sha: main, expected: ZERO_SHA })).rejects.toMatchObject({
    status: 409,
  });
  expect(await hub.repository.git.resolve("expected")).toBe(sha);
});

test("what is told: where from, where to, whether forced; nothing when nothing moves", async () => {
  const sha = await grow("told");
  const ref = "refs/heads/told";
  expect(await told(() => push({ ref, sha }))).toEqual([]);
  expect(await told(() => push({ ref, sha: main, force: true }))).toMatchObject([
    { event: "push", ref, before: sha, after: main, forced: true },
  ]);
  expect(await told(() => push({ ref, sha }))).toMatchObject([{ event: "push", forced: false }]);
  expect(await told(() => deleteRef(hub.world, hub.repository, { ref }, bob))).toMatchObject([
    { event: "delete", ref: "told", refType: "branch" },
    { event: "push", before: sha, after: ZERO_SHA },
  ]);
  expect(await told(() => push({ ref: "refs/tags/told", sha }))).toMatchObject([
    { event: "create", ref: "told", refType: "tag" },
    { event: "push", ref: "refs/tags/told", before: ZERO_SHA },
  ]);
  expect(await told(() => push({ ref: "refs/custom/told", sha }))).toEqual([]);
  expect(await told(() => push({ ref: "refs/tags/quiet", sha, suppressEvents: true }))).toEqual([]);
});

test("tags may lead to anything, branches to commits alone", async () => {
  const blob = await hub.repository.git.writeBlob(Buffer.from("tagged"));
  expect(await push({ ref: "refs/tags/blob", sha: blob })).toMatchObject({ type: "blob" });
  await expect(push({ ref: "refs/heads/blob", sha: blob })).rejects.toMatchObject({ status: 422 });
  await expect(push({ ref: "refs/tags/blob", sha: main })).rejects.toThrow("Update is not a fast forward");
  expect(await push({ ref: "refs/tags/blob", sha: main, force: true })).toMatchObject({ sha: main });
});

test("what guards a branch holds for every move but those that were judged before", async () => {
  const guarded = await grow("guarded");
  const next = await grow("next");
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
