/** Foreign servers: the token goes to the API's own origin, whatever a response says, and an odd body is only a body. */
import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createGitHub } from "./client.ts";
import type { GitHub } from "./github.ts";
import { getOctokit } from "./octokit.ts";
import { createFakeTime, silentLog } from "./testing.ts";

const servers: Server[] = [];
afterEach(() => {
  vi.unstubAllGlobals();
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<{ readonly url: string; readonly seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const client = (api: string): GitHub =>
  createGitHub({
    getOctokit,
    token: "ghs_secret",
    context: { urls: { api }, repository: "octo/model" },
    log: silentLog,
    signal: new AbortController().signal,
    time: createFakeTime(),
  });

const readRepository = async ({ rest, repository }: GitHub): Promise<unknown> =>
  (await rest.repos.get(repository)).data;

const downloadArtifact = ({ download, rest, repository }: GitHub): Promise<Uint8Array> =>
  download(rest.actions.downloadArtifact.endpoint({ ...repository, artifact_id: 3, archive_format: "zip" }));

const redirect =
  (to: () => string, status = 302): RequestListener =>
  (_, response) =>
    response.writeHead(status, { location: to() }).end();

describe("the token", () => {
  test.each([301, 302, 307, 308])("is not sent after a redirect (%i) of the API to another host", async (status) => {
    const rogue = await serve((_, response) => response.end("{}"));
    const api = await serve(redirect(() => `${rogue.url}/repos`, status));
    await expect(readRepository(client(api.url))).rejects.toThrow(/redirected to another host/);
    expect(rogue.seen).toEqual([]);
    expect(api.seen).toHaveLength(1);
  });

  test("is not sent to the storage of a download, and the bytes arrive", async () => {
    const storage = await serve((_, response) => response.end("zip bytes"));
    const api = await serve(redirect(() => `${storage.url}/blob?sig=1`));
    const bytes = await downloadArtifact(client(api.url));
    expect(Buffer.from(bytes).toString()).toBe("zip bytes");
    expect(api.seen[0]?.headers.authorization).toBe("Bearer ghs_secret");
    expect(storage.seen[0]?.headers.authorization).toBeUndefined();
  });

  test("of a download is asked for a new address when storage refuses the old one", async () => {
    const storage = await serve(({ url }, response) =>
      url === "/blob?sig=2" ? response.end("zip bytes") : response.writeHead(403).end("<Error>expired</Error>"),
    );
    let signatures = 0;
    const api = await serve(redirect(() => `${storage.url}/blob?sig=${++signatures}`));
    expect(Buffer.from(await downloadArtifact(client(api.url))).toString()).toBe("zip bytes");
    signatures = 2;
    await expect(downloadArtifact(client(api.url))).rejects.toThrow(/responded with 403.*\[github-unreachable\]/);
  });

  test.each(["other.invalid", "127.0.0.1:1@rogue.invalid"])("is not sent to a next page at %s", async (host) => {
    const link = `<http://${host}/page/2>; rel="next"`;
    const api = await serve((_, response) => response.writeHead(200, { link }).end("[]"));
    const github = client(api.url);
    await expect(github.readAll(github.rest.repos.listTags, github.repository)).rejects.toThrow(
      /leads to \S+\.invalid, which is not the API of this GitHub.*\[github-foreign-address\]/,
    );
    expect(api.seen).toHaveLength(1);
  });
});

describe("a refused redirect is final", () => {
  test("of a create: it is neither sent again nor looked for", async () => {
    const api = await serve(redirect(() => "http://rogue.invalid/", 307));
    const { rest, repository, writeOnce } = client(api.url);
    const send = () => rest.issues.create({ ...repository, title: "x" });
    const find = () => Promise.reject(new Error("looked for"));
    await expect(writeOnce({ send, find })).rejects.toThrow(
      /^POST \/repos\/octo\/model\/issues was redirected to another host, rogue.invalid\. Check .* \[github-redirect-refused\]$/,
    );
    expect(api.seen).toHaveLength(1);
  });

  test("of a circle: it is followed a few times, once", async () => {
    const api = await serve(redirect(() => "/again"));
    await expect(readRepository(client(api.url))).rejects.toThrow(/redirected more than 3 times/);
    expect(api.seen).toHaveLength(4);
    await expect(downloadArtifact(client(api.url))).rejects.toThrow(/redirected more than 5 times/);
    expect(api.seen).toHaveLength(10);
  });

  test("of a download that would not be encrypted", async () => {
    const location = "http://storage.invalid/blob";
    const fetch = vi.fn(async () => new Response(null, { status: 302, headers: { location } }));
    vi.stubGlobal("fetch", fetch);
    const download = downloadArtifact(client("https://api.invalid"));
    await expect(download).rejects.toThrow(/redirected to http:\/\/storage.invalid, which is not encrypted/);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe("where a request goes", () => {
  test.each([
    ["a renamed repository", "/repositories/1", 301],
    ["a moved one", "/repositories/1", 307],
  ])("%s is followed on the same host", async (_, to, status) => {
    const api = await serve((request, response) => {
      if (request.url === to) response.end('{"id": 1}');
      else response.writeHead(status, { location: to }).end();
    });
    expect(await readRepository(client(api.url))).toEqual({ id: 1 });
  });

  test("an Enterprise Server's prefix is kept, and names cannot lead to another path", async () => {
    const api = await serve((_, response) => response.end("{}"));
    const { rest, repository } = client(`${api.url}/api/v3/`);
    await rest.git.getRef({ ...repository, ref: "tags/visits#production#3" });
    await rest.repos.getContent({ ...repository, path: "a b/ü?.yml", ref: "main" });
    await rest.repos.getContent({ ...repository, path: "../../user" });
    expect(api.seen.map(({ url }) => url)).toEqual([
      "/api/v3/repos/octo/model/git/ref/tags%2Fvisits%23production%233",
      "/api/v3/repos/octo/model/contents/a%20b%2F%C3%BC%3F.yml?ref=main",
      "/api/v3/repos/octo/model/contents/..%2F..%2Fuser",
    ]);
    for (const path of [".", ".."]) {
      await expect(rest.repos.getContent({ ...repository, path })).rejects.toThrow(/none may be "." or ".."/);
    }
    expect(api.seen).toHaveLength(3);
  });

  test("a proxy that the runner names sees every request", async () => {
    const api = await serve((_, response) => response.end('{"id": 5}'));
    const tunnels: string[] = [];
    const proxy = await serve((_, response) => response.writeHead(502).end());
    servers.at(-1)?.on("connect", (request: IncomingMessage, socket) => {
      tunnels.push(request.url ?? "");
      const target = connect(Number(new URL(api.url).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      socket.on("error", () => target.destroy());
    });
    const script = `
      import { createGitHub } from ${JSON.stringify(fileURLToPath(new URL("client.ts", import.meta.url)))};
      const log = { info() {}, notice() {}, warn() {}, error() {}, group: (_, work) => work() };
      const context = { urls: { api: "http://ghes.test/api/v3", server: "http://ghes.test" }, repository: "o/r" };
      import { getOctokit } from ${JSON.stringify(fileURLToPath(new URL("octokit.ts", import.meta.url)))};
      const github = createGitHub({ getOctokit, token: "t", context, log, signal: new AbortController().signal });
      console.log(JSON.stringify((await github.rest.repos.get(github.repository)).data));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      env: { PATH: process.env["PATH"], http_proxy: proxy.url },
    });
    expect(JSON.parse(stdout)).toEqual({ id: 5 });
    expect(tunnels).toEqual(["ghes.test:80"]);
  });
});

test("a byte order mark before a body does not matter", async () => {
  const api = await serve((_, response) => response.end('\uFEFF{"name":"model"}'));
  expect(await readRepository(client(api.url))).toEqual({ name: "model" });
});
