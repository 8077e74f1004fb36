import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestClient } from "../github/testing.ts";
import { readParamChanges } from "./read-param-changes.ts";

let hub: LocalGitHub;
let before: string;
let after: string;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "params.yaml": "lr: 1\n", "dvc.lock": "stages: {}\n" } });
  before = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
  after = await hub.push({ files: { "params.yaml": "lr: 2\n", "a.txt": "a" } });
});
afterAll(() => hub.close());

const read = (paths: readonly string[] | undefined, local?: Parameters<typeof readParamChanges>[3]) =>
  readParamChanges(createTestClient(hub), { base: { commit: before, branch: "main" }, judged: after }, paths, local);
const LR = [{ name: "lr", before: "1", after: "2" }];

test("files that may differ are read at both commits, and others are not", async () => {
  const start = hub.journal.requests().length;
  expect(await read(["a.txt", "params.yaml"])).toEqual(LR);
  expect(hub.journal.requests().length - start).toBe(2);
  expect(await read(["a.txt"])).toEqual([]);
  expect(await read(undefined)).toEqual([]);
  expect(hub.journal.requests().length - start).toBe(2);
});

test("a checkout saves half of the requests", async () => {
  const start = hub.journal.requests().length;
  const local = {
    readFile: async (_: string, path: string) => new TextEncoder().encode(path === "params.yaml" ? "lr: 2\n" : ""),
  };
  expect(await read(["params.yaml"], local)).toEqual(LR);
  expect(hub.journal.requests().length - start).toBe(1);
});

test("without an answer of GitHub nothing is shown, and nothing fails", async () => {
  using _ = hub.faults.always({ operation: "repos/get-content" }, { kind: "status", status: 403 });
  expect(await read(["params.yaml"])).toEqual([]);
});

test("a first commit has nothing to be compared with", async () => {
  expect(await readParamChanges(createTestClient(hub), { base: undefined, judged: after }, ["params.yaml"])).toEqual(
    [],
  );
});
