import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseRefs } from "./list-refs.ts";
import { createTestClient } from "./testing.ts";

let hub: LocalGitHub;
let commit: string;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
  commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  const { rest, repository } = createTestClient(hub);
  const tag = { tag: "a#1", message: "a", object: commit, type: "commit" } as const;
  const { data } = await rest.git.createTag({ ...repository, ...tag });
  await rest.git.createRef({ ...repository, ref: "refs/tags/a#1", sha: data.sha });
  for (const name of ["a#2", "a#10", "b#1"])
    await rest.git.createRef({ ...repository, ref: `refs/tags/${name}`, sha: commit });
});
afterAll(() => hub.close());

const clientOf = (repository: string | undefined, token = hub.token) =>
  createTestClient(hub, {
    token,
    context: { repository: "octo/model", urls: { api: hub.apiUrl, ...(repository !== undefined && { repository }) } },
  });

test("refs by several prefixes, which of them are annotated, and the default branch, in one request", async () => {
  const before = hub.journal.requests().length;
  const found = await clientOf(`${hub.url}/octo/model`).listRefs(["refs/tags/a#1", "refs/tags/b", "refs/tags/none"]);
  expect(found?.refs.map(({ name, annotated }) => [name, annotated])).toEqual([
    ["refs/tags/a#1", true],
    ["refs/tags/a#10", false],
    ["refs/tags/b#1", false],
  ]);
  expect([found?.defaultBranch, found?.refs[1]?.object]).toEqual(["main", commit]);
  expect(hub.journal.requests().length).toBe(before + 1);
});

test("what git's server does not answer is asked of the API", async () => {
  expect(await clientOf(undefined).listRefs(["refs/tags/a"])).toBeUndefined();
  expect(await clientOf(`${hub.url}/octo/other`).listRefs(["refs/tags/a"])).toBeUndefined();
  expect(await clientOf(`${hub.url}/octo/model`, "wrong").listRefs(["refs/tags/a"])).toBeUndefined();
  expect(await clientOf("http://127.0.0.1:9/octo/model").listRefs(["refs/tags/a"])).toBeUndefined();
});

test("a redirect is not followed: the token is for one address", async () => {
  let asked = 0;
  const other = createServer((_, response) => {
    asked += 1;
    response.writeHead(307, { location: `${hub.url}/octo/model.git/git-upload-pack` }).end();
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  expect(await clientOf(`http://127.0.0.1:${port}/octo/model`).listRefs(["refs/tags/a"])).toBeUndefined();
  expect(asked).toBe(1);
});

describe("a response that is not complete, or of another kind, counts as none", () => {
  const line = (text: string): string => `${(text.length + 5).toString(16).padStart(4, "0")}${text}\n`;
  const ref = line(`${"a".repeat(40)} refs/tags/a peeled:${"b".repeat(40)}`);
  const parse = (text: string) => parseRefs(Buffer.from(text), ["refs/tags/"]);

  test("one that is complete is read, without what nobody asked for", () => {
    const head = line(`${"a".repeat(40)} HEAD symref-target:refs/heads/main`);
    const refs = [{ name: "refs/tags/a", object: "a".repeat(40), annotated: true }];
    expect(parse(`${head}${ref}${line(`${"a".repeat(40)} refs/heads/x`)}0000`)).toEqual({
      refs,
      defaultBranch: "main",
    });
    expect(parse("0000")).toEqual({ refs: [], defaultBranch: undefined });
  });

  test.each([
    ["nothing", ""],
    ["without its end", ref],
    ["cut within a line", `${ref}${ref.slice(0, 20)}`],
    ["with something behind its end", `${ref}0000${ref}`],
    ["with a line of no length", `0004${ref}0000`],
    ["with a length that is none", `-001${ref}0000`],
    ["with a line that is no ref", `${line("ERR no")}0000`],
    ["with a short object", `${line(`${"a".repeat(39)} refs/tags/a`)}0000`],
    ["a page of a proxy", "<html></html>"],
  ])("%s", (_, text) => {
    expect(parse(text)).toBeUndefined();
  });
});
