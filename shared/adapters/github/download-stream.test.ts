import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GitHubError } from "./github.ts";
import { createTestClient } from "./testing.ts";

const CONTENT = randomBytes(3_000_000);
const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
});
afterAll(() => hub.close());

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Serves what comes after `/storage`, as the storage behind GitHub's API; each connection ends after so many bytes. */
async function startStorage({ part, ranges }: { readonly part: number; readonly ranges: boolean }) {
  const seen: { readonly range: string | undefined; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/file") {
      const { port } = storage.address() as AddressInfo;
      response.writeHead(302, { location: `http://localhost:${port}/storage` }).end();
      return;
    }
    response.writeHead(404).end("{}");
  });
  const storage = createServer(({ headers }, response) => {
    seen.push({ range: headers.range, authorization: headers.authorization });
    const [, from = "0"] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
    const start = ranges ? Number(from) : 0;
    response.writeHead(start > 0 ? 206 : 200, {
      "content-length": CONTENT.length - start,
      ...(start > 0 && { "content-range": `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}` }),
    });
    // Without ranges each try gets further than the one before it.
    const length = ranges ? part : part * seen.length;
    response.write(CONTENT.subarray(start, start + length), () => {
      if (start + length >= CONTENT.length) response.end();
      else response.destroy();
    });
  });
  await Promise.all([server, storage].map((each) => new Promise<void>((done) => each.listen(0, "127.0.0.1", done))));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ api, seen },
    client: createTestClient(hub, { context: { repository: "octo/model", urls: { api } } }),
    [Symbol.asyncDispose]: async () => {
      for (const each of [server, storage]) {
        each.closeAllConnections();
        await new Promise((done) => each.close(done));
      }
    },
  };
}

test.each([true, false])("a download that breaks off goes on (the storage knows ranges: %s)", async (ranges) => {
  await using storage = await startStorage({ part: 1_000_000, ranges });
  const read = await readAll(storage.client.stream({ url: `${storage.api}/file` }));
  expect(digestOf(read)).toBe(digestOf(CONTENT));
  expect(storage.seen.length).toBeGreaterThan(2);
  expect(storage.seen.at(-1)?.range).toMatch(/^bytes=\d+-$/);
  // The token stays with the API's host.
  expect(storage.seen.map(({ authorization }) => authorization)).toEqual(storage.seen.map(() => undefined));
});

test("a part is asked for by its first byte, and refused where the storage only has the whole", async () => {
  await using storage = await startStorage({ part: CONTENT.length, ranges: true });
  const tail = await readAll(storage.client.stream({ url: `${storage.api}/file` }, CONTENT.length - 10));
  expect(tail).toEqual(CONTENT.subarray(-10));
  await using whole = await startStorage({ part: CONTENT.length, ranges: false });
  await expect(readAll(whole.client.stream({ url: `${whole.api}/file` }, 10))).rejects.toThrow(/range-unsupported/);
});

test("a storage that never gives a byte is given up, and a missing file is named", async () => {
  await using storage = await startStorage({ part: 0, ranges: true });
  await expect(readAll(storage.client.stream({ url: `${storage.api}/file` }))).rejects.toThrow(/github-unreachable/);
  await expect(readAll(storage.client.stream({ url: `${storage.api}/nothing` }))).rejects.toThrow(GitHubError);
});
