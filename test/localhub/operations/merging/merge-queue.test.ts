import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createPullFixture, type PullFixture } from "../../rest/routes/pull-fixture.ts";
import type { DomainEvent } from "../../world/domain-events.ts";
import type { MergeQueueEntry } from "../../world/protection.ts";
import type { PullRequest } from "../../world/repository.ts";
import { createRuleset } from "../protection/rulesets.ts";
import { closePull } from "../pulls/pull-state.ts";
import { dequeue, enqueue } from "./merge-queue.ts";
import { type MergeQueueWatch, watchMergeQueue } from "./merge-queue-watch.ts";

let fixture: PullFixture;
let watch: MergeQueueWatch;
let base: string;
let groups: string[];
let listening: Disposable;
let count = 0;

beforeAll(async () => {
  fixture = await createPullFixture();
  watch = watchMergeQueue(fixture.hub.world);
});
beforeEach(async () => {
  base = `queued/base-${++count}`;
  await fixture.push(base, { "base.txt": "base\n" });
  groups = [];
  listening = fixture.hub.world.subscribe((event) => {
    if (event.event !== "merge_group") return;
    groups.push(`${event.entry.pull} ${event.reason ?? event.action}`);
  });
});
afterEach(() => {
  listening[Symbol.dispose]();
  fixture.hub.repository.rulesets.clear();
});
afterAll(async () => {
  watch[Symbol.dispose]();
  await watch.idle();
  await fixture[Symbol.asyncDispose]();
});

function protect(parameters: object = {}): void {
  const queue = {
    merge_method: "MERGE",
    grouping_strategy: "ALLGREEN",
    check_response_timeout_minutes: 60,
    max_entries_to_build: 5,
    max_entries_to_merge: 5,
    min_entries_to_merge: 1,
    min_entries_to_merge_wait_minutes: 5,
    ...parameters,
  };
  const checks = { required_status_checks: [{ context: "gate" }], strict_required_status_checks_policy: true };
  const rules = [
    { type: "merge_queue", parameters: queue },
    { type: "required_status_checks", parameters: checks },
  ];
  const settings = { name: base, enforcement: "active", include: [`refs/heads/${base}`], rules } as const;
  createRuleset(fixture.hub.world, fixture.hub.repository, settings, fixture.caller("alice"));
}

async function ready(name: string): Promise<PullRequest> {
  const pull = await fixture.open(`${name}-${count}`, { base });
  await fixture.reportStatus(pull.headSha, "gate", "success");
  return pull;
}
const queue = (pull: PullRequest): Promise<MergeQueueEntry> => enqueue(fixture.hub.world, pull, fixture.caller("bob"));
const tip = (): Promise<string | undefined> => fixture.hub.repository.git.resolve(base);
const entryOf = (pull: PullRequest): MergeQueueEntry | undefined =>
  fixture.hub.repository.mergeQueue.find((entry) => entry.pull === pull.number);

/** Resolves once the pull request has left the queue, with the reason. */
async function leaves(pull: PullRequest): Promise<string | undefined> {
  return new Promise((resolve) => {
    const subscription = fixture.hub.world.subscribe((event: DomainEvent) => {
      if (event.event !== "pull_request" || event.action !== "dequeued" || event.pull !== pull) return;
      subscription[Symbol.dispose]();
      resolve(event.reason);
    });
  });
}

test("a group is a real merge on its own branch; when its checks pass it becomes the base", async () => {
  protect();
  const pull = await ready("one");
  const before = await tip();
  const entry = await queue(pull);
  expect(entry.ref).toBe(`refs/heads/gh-readonly-queue/${base}/pr-${pull.number}-${before}`);
  const { git } = fixture.hub.repository;
  expect((await git.ref(entry.ref))?.sha).toBe(entry.headSha);
  expect((await git.commit(entry.headSha))?.parents).toEqual([before, pull.headSha]);
  expect(pull.merged).toBe(false);

  const left = leaves(pull);
  await fixture.reportStatus(entry.headSha, "gate", "success");
  expect(await left).toBe("MERGE");
  await watch.idle();
  expect(await tip()).toBe(entry.headSha);
  expect(pull).toMatchObject({ merged: true, mergeCommitSha: entry.headSha });
  expect(groups).toEqual([`${pull.number} checks_requested`, `${pull.number} merged`]);
  expect(await git.ref(entry.ref)).toBeUndefined();
});

test("a merge that bypasses the queue is rejected", async () => {
  protect();
  const pull = await ready("past");
  const { status, body } = await fixture.hub
    .as("alice")
    .request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", { pull_number: pull.number });
  expect(status).toBe(405);
  expect(body.message).toBe("Repository rule violations found\n\nChanges must be made through the merge queue\n\n");
});

test("only a pull request that can be merged can be queued, once, by those who may write", async () => {
  const pull = await ready("early");
  await expect(queue(pull)).rejects.toMatchObject({ status: 422 });
  protect();
  const raw = await fixture.open(`raw-${count}`, { base });
  await expect(queue(raw)).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('Required status check "gate" is expected.'),
  });
  await expect(enqueue(fixture.hub.world, pull, fixture.caller("dave"))).rejects.toMatchObject({ status: 404 });
  await queue(pull);
  await expect(queue(pull)).rejects.toMatchObject({ status: 422 });
  await dequeue(fixture.hub.world, pull);
  expect(fixture.hub.repository.mergeQueue).toEqual([]);
});

test("each entry is based on the one before, and they are merged in order", async () => {
  protect();
  const [one, two] = [await ready("first"), await ready("second")];
  const [a, b] = [await queue(one), await queue(two)];
  expect(b.baseSha).toBe(a.headSha);
  await fixture.reportStatus(b.headSha, "gate", "success");
  expect([one.merged, two.merged]).toEqual([false, false]);
  const left = leaves(two);
  await fixture.reportStatus(a.headSha, "gate", "success");
  await left;
  expect([one.mergeCommitSha, two.mergeCommitSha, await tip()]).toEqual([a.headSha, b.headSha, b.headSha]);
});

test("an entry that fails is dropped, and those behind it are rebuilt", async () => {
  protect();
  const [one, two] = [await ready("bad"), await ready("good")];
  const before = await tip();
  const [a, b] = [await queue(one), await queue(two)];
  const left = leaves(one);
  await fixture.reportStatus(a.headSha, "gate", "failure");
  expect(await left).toBe("CI_FAILURE");
  await watch.idle();
  const rebuilt = entryOf(two);
  expect(rebuilt?.baseSha).toBe(before);
  expect(rebuilt?.headSha).not.toBe(b.headSha);
  expect(groups.slice(2)).toEqual([
    `${one.number} dequeued`,
    `${two.number} invalidated`,
    `${two.number} checks_requested`,
  ]);
  const merged = leaves(two);
  await fixture.reportStatus(rebuilt?.headSha ?? "", "gate", "success");
  await merged;
  expect([one.merged, two.merged, one.mergeable]).toEqual([false, true, true]);
});

// GitHub's description of `check_response_timeout_minutes`: no result by then counts as failed.
test("checks without a result fail after the time-out", async () => {
  protect({ check_response_timeout_minutes: 30 });
  const pull = await ready("silent");
  await queue(pull);
  fixture.hub.world.clock.advance(29 * 60_000);
  const left = leaves(pull);
  expect(entryOf(pull)).toBeDefined();
  fixture.hub.world.clock.advance(60_000);
  expect(await left).toBe("CI_TIMEOUT");
  expect(pull.merged).toBe(false);
});

test.each([
  ["a timer", async () => fixture.hub.world.clock.advance(30 * 60_000)],
  ["an event", async (entry: MergeQueueEntry) => fixture.reportStatus(entry.headSha, "other", "success")],
])("an error after %s reaches whoever waits until the queue is idle", async (_, cause) => {
  protect({ check_response_timeout_minutes: 30 });
  const entry = await queue(await ready("broken"));
  await watch.idle();
  const bug = new Error("the disk is full");
  const failing = vi.spyOn(fixture.hub.repository.git, "ref").mockRejectedValue(bug);
  try {
    await cause(entry);
    await expect(watch.idle()).rejects.toMatchObject({ errors: [bug] });
  } finally {
    failing.mockRestore();
  }
  await watch.idle();
});

test("with HEADGREEN the last entry covers those before it", async () => {
  protect({ grouping_strategy: "HEADGREEN" });
  const [one, two] = [await ready("covered"), await ready("covering")];
  const [a, b] = [await queue(one), await queue(two)];
  await fixture.reportStatus(a.headSha, "gate", "failure");
  const left = leaves(two);
  await fixture.reportStatus(b.headSha, "gate", "success");
  await left;
  expect([one.merged, two.merged]).toEqual([true, true]);
});

test("fewer entries than the minimum wait for more, but not forever", async () => {
  protect({ min_entries_to_merge: 2, min_entries_to_merge_wait_minutes: 5 });
  const pull = await ready("lonely");
  const entry = await queue(pull);
  await fixture.reportStatus(entry.headSha, "gate", "success");
  await watch.idle();
  expect(pull.merged).toBe(false);
  const left = leaves(pull);
  fixture.hub.world.clock.advance(5 * 60_000);
  expect(await left).toBe("MERGE");
});

test("a pull request that is pushed to or closed leaves the queue", async () => {
  protect();
  const [one, two] = [await ready("pushed"), await ready("closed")];
  await queue(one);
  await queue(two);
  const pushed = leaves(one);
  await fixture.push(one.headRef, { "late.txt": "late\n" });
  expect(await pushed).toBe("MANUAL");
  const closed = leaves(two);
  closePull(fixture.hub.world, two, fixture.caller("bob"));
  expect(await closed).toBe("MANUAL");
  expect(entryOf(one) ?? entryOf(two)).toBeUndefined();
});
