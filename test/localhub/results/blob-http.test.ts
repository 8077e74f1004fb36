import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { byteRange } from "../operations/runs/byte-range.ts";
import { type Clock, createClock } from "../world/clock.ts";
import { createBlobHandler } from "./blob-http.ts";
import { type BlobStore, createBlobStore } from "./blob-store.ts";
import { createSignedUrls, type SignedUrls } from "./signed-url.ts";

let clock: Clock;
let blobs: BlobStore;
let urls: SignedUrls;
let cleanUp: () => Promise<void>;

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "blobs-"));
  clock = createClock();
  blobs = createBlobStore(directory, clock);
  urls = createSignedUrls(() => origin, clock);
  const handle = createBlobHandler(blobs, urls);
  const server = createServer((request, response) => {
    handle(request, response, new URL(request.url ?? "/", origin)).catch((error: unknown) =>
      response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cleanUp = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    clock.stop();
    await rm(directory, { recursive: true, force: true });
  };
});

afterEach(() => cleanUp());

const put = (url: string, body: string): Promise<Response> => fetch(url, { method: "PUT", body });
const blockUrl = (url: string, block: string): string =>
  `${url}&comp=block&blockid=${encodeURIComponent(Buffer.from(block).toString("base64"))}`;
const blockList = (...blocks: readonly string[]): string =>
  `<BlockList>${blocks.map((block) => `<Latest>${Buffer.from(block).toString("base64")}</Latest>`).join("")}</BlockList>`;

describe("a blob", () => {
  test("is built from blocks in the order of the list, whatever order they arrived in", async () => {
    const id = blobs.reserve();
    const write = urls.sign(id, "w", 1);
    const responses = await Promise.all([put(blockUrl(write, "b"), "world"), put(blockUrl(write, "a?"), "hello ")]);
    expect(responses.map(({ status }) => status)).toEqual([201, 201]);
    expect((await put(`${write}&comp=blocklist`, blockList("a?", "b"))).status).toBe(201);
    const read = await fetch(urls.sign(id, "r", 1));
    expect([read.status, await read.text(), read.headers.get("x-ms-blob-type")]).toEqual([
      200,
      "hello world",
      "BlockBlob",
    ]);
  });

  test("supports HEAD, ranges and a download name", async () => {
    const id = blobs.reserve();
    await put(urls.sign(id, "w", 1), "0123456789");
    const url = urls.sign(id, "r", 1, "modèle.zip");
    const head = await fetch(url, { method: "HEAD" });
    expect([head.headers.get("content-length"), await head.text()]).toEqual(["10", ""]);
    expect(head.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''mod%C3%A8le.zip");
    const part = await fetch(url, { headers: { "x-ms-range": "bytes=2-4" } });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, "234", "bytes 2-4/10"]);
    expect((await fetch(url, { headers: { range: "bytes=10-" } })).status).toBe(416);
  });

  test("is rejected with a list of unknown blocks, and may be empty", async () => {
    const id = blobs.reserve();
    const refused = await put(`${urls.sign(id, "w", 1)}&comp=blocklist`, blockList("never"));
    expect([refused.status, refused.headers.get("x-ms-error-code")]).toEqual([400, "InvalidBlockList"]);
    await put(`${urls.sign(id, "w", 1)}&comp=blocklist`, blockList());
    const read = await fetch(urls.sign(id, "r", 1));
    expect([read.status, await read.text()]).toEqual([200, ""]);
  });

  test("cannot be written once it is sealed, nor with a URL for reading, nor with another blob's signature", async () => {
    const id = blobs.reserve();
    const write = urls.sign(id, "w", 1);
    await put(write, "first");
    expect((await put(urls.sign(id, "r", 1), "x")).status).toBe(403);
    expect((await put(write.replace(id, blobs.reserve()), "x")).status).toBe(403);
    blobs.seal(id);
    expect((await put(write, "second")).status).toBe(403);
    expect(await (await fetch(urls.sign(id, "r", 1))).text()).toBe("first");
  });

  test("cannot be read when the URL has expired or the blob was removed", async () => {
    const id = blobs.reserve();
    await put(urls.sign(id, "w", 1), "content");
    const url = urls.sign(id, "r", 10);
    expect((await fetch(url)).status).toBe(200);
    await blobs.remove(id);
    expect((await fetch(url)).status).toBe(404);
    clock.advance(10 * 60_000);
    const late = await fetch(url);
    expect([late.status, late.headers.get("x-ms-error-code")]).toEqual([403, "AuthenticationFailed"]);
  });
});

// RFC 9110, section 14.1.2.
test.each([
  ["bytes=0-4", { start: 0, end: 4 }],
  ["bytes=5-", { start: 5, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-30", { start: 0, end: 9 }],
  ["bytes=8-100", { start: 8, end: 9 }],
  ["bytes=10-11", "unsatisfiable"],
  ["bytes=-", undefined],
  ["lines=1-2", undefined],
  [undefined, undefined],
])("the range %s of ten bytes", (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});
