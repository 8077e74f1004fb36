import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NewTag } from "../../core/registry/registry.ts";
import { createDeceivedClient, createTestClient } from "../github/testing.ts";
import { createGitTagRegistry } from "./git-tag-registry.ts";

let hub: LocalGitHub;
let main: string;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
  main = (await hub.repository.git.ref("refs/heads/main"))?.sha ?? "";
});
afterAll(() => hub.close());

const registry = () => createGitTagRegistry(createTestClient(hub));
const tag = (name: string, message = "Message"): NewTag => ({
  name,
  commit: main,
  message,
  at: "2026-06-15T12:00:00Z",
});

test("a tag is created once, and creating it again returns the same", async () => {
  const { ref, mine } = await registry().create(tag("visits@v1.0.0"));
  expect(mine).toBe(true);
  expect(await registry().create(tag("visits@v1.0.0"))).toEqual({ ref, mine: true });
  expect(await registry().create(tag("visits@v1.0.0", "Other"))).toEqual({ ref, mine: false });
  expect(await registry().read(ref)).toMatchObject({ name: "visits@v1.0.0", commit: main, message: "Message" });
});

test("of many who create different tags of one name, one is first, and all see which", async () => {
  const made = await Promise.all(["a", "b", "c", "d"].map((text) => registry().create(tag("visits@v2.0.0", text))));
  expect(made.filter(({ mine }) => mine)).toHaveLength(1);
  expect(new Set(made.map(({ ref }) => ref.object)).size).toBe(1);
});

test.each(["git/create-tag", "git/create-ref"])("a lost response to %s makes no second tag", async (operation) => {
  hub.faults.next({ operation }, { kind: "status", status: 502, when: "after" });
  expect((await registry().create(tag(`visits#${operation.replace("git/", "")}#1`))).mine).toBe(true);
});

test("a success without effect is noticed: the tag is there in the end", async () => {
  const object = "c".repeat(40);
  const answer = { ref: "refs/tags/lie@v1.0.0", object: { sha: object, type: "tag" } };
  const deceived = createGitTagRegistry(createDeceivedClient(hub, { to: "POST /git/refs", answer }));
  const { ref, mine } = await deceived.create(tag("lie@v1.0.0"));
  expect(mine).toBe(true);
  expect(await registry().list("lie")).toEqual([ref]);
});

test("nothing points to a tag object that is not the one that was sent", async () => {
  const first = await registry().create(tag("lie@v2.0.0"));
  const answer = { sha: first.ref.object };
  const deceived = createGitTagRegistry(createDeceivedClient(hub, { to: "POST /git/tags", answer }));
  await expect(deceived.create(tag("lie@v3.0.0", "Another"))).rejects.toThrow("[github-odd-answer]");
  expect((await registry().list("lie")).map(({ name }) => name)).not.toContain("lie@v3.0.0");
});

test("a list contains one model's tags, more than a page of them, and nothing else", async () => {
  for (let number = 1; number <= 101; number++) {
    await hub.repository.git.createRef(`refs/tags/many#staging#${number}`, main);
  }
  for (const name of ["many-2@v1.0.0", "many", "many@latest"])
    await hub.repository.git.createRef(`refs/tags/${name}`, main);
  const names = (await registry().list("many")).map(({ name }) => name);
  expect(names).toHaveLength(101);
  expect(await registry().list("none")).toEqual([]);
});

test("a tag without a record is rejected", async () => {
  const [plain] = await registry().list("many");
  if (plain === undefined) throw new Error("no tags");
  await expect(registry().read(plain)).rejects.toThrow("tag-not-annotated");
});
