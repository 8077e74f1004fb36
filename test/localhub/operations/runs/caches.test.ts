import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Repository } from "../../world/repository.ts";
import { createWorld, type World } from "../../world/world.ts";
import { createAccount } from "../people/accounts.ts";
import { createRepository } from "../people/repositories.ts";
import { addCache, deleteCaches, findCache, liveCaches, readCache } from "./caches.ts";

const DAY_MS = 86_400_000;

let directory: string;
let world: World;
let repository: Repository;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "caches-"));
  world = createWorld({ directory });
  repository = await createRepository(world, { owner: createAccount(world, { login: "acme" }), name: "model" });
});

afterEach(async () => {
  world.clock.stop();
  await rm(directory, { recursive: true, force: true });
});

async function save(key: string, ref = "refs/heads/main", { version = "v", size = 1, bytes = 100 } = {}) {
  const file = join(directory, `${repository.actions.caches.size}-${key}.cache`);
  await writeFile(file, key);
  world.clock.advance(1);
  return addCache(world, repository, { key, version, ref, size, file }, { bytes, unusedDays: 7 });
}

const read = (refs: readonly string[], ...keys: readonly string[]): string | undefined => {
  const entry = readCache(world, repository, { refs: refs.map((ref) => `refs/heads/${ref}`), keys, version: "v" });
  return entry && `${entry.ref.slice("refs/heads/".length)}:${entry.key}`;
};

// GitHub docs, "Cache key matching" and "Restrictions for accessing a cache".
describe("a restore", () => {
  beforeEach(async () => {
    await save("npm-1");
    await save("npm-2");
    await save("npm-1", "refs/heads/feature");
    await save("pip-1", "refs/heads/main");
    await save("npm-9", "refs/heads/other");
    await save("npm-1-other-paths", "refs/heads/feature", { version: "w" });
  });

  test.each<[string, readonly string[], readonly string[], string | undefined]>([
    ["the exact key on its own ref", ["feature", "main"], ["npm-1"], "feature:npm-1"],
    ["the exact key on the default branch", ["feature", "main"], ["npm-2"], "main:npm-2"],
    ["the newest that starts with the key", ["main"], ["npm-"], "main:npm-2"],
    ["a restore key on its own ref before the key on another", ["feature", "main"], ["npm-2", "npm-"], "feature:npm-1"],
    ["restore keys in their order", ["main"], ["npm-3", "pip-", "npm-"], "main:pip-1"],
    ["nothing of a ref outside of its scope", ["feature", "main"], ["npm-9"], undefined],
    ["nothing of another version", ["feature"], ["npm-1-other"], undefined],
    ["nothing at all", ["main"], ["cargo"], undefined],
  ])("finds %s", (_, refs, keys, expected) => {
    expect(read(refs, ...keys)).toBe(expected);
  });
});

describe("eviction", () => {
  test("deletes the least recently used first when the repository is over its limit, with their files", async () => {
    for (const key of ["a", "b", "c"]) await save(key, "refs/heads/main", { size: 40, bytes: 120 });
    world.clock.advance(1);
    expect(read(["main"], "a")).toBe("main:a");
    await save("d", "refs/heads/main", { size: 60, bytes: 120 });
    expect(liveCaches(world, repository).map(({ key }) => key)).toEqual(["a", "d"]);
    expect((await readdir(directory)).filter((name) => name.endsWith(".cache"))).toHaveLength(2);
  });

  // GitHub docs, "Usage limits and eviction policy".
  test("deletes entries that were unused for seven days; a restore is a use", async () => {
    await save("used");
    await save("unused");
    world.clock.advance(6 * DAY_MS);
    expect(read(["main"], "used")).toBe("main:used");
    world.clock.advance(2 * DAY_MS);
    expect(liveCaches(world, repository).map(({ key }) => key)).toEqual(["used"]);
  });
});

test("deleting by key deletes every version, on one ref or on all, and fails for an unknown key", async () => {
  await save("npm", "refs/heads/main");
  await save("npm", "refs/heads/main", { version: "w" });
  await save("npm", "refs/heads/feature");
  await save("npm-1", "refs/heads/main");
  expect(deleteCaches(world, repository, "npm", "refs/heads/feature")).toHaveLength(1);
  expect(deleteCaches(world, repository, "npm", undefined)).toHaveLength(2);
  expect(() => deleteCaches(world, repository, "npm", undefined)).toThrow("Not Found");
  expect(findCache(world, repository, { key: "npm-1", version: "v", ref: "refs/heads/main" })).toBeDefined();
});
