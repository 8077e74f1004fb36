/** A server that is no GitHub: what it sends is an error with a code, whatever it is. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createGitHub } from "./client.ts";
import type { GitHub } from "./github.ts";
import { getOctokit } from "./octokit.ts";
import { createFakeTime, silentLog } from "./testing.ts";

async function connect(respond: RequestListener): Promise<GitHub> {
  const server = createServer(respond).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  const context = { repository: "octo/model", urls: { api } };
  return createGitHub({ getOctokit, token: "t", context, log: silentLog, signal, time: createFakeTime() });
}

const listComments = ({ rest, repository, readAll }: GitHub) =>
  readAll(rest.issues.listComments, { ...repository, issue_number: 1 });

const nested = "[".repeat(200_000) + "]".repeat(200_000);

test.for([nested, `[{"id": 1, "body": ${nested}}]`])(
  "JSON that is nested too deeply to be written again",
  async (body) => {
    const github = await connect((_, response) => response.setHeader("content-type", "application/json").end(body));
    await expect(listComments(github)).rejects.toThrow(/no JSON object or list.*github-unreachable/);
  },
);

test.for([202, 204, 205])("status %d for a list is not a list without items", async (status) => {
  const github = await connect((_, response) => response.writeHead(status).end());
  await expect(listComments(github)).rejects.toThrow(new RegExp(`responded with ${status}.*github-list-incomplete`));
});

test("pages without an end are not called a long list", async () => {
  const github = await connect((request, response) => {
    response.setHeader("content-type", "application/json");
    response.setHeader("link", `<http://${request.headers.host}${request.url}>; rel="next"`).end('[{"id": 1}]');
  });
  await expect(listComments(github)).rejects.toThrow(/pages do not end, and 100 have 1 items.*github-list-incomplete/);
});
