/** Responses that are not what GitHub sends: of another shape, size or direction. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type HttpResponse, jsonResponse } from "../http/http-messages.ts";
import { sampleRoutes } from "../serving/sample-routes.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import type { Fault } from "./faults.ts";
import { distort } from "./wrong-response.ts";

const url = new URL("http://127.0.0.1:4111/repos/acme/model/labels?page=2");

describe("wrong types", () => {
  const original = { id: 7, name: "new", author: { login: "alice", bot: false }, labels: [{ id: 1 }], note: null };
  const distorted = (seed: number, response = jsonResponse(200, original)): HttpResponse =>
    distort(response, [{ kind: "wrong types", seed }], url);
  const textOf = (seed: number): string => distorted(seed).body.toString();

  test("the same seed gives the same response, and every response is JSON that differs in one value", () => {
    for (let seed = 0; seed < 300; seed++) {
      const text = textOf(seed);
      expect(textOf(seed)).toBe(text);
      expect(JSON.parse(text)).not.toEqual(original);
    }
  });

  test("each value gets another type, disappears, and a number becomes text", () => {
    const texts = Array.from({ length: 2_000 }, (_, seed) => textOf(seed));
    for (const part of [
      '"id":"7"',
      '"id":null',
      '"name":7',
      '"bot":"text"',
      '"labels":{}',
      '"labels":[]',
      '"note":true',
    ])
      expect(texts.some((text) => text.includes(part))).toBe(true);
    for (const part of ['"login"', '"id":7', '"note"']) expect(texts.some((text) => !text.includes(part))).toBe(true);
    expect(texts).toContain("[]");
  });

  test.each([
    ["an error", jsonResponse(404, { message: "Not Found" })],
    ["an answer without content", { status: 204, headers: {}, body: Buffer.alloc(0) }],
    ["bytes", { status: 200, headers: { "content-type": "application/zip" }, body: Buffer.from("PK") }],
  ])("%s stays as it is", (_, response) => {
    expect(distorted(1, response)).toEqual(response);
  });
});

describe("over HTTP", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: sampleRoutes });
  });
  afterAll(() => hub[Symbol.asyncDispose]());
  afterEach(() => hub.server.faults.clear());

  const list = (fault: Fault) => {
    hub.server.faults.next({}, fault);
    return hub.as("alice").request("GET /repos/{owner}/{repo}/labels");
  };

  test("a huge response is the response, after white space", async () => {
    const { headers, body } = await list({ kind: "huge", megabytes: 3 });
    expect(Number(headers.get("content-length"))).toBeGreaterThan(3 * 1024 * 1024);
    expect(body.length).toBeGreaterThan(0);
  });

  test("an endless one ends when the client hangs up", async () => {
    hub.server.faults.next({}, { kind: "huge", megabytes: "endless" });
    const response = await fetch(`${hub.server.url}/repos/acme/model/labels`, { headers: { "user-agent": "test" } });
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > 20 * 1024 * 1024) break;
    }
    expect(size).toBeGreaterThan(20 * 1024 * 1024);
    expect((await list({ kind: "latency", ms: 0 })).status).toBe(200);
  });

  test.each<[string, Fault, RegExp]>([
    [
      "the same page again",
      { kind: "foreign link" },
      /^<http:\/\/127\.0\.0\.1:\d+\/repos\/acme\/model\/labels>; rel="next"$/,
    ],
    ["another host", { kind: "foreign link", to: "https://elsewhere.invalid/" }, /^<https:\/\/elsewhere\.invalid\/>/],
  ])("the next page is %s", async (_, fault, link) => {
    const { headers, body } = await list(fault);
    expect(headers.get("link")).toMatch(link);
    expect(body.length).toBeGreaterThan(0);
  });

  test("a redirect has its address, or none", async () => {
    const { headers } = await list({ kind: "redirect", status: 302, to: "https://elsewhere.invalid/" });
    expect(headers.get("location")).toBe("https://elsewhere.invalid/");
    expect((await list({ kind: "redirect", status: 302 })).headers.get("location")).toBeNull();
  });

  test.each(["", "null", "{}", "[]"] as const)("an empty response: %j", async (body) => {
    const response = await list({ kind: "empty", body, when: "after" });
    expect([response.status, response.body]).toEqual([200, body === "" ? "" : JSON.parse(body)]);
  });
});
