import { afterEach, describe, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../../../test/localhub/index.ts";
import type { Fault } from "../../../test/localhub/rest/faults.ts";
import { ActionFailure } from "../../action/problem.ts";
import { createGitHub } from "./client.ts";
import type { GitHub, Json } from "./github.ts";
import { quietLog, recordedTime } from "./testing.ts";

let hub: LocalGitHub;

afterEach(() => hub.close());

const COMMENTS = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
const NEW_COMMENT = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";

async function start(options: Parameters<typeof startLocalGitHub>[0] = {}) {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" }, ...options });
  const time = recordedTime();
  const client = (token = hub.token, signal = new AbortController().signal): GitHub =>
    createGitHub({
      token,
      context: { urls: { api: hub.apiUrl, server: hub.url }, repository: hub.repository.fullName },
      log: quietLog,
      signal,
      time,
    });
  return { client, time };
}

async function openIssue(): Promise<number> {
  const { body } = await hub.request("POST /repos/{owner}/{repo}/issues", { title: "Here" });
  return body.number;
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => (error instanceof ActionFailure ? (error.problems[0]?.code ?? "") : String(error)),
  );

const FAULTS: readonly Fault[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 502, when: "before" },
  { kind: "status", status: 502, when: "after" },
  { kind: "status", status: 503 },
  { kind: "status", status: 504, when: "after" },
  { kind: "reset", when: "before" },
  { kind: "reset", when: "after" },
  { kind: "truncated" },
  { kind: "html" },
  { kind: "status", status: 429, retryAfter: 3 },
  { kind: "secondary limit", retryAfter: 7 },
  { kind: "secondary limit" },
  { kind: "primary limit", resetsIn: 30 },
  { kind: "primary limit", status: 429, resetsIn: 30 },
];

describe("every fault, once", () => {
  test.each(FAULTS)("%j: one comment, and reads and writes get through", async (fault) => {
    const { client } = await start();
    const github = client();
    const issue_number = await openIssue();
    const find = async (): Promise<Json | undefined> =>
      (await github.readAll(COMMENTS, { issue_number })).find((comment) => JSON.stringify(comment).includes("key-1"));

    hub.faults.next({ operation: "issues/create-comment" }, fault);
    const made = await github.create({ send: { route: NEW_COMMENT, params: { issue_number, body: "key-1" } }, find });
    expect(made).toMatchObject({ body: "key-1" });
    expect([...hub.repository.comments.values()]).toHaveLength(1);

    hub.faults.next({ operation: "issues/list-comments" }, fault);
    expect(await github.readAll(COMMENTS, { issue_number })).toHaveLength(1);

    hub.faults.next({ operation: "issues/update-comment" }, fault);
    const { id } = made as { readonly id: number };
    const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
    expect(await github.write(route, { comment_id: id, body: "key-1 changed" })).toMatchObject({ id });
    expect([...hub.repository.comments.values()].map(({ body }) => body)).toEqual(["key-1 changed"]);
  });

  test.each(FAULTS.filter((fault) => "status" in fault || fault.kind === "reset"))(
    "%j, for ever: a read gives up with a code, and a create has at most one effect",
    async (fault) => {
      const { client } = await start();
      const issue_number = await openIssue();
      hub.faults.always({ path: /comments$/ }, fault);
      const github = client();
      const find = async (): Promise<undefined> => undefined;
      const limited = "retryAfter" in fault || fault.kind === "primary limit";
      const expected = limited ? "rate-limited" : "github-unreachable";
      expect(await codeOf(github.readAll(COMMENTS, { issue_number }))).toBe(expected);
      const search = async (): Promise<Json | undefined> =>
        [...hub.repository.comments.values()].length > 0 ? { body: "x" } : find();
      await github
        .create({ send: { route: NEW_COMMENT, params: { issue_number, body: "x" } }, find: search })
        .catch(() => undefined);
      expect([...hub.repository.comments.values()].length).toBeLessThanOrEqual(1);
    },
  );
});
