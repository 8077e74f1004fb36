import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalGitHub, startLocalGitHub } from "../index.ts";

const DEPLOY = `
on:
  workflow_dispatch:
    inputs:
      version: { description: What to deploy, type: string, required: true }
      level: { type: choice, options: [low, high], default: high }
      fast: { type: boolean, default: true }
      to: { type: environment, required: true }
jobs:
  apply:
    environment: production
    runs-on: ubuntu-latest
    steps: [{ run: echo deployed }]
`;

describe("the page", () => {
  let github: LocalGitHub;
  let number: number;

  beforeAll(async () => {
    github = await startLocalGitHub({
      people: { alice: "write", bob: "write" },
      environments: { production: { reviewers: ["alice", "bob"], preventSelfReview: true } },
      files: { ".github/workflows/deploy.yml": DEPLOY, "README.md": "# model" },
    });
    const alice = github.as("alice");
    await alice.push({ branch: "next", files: { "a.txt": "1\n" } });
    number = (await alice.openPullRequest({ head: "next", title: "<b>Next</b>", body: "Hello **you**" })).number;
    alice.comment(number, "| a |\n|---|\n| <script>1</script> |");
  });
  afterAll(() => github.close());

  const get = async (path: string): Promise<{ status: number; text: string; headers: Headers }> => {
    const response = await fetch(github.url + path, { headers: { accept: "text/html" } });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const post = (path: string, fields: Record<string, string>, as: string, origin = github.url): Promise<Response> =>
    fetch(github.url + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin, cookie: `actor=${as}` },
      body: new URLSearchParams(fields),
    });

  test("shows a pull request with rendered comments, and titles as text", async () => {
    const { status, text, headers } = await get(`/octo/model/pull/${number}`);
    expect(status).toBe(200);
    expect(text).toContain("&lt;b&gt;Next&lt;/b&gt;");
    expect(text).toContain("Hello <strong>you</strong>");
    expect(text).not.toContain("<script>1");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("offers who works in the repository, and not who publishes an action for it", async () => {
    await github.addRepository("publisher/actions", { files: { "README.md": "actions" } });
    await github.fork("mallory");
    const options = (await get("/octo/model")).text.matchAll(/<option[^>]*>([^<]*)/g);
    expect([...options].map(([, login]) => login)).toEqual(["octo", "alice", "bob", "mallory"]);
  });

  test.each(["/", "/octo/model", "/octo/model/pulls", "/octo/model/actions", "/octo/model/deployments"])(
    "shows %s",
    async (path) => {
      expect((await get(path)).status).toBe(200);
    },
  );

  test("a malformed escape in the path is a bad request; in the cookie it is ignored", async () => {
    expect((await get("/octo/model/%E0%A4%A")).status).toBe(400);
    const response = await fetch(`${github.url}/octo/model`, { headers: { cookie: "actor=%" } });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("model")]);
  });

  test("lets the current user review an environment, if allowed", async () => {
    const run = await github.as("alice").run("deploy.yml", { inputs: { version: "v1", to: "production" } });
    const page = `/octo/model/actions/runs/${run.id}`;
    const environment = /name="environment" value="(\d+)"/.exec((await get(page)).text)?.[1] ?? "";
    const act = `/-/act/octo/model/runs/${run.id}/review`;

    expect((await get(page)).text).toContain("May review: alice, bob");
    const asAlice = await fetch(github.url + page, { headers: { cookie: "actor=alice" } });
    expect(await asAlice.text()).toContain(
      "alice started this run, and production does not allow reviewing one&#39;s own deployment. May review: alice, bob",
    );

    const own = await post(act, { environment, state: "approved" }, "alice");
    expect(own.status).toBe(422);
    expect(run.attempts.at(-1)?.status).not.toBe("completed");

    const other = await post(act, { environment, state: "approved", comment: "go" }, "bob");
    expect([other.status, other.headers.get("location")]).toEqual([303, page]);
    await github.waitUntilIdle();
    expect(run.attempts.at(-1)?.conclusion).toBe("success");
    expect((await get(page)).text).toContain("<strong>bob</strong> approved");
  });

  test("runs a workflow with the inputs that it declares, on the branch that was chosen", async () => {
    const { text } = await get("/octo/model/actions");
    for (const shown of ["What to deploy", "<option selected>high</option>", "<option>production</option>", "checked"])
      expect(text).toContain(shown);
    const [form = ""] = /action="(\/-\/act\/octo\/model\/workflows\/\d+\/dispatch)"/.exec(text)?.slice(1) ?? [];
    const inputs = { "input.version": "v2", "input.level": "low", "input.to": "production", "input.fast": "false" };
    const started = await post(form, { ref: "next", ...inputs }, "alice");
    expect(started.status).toBe(303);
    await github.waitUntilIdle();
    const run = github.runs({ workflow: "deploy.yml" }).at(-1);
    expect(started.headers.get("location")).toBe(`/octo/model/actions/runs/${run?.id}`);
    expect([run?.headBranch, run?.actor.login, run?.payload]).toMatchObject([
      "next",
      "alice",
      { inputs: { version: "v2", level: "low", to: "production", fast: "false" } },
    ]);
    const refused = await post(form, { ref: "next", "input.level": "low" }, "alice");
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringContaining("Required input &#39;version&#39; not provided"),
    ]);
  });

  test("opens a pull request for a branch that has something to merge", async () => {
    await github.as("bob").push({ branch: "better", files: { "b.txt": "1\n" } });
    const { text } = await get("/octo/model/pulls");
    expect(text).toContain("<option>better</option>");
    expect(text).not.toContain("<option>next</option>");
    const opened = await post("/-/act/octo/model/pulls/new", { head: "better", base: "main", title: "Better" }, "bob");
    const [location = ""] = [opened.headers.get("location") ?? ""];
    expect([opened.status, (await get(location)).text]).toEqual([303, expect.stringContaining("bob wants to merge")]);
    const again = await post("/-/act/octo/model/pulls/new", { head: "better", base: "main", title: "Better" }, "bob");
    expect([again.status, await again.text()]).toEqual([422, expect.stringContaining("already exists")]);
    const own = await fetch(github.url + location, { headers: { cookie: "actor=bob" } });
    expect(await own.text()).toContain("Its author cannot approve it");
    expect((await get("/octo/model/pulls")).text).not.toContain("Open a pull request");
  });

  test("rejects a form from another page", async () => {
    const before = github.repository.comments.size;
    const response = await post(
      `/-/act/octo/model/pulls/${number}/comment`,
      { body: "x" },
      "alice",
      "http://evil.example",
    );
    expect(response.status).toBe(403);
    expect(github.repository.comments.size).toBe(before);
  });

  test("comments and merges as the current user", async () => {
    await post(`/-/act/octo/model/pulls/${number}/comment`, { body: "Fine" }, "bob");
    expect([...github.repository.comments.values()].at(-1)).toMatchObject({ body: "Fine", author: { login: "bob" } });
    expect((await post(`/-/act/octo/model/pulls/${number}/merge`, {}, "alice")).status).toBe(303);
    expect(github.repository.pulls.get(number)).toMatchObject({ merged: true, mergedBy: { login: "alice" } });
  });

  test("sends domain events to an open page", async () => {
    const stop = new AbortController();
    const response = await fetch(`${github.url}/-/events`, { signal: stop.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    github.comment(number, "news");
    const chunk = await reader?.read();
    expect(new TextDecoder().decode(chunk?.value)).toContain("data: issue_comment");
    stop.abort();
  });
});
