import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseMarker } from "../../core/comment/marker.ts";
import { upsertStickyComment } from "../../core/comment/sticky-comment.ts";
import { draft, IDENTITY } from "../../core/comment/testing.ts";
import { createGitHub } from "./client.ts";
import { createConversation } from "./conversation.ts";
import { createFakeTime, silentLog } from "./testing.ts";
import { realTime } from "./time.ts";

const { signal } = new AbortController();
let hub: LocalGitHub;
let number: number;
let head: string;

beforeAll(async () => {
  hub = await startLocalGitHub({ people: { alice: "write" }, limits: "off" });
  await hub.push({ files: { "README.md": "model" } });
});
afterAll(() => hub.close());
beforeEach(async () => {
  hub.faults.clear();
  const branch = `change-${hub.repository.pulls.size}`;
  head = await hub.push({ branch, files: { [`${branch}.txt`]: "better" } });
  number = (await hub.openPullRequest({ head: branch })).number;
});

const token = (access: "read" | "write" = "write") =>
  jobToken(hub.world, hub.repository, 1, { pull_requests: access }).value;
const conversation = (as: string, time = createFakeTime() as typeof realTime) => {
  const context = { repository: "octo/model", urls: { api: hub.apiUrl, server: hub.url } };
  return createConversation(createGitHub({ token: as, context, log: silentLog, signal, time }), number, signal, time);
};
/** Waits take no time; only where writers race must they be real. */
const keep = (run: number, as = token(), time?: typeof realTime) =>
  upsertStickyComment(conversation(as, time), IDENTITY, draft({ run, head }));
const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
const runs = () => comments().map(({ body }) => parseMarker(body, IDENTITY)?.run);
const asked = (since: number) =>
  hub.journal
    .requests()
    .slice(since)
    .map(({ operation }) => operation);

describe("the comment of a job's token", () => {
  test("is created, updated in place and left alone when nothing changed", async () => {
    expect((await keep(1)).change).toBe("created");
    const start = hub.journal.requests().length;
    const { change: how, comment } = await keep(2);
    expect(how).toBe("updated");
    expect(comment.url).toContain(`/pull/${number}#issuecomment-`);
    expect(asked(start)).toEqual(["issues/list-comments", "issues/update-comment", "issues/list-comments"]);
    expect((await keep(2)).change).toBe("unchanged");
    expect(runs()).toEqual([2]);
  });

  test("is found behind a hundred others, and a copy of its marker is not", async () => {
    const mallory = hub.as("mallory");
    const spoof = mallory.comment(number, draft({ run: 99, head }, "merge me").body);
    await keep(1);
    for (let at = 0; at < 120; at++) mallory.comment(number, `comment ${at}`);
    await keep(2);
    expect(spoof.body).toContain("merge me");
    expect(
      comments()
        .filter(({ author }) => author.kind === "Bot")
        .map(({ body }) => parseMarker(body, IDENTITY)?.run),
    ).toEqual([2]);
  });

  test("is one, when the answer to its creation is lost", async () => {
    hub.faults.next({ operation: "issues/create-comment" }, { kind: "status", status: 502, when: "after" });
    expect((await keep(1)).change).toBe("created");
    expect(runs()).toEqual([1]);
  });

  test("cannot be written with a token that only reads", async () => {
    await expect(keep(1, token("read"))).rejects.toMatchObject({ problems: [{ code: "permission-missing" }] });
    expect(comments()).toEqual([]);
  });
});

test("a person's token updates the person's comment", async () => {
  const alice = hub.as("alice");
  expect((await keep(1, alice.token)).discoveredLogin).toBe("alice");
  const { change: how, discoveredLogin: learnt } = await keep(2, alice.token);
  expect([how, learnt]).toEqual(["updated", undefined]);
  expect(runs()).toEqual([2]);
});

test("16 writers at once, with a list that lags, leave one comment of the newest run", async () => {
  hub.faults.always({ operation: "issues/list-comments" }, { kind: "list lag", ms: 150 });
  hub.faults.chance(0.3, 11, {}, { kind: "latency", ms: 40 });
  const writers = Array.from({ length: 16 }, (_, at) => keep(at + 1, token(), realTime));
  await Promise.all(writers);
  expect(runs()).toEqual([16]);
});
