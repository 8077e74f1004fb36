import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import type { GitHub } from "./github.ts";
import { createFakeTime, createTestClient, type Fault } from "./testing.ts";

let hub: LocalGitHub;
let issue_number: number;

beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
});
afterAll(() => hub.close());
beforeEach(async () => {
  hub.faults.clear();
  issue_number = (await hub.request("POST /repos/{owner}/{repo}/issues", { title: "Issue" })).body.number;
});

const bodies = (): readonly string[] =>
  [...hub.repository.comments.values()].filter(({ issue }) => issue === issue_number).map(({ body }) => body);

const requests = (operation: string): number => hub.journal.requests(operation).length;

/** Creates one comment, which is found again by its text. */
function createComment(github: GitHub, body: string): Promise<Comment> {
  const { repository, rest } = github;
  return github.writeOnce({
    send: async () => (await rest.issues.createComment({ ...repository, issue_number, body })).data,
    find: async () => (await listComments(github)).find((comment) => comment.body === body),
  });
}

interface Comment {
  readonly id: number;
  readonly body?: string;
}

const listComments = async (github: GitHub): Promise<readonly Comment[]> =>
  (await github.readAll(github.rest.issues.listComments, { ...github.repository, issue_number })) as readonly Comment[];

const readIssue = async ({ rest, repository }: GitHub, number = issue_number) =>
  (await rest.issues.get({ ...repository, issue_number: number })).data;

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no failure",
    (error: unknown) => (error instanceof ActionError ? (error.problems[0]?.code ?? "") : String(error)),
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

describe("under a fault", () => {
  test.each(FAULTS)("%j, once: a create has one effect, and reads and writes succeed", async (fault) => {
    const github = createTestClient(hub);
    hub.faults.next({ operation: "issues/create-comment" }, fault);
    const { id: comment_id } = await createComment(github, "one");
    expect(bodies()).toEqual(["one"]);

    hub.faults.next({ operation: "issues/list-comments" }, fault);
    expect(await listComments(github)).toHaveLength(1);

    hub.faults.next({ operation: "issues/update" }, fault);
    const { data } = await github.rest.issues.update({ ...github.repository, issue_number, title: "two" });
    expect([data.number, data.title]).toEqual([issue_number, "two"]);

    // Right only just after the comments were read: it is sent once, and the caller reads them again.
    hub.faults.next({ operation: "issues/update-comment" }, fault);
    const sent = requests("issues/update-comment");
    const update = github.rest.issues.updateComment({ ...github.repository, comment_id, body: "two" });
    expect(await codeOf(update)).toBe("github-unreachable");
    expect(requests("issues/update-comment")).toBe(sent + 1);
  });

  test.each(FAULTS)("%j, always: a read fails with a code, and a create has at most one effect", async (fault) => {
    using _ = hub.faults.always({ path: /comments$/ }, fault);
    const limit = fault.kind === "primary limit" || fault.kind === "secondary limit" || "retryAfter" in fault;
    const code = limit ? "rate-limited" : "github-unreachable";
    expect(await codeOf(listComments(createTestClient(hub)))).toBe(code);
    expect(await codeOf(createComment(createTestClient(hub), "one"))).toBe(code);
    expect(bodies().length).toBeLessThanOrEqual(1);
  });

  test("a list that lags does not make a create take effect twice", async () => {
    hub.faults.next({ operation: "issues/create-comment" }, { kind: "status", status: 502, when: "after" });
    using _ = hub.faults.always({ operation: "issues/list-comments" }, { kind: "list lag", requests: 2 });
    await createComment(createTestClient(hub), "one");
    expect(bodies()).toEqual(["one"]);
  });

  test("100 comments with a third of the requests failing: each is created once, or reported as failed", async () => {
    FAULTS.forEach((fault, seed) => void hub.faults.chance(0.35 / FAULTS.length, seed, { path: /comments$/ }, fault));
    const github = createTestClient(hub);
    const texts = Array.from({ length: 100 }, (_, index) => `comment ${index}`);
    const codes = await Promise.all(texts.map((text) => codeOf(createComment(github, text))));
    hub.faults.clear();
    const created = bodies();
    expect(new Set(created).size).toBe(created.length);
    texts.forEach((text, index) => void (codes[index] === "no failure" && expect(created).toContain(text)));
    expect(codes.filter((code) => code !== "no failure" && code !== "github-unreachable")).toEqual([]);
    expect(created.length).toBeGreaterThan(95);
  });
});

describe("how long it waits", () => {
  test.each<[Fault, readonly number[]]>([
    [{ kind: "status", status: 503 }, [250]],
    [{ kind: "status", status: 429, retryAfter: 3 }, [4_000]],
    [{ kind: "secondary limit", retryAfter: 7 }, [8_000]],
    [{ kind: "secondary limit" }, [60_000]],
  ])("%j", async (fault, waits) => {
    const time = createFakeTime();
    hub.faults.next({ operation: "issues/list-comments" }, fault);
    await listComments(createTestClient(hub, { time }));
    expect(time.waits).toEqual(waits);
  });

  test("for the primary limit, until the reset by GitHub's own clock", async () => {
    const time = createFakeTime();
    hub.faults.next({ operation: "issues/list-comments" }, { kind: "primary limit", resetsIn: 30 });
    await listComments(createTestClient(hub, { time }));
    expect(time.waits).toHaveLength(1);
    expect(time.waits[0]).toBeGreaterThanOrEqual(30_000);
    expect(time.waits[0]).toBeLessThanOrEqual(33_000);
  });

  test("no longer than a re-run is worth, and the error says when to try again", async () => {
    hub.faults.next({ operation: "issues/list-comments" }, { kind: "primary limit", resetsIn: 3_000 });
    const reading = listComments(createTestClient(hub));
    await expect(reading).rejects.toThrow(/Re-run the failed jobs in 5[01] minutes/);
  });

  test("after 20 writes in a row, so that they never reach GitHub's limit", async () => {
    const time = createFakeTime();
    const github = createTestClient(hub, { time });
    await Promise.all(Array.from({ length: 41 }, (_, index) => createComment(github, `comment ${index}`)));
    expect(time.waits.filter((wait) => wait > 0)).toEqual([20_000, 20_000]);
  });

  test("not at all once the job is cancelled, and nothing more is sent", async () => {
    const cancellation = new AbortController();
    const github = createTestClient(hub, { signal: cancellation.signal });
    cancellation.abort(new Error("cancelled"));
    const before = requests("issues/create-comment");
    await expect(createComment(github, "late")).rejects.toThrow("cancelled");
    expect(requests("issues/create-comment")).toBe(before);
  });
});

describe("what GitHub refuses", () => {
  test("a missing permission is reported once, with the line to paste", async () => {
    const github = createTestClient(hub, { token: hub.tokenWith({ issues: "read" }) });
    const before = requests("issues/create-comment");
    const error = await createComment(github, "x").catch((thrown: ActionError) => thrown);
    expect(error).toMatchObject({ status: 403, problems: [{ code: "permission-missing" }] });
    expect(String(error)).toContain('Add under "permissions:" of the job: pull-requests: write');
    expect(requests("issues/create-comment")).toBe(before + 1);
  });

  test("an object that does not exist", async () => {
    const github = createTestClient(hub);
    expect(await codeOf(readIssue(github, 9_999))).toBe("github-not-found");
    expect(await github.find(() => github.rest.git.getRef({ ...github.repository, ref: "tags/none" }))).toBeUndefined();
    expect(requests("git/get-ref")).toBe(2);
  });

  test("an object that one read did not find is there", async () => {
    const github = createTestClient(hub);
    hub.faults.next({ operation: "repos/get-branch" }, { kind: "status", status: 404 } as never);
    const { rest, repository } = github;
    const asked = { ...repository, branch: "main" };
    expect(await github.find(() => rest.repos.getBranch(asked))).toMatchObject({ name: "main" });
  });

  test("a request that GitHub cannot process", async () => {
    const { rest, repository } = createTestClient(hub);
    const sha = (await hub.repository.git.resolve("main")) ?? "";
    expect(await codeOf(rest.git.createRef({ ...repository, ref: "refs/heads/main", sha }))).toBe(
      "github-unprocessable",
    );
  });

  test("a token that is not valid", async () => {
    expect(await codeOf(readIssue(createTestClient(hub, { token: "ghp_wrong" })))).toBe("token-invalid");
    expect(() => createTestClient(hub, { token: "" })).toThrow("token is empty");
    const broken = "ghp_abcdef\nSet-Cookie: x";
    expect(() => createTestClient(hub, { token: broken })).toThrow(/control characters/);
    expect(() => createTestClient(hub, { token: broken })).not.toThrow(/abcdef/);
  });
});

describe("lists", () => {
  test("all pages, each item once, also inside an object", async () => {
    const github = createTestClient(hub);
    for (let index = 0; index < 101; index++) hub.comment(issue_number, `comment ${index}`);
    const all = await listComments(github);
    expect(new Set(all.map(({ body }) => body)).size).toBe(101);
    expect(await github.readAll(github.rest.actions.listWorkflowRunsForRepo, github.repository)).toEqual([]);
  });

  test("a page that fails fails the list: half of it decides nothing", async () => {
    for (let index = 0; index < 101; index++) hub.comment(issue_number, `comment ${index}`);
    using _ = hub.faults.always({ operation: "issues/list-comments" }, { kind: "truncated" });
    expect(await codeOf(listComments(createTestClient(hub)))).toBe("github-unreachable");
  });

  test("what has not changed is not sent again, and costs no rate limit", async () => {
    const github = createTestClient(hub);
    const first = await readIssue(github);
    expect(await readIssue(github)).toEqual(first);
    expect(
      hub.journal
        .requests("issues/get")
        .map(({ status }) => status)
        .slice(-2),
    ).toEqual([200, 304]);
    hub.comment(issue_number, "a change");
    expect(await readIssue(github)).toMatchObject({ comments: 1 });
  });
});

test("the compiler refuses what GitHub does not have", () => {
  /** Never called. */
  const callWhatGitHubDoesNotHave = ({ rest, repository, readAll }: GitHub): unknown => [
    // @ts-expect-error no such endpoint
    rest.issues.writeComment({ ...repository, issue_number, body: "" }),
    // @ts-expect-error a parameter is missing
    rest.issues.createComment({ ...repository, issue_number }),
    // @ts-expect-error a number is not text
    rest.issues.createComment({ ...repository, issue_number, body: 1 }),
    // @ts-expect-error no such state
    readAll(rest.pulls.list, { ...repository, state: "merged" }),
    // @ts-expect-error a parameter of a list is missing
    readAll(rest.issues.listComments, repository),
  ];
  expect(callWhatGitHubDoesNotHave).toBeTypeOf("function");
});
