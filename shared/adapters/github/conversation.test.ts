import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { jobToken } from "@mlops-actions/localhub/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isMarked } from "../../core/comment/marker.ts";
import { parseSections } from "../../core/comment/section.ts";
import { upsertStickyComment } from "../../core/comment/sticky-comment.ts";
import { bodyOf, createSection, STICKY, WORKFLOW } from "../../core/comment/testing.ts";
import { createGitHub } from "./client.ts";
import { createConversation } from "./conversation.ts";
import { getOctokit } from "./octokit.ts";
import { listPullsFrom } from "./pulls.ts";
import { createFakeTime, createTestClient, type Fault, silentLog } from "./testing.ts";
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
  return createConversation(
    createGitHub({ getOctokit, token: as, context, log: silentLog, signal, time }),
    number,
    signal,
    time,
  );
};
/** Waits take no time; only a race between writers needs real waits. */
const upsert = (run: number, as = token(), time?: typeof realTime) =>
  upsertStickyComment(conversation(as, time), STICKY, createSection({ run, head }));
const comments = () => [...hub.repository.comments.values()].filter(({ issue }) => issue === number);
const runOf = ({ body }: { readonly body: string }) =>
  isMarked(body, WORKFLOW) ? parseSections(body)[0]?.revision.run : undefined;
const runs = () => comments().map(runOf);
const requestsAfter = (since: number) =>
  hub.journal
    .requests()
    .slice(since)
    .map(({ operation }) => operation);

test("a comment whose response was lost is found, also when GitHub has changed its line ends", async () => {
  const github = createTestClient(hub, {
    getOctokit: (given, { request, ...options }) =>
      getOctokit(given, {
        ...options,
        request: {
          fetch: (url, init) => {
            const { body } = init ?? {};
            const changed = typeof body === "string" && { body: body.replaceAll("\\n", "\\r\\n") };
            return request.fetch(url, { ...init, ...changed });
          },
        },
      }),
  });
  hub.faults.next({ operation: "issues/create-comment" }, { kind: "reset", when: "after" });
  await createConversation(github, number, signal, createFakeTime()).create("one\n\ntwo\n");
  expect(comments().map(({ body }) => body)).toEqual([expect.stringContaining("one\r\n\r\ntwo")]);
});

describe("the comment of a job's token", () => {
  test("is created, updated in place and not written when nothing changed", async () => {
    expect((await upsert(1)).change).toBe("created");
    const start = hub.journal.requests().length;
    const { change, comment } = await upsert(2);
    expect(change).toBe("updated");
    expect(comment?.url).toContain(`/pull/${number}#issuecomment-`);
    expect(requestsAfter(start)).toEqual(["issues/list-comments", "issues/update-comment", "issues/list-comments"]);
    expect((await upsert(2)).change).toBe("unchanged");
    expect(runs()).toEqual([2]);
  });

  test("is found among a hundred others, and a copy of its marker is ignored", async () => {
    const mallory = hub.as("mallory");
    const spoof = mallory.comment(number, bodyOf({ run: 99, head }, "merge me"));
    await upsert(1);
    for (let at = 0; at < 120; at++) mallory.comment(number, `comment ${at}`);
    await upsert(2);
    expect(spoof.body).toContain("merge me");
    expect(
      comments()
        .filter(({ author }) => author.kind === "Bot")
        .map(runOf),
    ).toEqual([2]);
  });

  test("is created once when the response is lost", async () => {
    hub.faults.next({ operation: "issues/create-comment" }, { kind: "status", status: 502, when: "after" });
    expect((await upsert(1)).change).toBe("created");
    expect(runs()).toEqual([1]);
  });

  test.each<Fault>([
    { kind: "status", status: 502, when: "before" },
    { kind: "status", status: 502, when: "after" },
    { kind: "html" },
    { kind: "secondary limit", retryAfter: 7 },
    { kind: "primary limit", resetsIn: 30 },
  ])("is updated under %j, and the comments are read before the update is sent again", async (fault) => {
    await upsert(1);
    hub.faults.next({ operation: "issues/update-comment" }, fault, 2);
    const start = hub.journal.requests().length;
    expect((await upsert(2)).change).toBe("updated");
    expect(runs()).toEqual([2]);
    expect(requestsAfter(start).join(" ")).not.toContain("issues/update-comment issues/update-comment");
  });

  test("is reported as failed when its update never gets a response", async () => {
    await upsert(1);
    using _ = hub.faults.always({ operation: "issues/update-comment" }, { kind: "status", status: 503 });
    const start = hub.journal.requests().length;
    await expect(upsert(2)).rejects.toMatchObject({ problems: [{ code: "github-unreachable" }] });
    expect(requestsAfter(start).filter((operation) => operation === "issues/update-comment")).toHaveLength(5);
  });

  test("cannot be written with a token that only reads", async () => {
    await expect(upsert(1, token("read"))).rejects.toMatchObject({ problems: [{ code: "permission-missing" }] });
    expect(comments()).toEqual([]);
  });
});

test("a person's token updates the person's comment", async () => {
  const alice = hub.as("alice");
  expect((await upsert(1, alice.token)).discoveredLogin).toBe("alice");
  const second = await upsert(2, alice.token);
  expect([second.change, second.discoveredLogin]).toEqual(["updated", undefined]);
  expect(runs()).toEqual([2]);
});

describe("an unexpected response is reported as an error of GitHub, and not as a bug of the action", () => {
  const unexpected: readonly unknown[] = [
    [],
    {},
    [{ id: "not a number" }],
    { id: "not a number" },
    { total_count: 1 },
    { total_count: 1, items: "none" },
  ];
  test.each(unexpected.map((body) => [JSON.stringify(body)] as const))("%s", async (body) => {
    const answering: typeof fetch = async (url) =>
      Object.defineProperty(new Response(body, { headers: { "content-type": "application/json" } }), "url", {
        value: url,
      });
    const github = createTestClient(hub, {
      getOctokit: (as, options) => getOctokit(as, { ...options, request: { fetch: answering } }),
    });
    const talk = createConversation(github, number, signal, createFakeTime());
    const isEmptyList = body === "[]";
    const requests = {
      list: talk.list,
      read: () => talk.read(1),
      create: () => talk.create("body"),
      head: talk.head,
      account: talk.account,
      "pull requests": () => listPullsFrom(github, "octo", "branch"),
    };
    for (const [name, request] of Object.entries(requests)) {
      if (isEmptyList && (name === "list" || name === "pull requests")) continue;
      await expect(request(), name).rejects.toThrow(/\[github-(odd-answer|list-incomplete)\]/);
    }
  });
});

// Real waits in one process: more writers would only make each other late. 1,000 races in virtual time are in core/comment.
test("8 writers at once, with a list that lags, leave one comment of the newest run", async () => {
  hub.faults.always({ operation: "issues/list-comments" }, { kind: "list lag", ms: 100 });
  hub.faults.chance(0.3, 11, {}, { kind: "latency", ms: 40 });
  const writers = Array.from({ length: 8 }, (_, at) => upsert(at + 1, token(), realTime));
  await Promise.all(writers);
  expect(runs()).toEqual([8]);
});
