import { once } from "node:events";
import { request as rawRequest } from "node:http";
import { describe, expect, test } from "vitest";
import { list, ok, route } from "../route.ts";
import { sampleRoutes } from "./sample-routes.ts";
import { startRest } from "./server.ts";
import { startTestHub } from "./testing.ts";

const LABELS = "GET /repos/{owner}/{repo}/labels";
const NEW_LABEL = "POST /repos/{owner}/{repo}/labels";
const LABEL = "GET /repos/{owner}/{repo}/labels/{name}";

describe("conformance errors", () => {
  test("an unknown operation is a conformance error", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const response = await hub.as("alice").request("GET /gists");
    expect(response).toMatchObject({
      status: 501,
      body: { message: expect.stringContaining("no operation GET /gists") },
    });
    expect(hub.server.takeConformanceErrors()).toMatchObject([{ method: "GET", path: "/gists" }]);
  });

  test("a reply that breaks the description is a 500 with operation, place and rule", async () => {
    await using hub = await startTestHub({
      routes: [route("issues/get-label", () => ok({ id: "seven", name: null }))],
    });
    const { status, body } = await hub.as("alice").request(LABEL, { name: "bug" });
    expect(status).toBe(500);
    expect(body.message).toContain("the 200 reply of issues/get-label breaks GitHub's description");
    expect(body.message).toContain('/id must be integer (is "seven")');
    expect(hub.server.takeConformanceErrors()).toHaveLength(1);
  });

  test("a status that the description does not have is a conformance error", async () => {
    await using hub = await startTestHub({ routes: [route("issues/create-label", () => ok({}))] });
    const { body } = await hub.as("alice").request(NEW_LABEL, { name: "x" });
    expect(body.message).toContain("issues/create-label returned 200, which GitHub's description does not have");
    expect(hub.server.takeConformanceErrors()).toHaveLength(1);
  });

  test("a bug in a route is a conformance error with its stack", async () => {
    const broken = route("issues/get-label", () => {
      throw new TypeError("boom");
    });
    await using hub = await startTestHub({ routes: [broken] });
    expect((await hub.as("alice").request(LABEL, { name: "x" })).status).toBe(500);
    expect(hub.server.takeConformanceErrors()).toMatchObject([{ message: expect.stringContaining("boom") }]);
  });

  test("closing throws the errors that were not taken", async () => {
    const hub = await startTestHub({ routes: sampleRoutes });
    await hub.as("alice").request("GET /gists");
    await expect(hub[Symbol.asyncDispose]()).rejects.toThrow("deviated from GitHub 1 time(s)");
  });

  test("a client that hangs up in the middle of its request is none", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const seesIt = (): boolean => {
      arrive();
      return false;
    };
    const hub = await startTestHub({ routes: sampleRoutes, mounts: () => [seesIt] });
    const sent = rawRequest(`${hub.server.origin}/page`, { method: "POST", headers: { "content-length": 10 } });
    const failed = once(sent, "error");
    sent.write("half");
    await arrived;
    sent.destroy(new Error("the client is gone"));
    await failed;
    await hub[Symbol.asyncDispose]();
    expect(hub.server.conformanceErrors).toEqual([]);
  });
});

describe("requests that are not valid", () => {
  test.each([
    // GitHub docs, "Troubleshooting the REST API" and "Client errors".
    ["broken JSON", '{"name":', 400, "Problems parsing JSON"],
    ["JSON that is not an object", '"name"', 400, "Body should be a JSON object"],
    ["a missing field", "{}", 422, `Invalid request.\n\n"name" wasn't supplied.`],
    ["no body where one is needed", "", 422, `Invalid request.\n\n"name" wasn't supplied.`],
    ["a wrong type", '{"name":1}', 422, "Invalid request.\n\nFor 'properties/name', 1 is not a string."],
  ])("%s", async (_, bytes, status, message) => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const response = await hub.as("alice").request(NEW_LABEL, {}, { bytes });
    expect(response).toMatchObject({ status, body: { message, status: String(status) } });
    expect(response.body.documentation_url).toBe("https://docs.github.com/rest/issues/labels#create-a-label");
  });

  test("ids that are not numbers are a 404", async () => {
    await using hub = await startTestHub({ routes: [route("checks/get", () => ok({}))] });
    const response = await hub.as("alice").request("GET /repos/{owner}/{repo}/check-runs/{id}", { id: "last" });
    expect(response).toMatchObject({ status: 404, body: { message: "Not Found" } });
  });

  test("query values GitHub does not accept are rejected, and defaults are filled in", async () => {
    const seen: (string | undefined)[] = [];
    const checks = route("checks/list-for-ref", ({ query, path }) => {
      seen.push(query["filter"], query["per_page"], path["ref"]);
      return list([], () => ({}), "check_runs");
    });
    await using hub = await startTestHub({ routes: [checks] });
    const path = "GET /repos/{owner}/{repo}/commits/{ref}/check-runs";
    expect(await hub.as("alice").request(path, { ref: "feature/x", filter: "some" })).toMatchObject({
      status: 422,
      body: { message: `Invalid request.\n\nFor 'properties/filter', some is not a member of ["latest", "all"].` },
    });
    expect(await hub.as("alice").request(path, { ref: "feature/x" })).toMatchObject({ status: 200 });
    expect(seen).toEqual(["latest", "30", "feature/x"]);
  });
});

describe("the client", () => {
  test("cannot send more than 100 MB", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const status = await new Promise((resolve) => {
      const headers = { "content-length": 101 * 1024 * 1024, "user-agent": "test" };
      const outgoing = rawRequest(
        `${hub.server.url}/repos/acme/model/labels`,
        { method: "POST", headers },
        (response) => {
          resolve(response.statusCode);
          outgoing.destroy();
        },
      );
      outgoing.on("error", () => {}).write("{");
    });
    expect(status).toBe(413);
  });

  test("needs a User-Agent", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const status = await new Promise((resolve, reject) => {
      const outgoing = rawRequest(`${hub.server.url}/repos/acme/model/labels`, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.removeHeader("user-agent");
      outgoing.on("error", reject).end();
    });
    expect(status).toBe(403);
  });

  test("gets a list of the supported API versions", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const request = (version: string) =>
      hub.as("alice").request(LABELS, {}, { headers: { "x-github-api-version": version } });
    expect((await request("2026-03-10")).headers.get("x-github-api-version-selected")).toBe("2026-03-10");
    expect(await request("v3")).toMatchObject({
      status: 400,
      body: {
        message:
          'The version you specified in the "X-GitHub-API-Version" request header, "v3", is not a supported version. ' +
          'The following versions are currently supported: "2026-03-10" (most recent), "2022-11-28".',
      },
    });
  });

  test("must accept a type GitHub can send", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const request = (accept: string) => hub.as("alice").request(LABELS, {}, { headers: { accept } });
    expect(await request("text/plain")).toMatchObject({
      status: 415,
      body: { message: "Unsupported 'Accept' header: 'text/plain'. Must accept 'application/json'." },
    });
    expect((await request("text/html,*/*;q=0.8")).status).toBe(200);
  });

  test.each([
    ["application/vnd.github+json", "github.v3; format=json"],
    ["application/vnd.github.raw+json", "github.v3; param=raw; format=json"],
    ["application/vnd.github.v3.diff", "github.v3; param=diff"],
    ["*/*", "github.v3; format=json"],
  ])("that accepts %s gets the media type %s", async (accept, expected) => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const { headers } = await hub.as("alice").request(LABELS, {}, { headers: { accept } });
    expect(headers.get("x-github-media-type")).toBe(expected);
  });
});

describe("headers", () => {
  test("are those of GitHub's replies", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    hub.world.clock.advance(86_400_000);
    const { headers } = await hub.as("alice").request(LABELS);
    expect(headers.get("x-github-request-id")).toMatch(/^C0DE:/);
    expect(headers.get("x-oauth-scopes")).toBe("repo, workflow");
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(Math.abs(Date.parse(headers.get("date") ?? "") - hub.world.clock.now().getTime())).toBeLessThan(60_000);
    const job = await hub.asJob({ issues: "read" }).request(LABELS);
    expect(job.headers.get("x-accepted-github-permissions")).toBe("issues=read; pull_requests=read");
    expect(job.headers.get("x-oauth-scopes")).toBeNull();
  });

  test("GHES serves below /api/v3, with its version and without unsupported operations", async () => {
    const attest = route("repos/list-attestations", () => ok({ attestations: [] }));
    await using hub = await startTestHub({ routes: [...sampleRoutes, attest], profile: "ghes-3.19" });
    expect(hub.server.url).toMatch(/\/api\/v3$/);
    const { status, headers } = await hub.as("alice").request(LABELS);
    expect(status).toBe(200);
    expect(headers.get("x-github-enterprise-version")).toBe("3.19.0");
    expect(headers.get("x-ratelimit-limit")).toBeNull();
    const path = "GET /repos/{owner}/{repo}/attestations/{subject_digest}";
    expect((await hub.as("alice").request(path, { subject_digest: "sha256:0" })).status).toBe(404);
  });

  test("an unchanged reply is a 304 without a body, and HEAD has only the headers", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const first = await hub.as("alice").request(LABELS);
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    expect(await hub.as("alice").request(LABELS, {}, { headers })).toMatchObject({ status: 304, body: "" });
    await hub.as("alice").request(NEW_LABEL, { name: "new" });
    expect((await hub.as("alice").request(LABELS, {}, { headers })).status).toBe(200);
    const head = await hub.as("alice").request("HEAD /repos/{owner}/{repo}/labels");
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
  });

  test("a new object has its URL in `location`", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const { headers } = await hub.as("alice").request(NEW_LABEL, { name: "new" });
    expect(headers.get("location")).toBe("https://example.test/labels/new");
  });
});

describe("other handlers on the same port", () => {
  test("mounts are called in order for paths that are not operations, and browsers get the page at `/`", async () => {
    await using hub = await startTestHub({ routes: [] });
    const called: string[] = [];
    const server = await startRest({
      world: hub.world,
      routes: [...sampleRoutes, route("meta/root", () => ok({}))],
      mounts: [
        (_request, _response, url) => {
          called.push(url.pathname);
          return false;
        },
        (_request, response, url) => {
          if (!url.pathname.startsWith("/-/") && url.pathname !== "/") return false;
          response.writeHead(200, { "content-type": "text/html" }).end("<h1>hub</h1>");
          return true;
        },
      ],
    });
    const get = (path: string, accept: string) => fetch(server.origin + path, { headers: { accept } });
    expect(await (await get("/-/acme", "text/html")).text()).toBe("<h1>hub</h1>");
    expect(await (await get("/", "text/html,*/*")).text()).toBe("<h1>hub</h1>");
    expect((await get("/repos/acme/model/labels", "text/html,*/*")).headers.get("content-type")).toContain("json");
    expect((await get("/elsewhere", "*/*")).status).toBe(501);
    expect(called).toEqual(["/-/acme", "/", "/elsewhere"]);
    server.takeConformanceErrors();
    await server.close();
  });
});
