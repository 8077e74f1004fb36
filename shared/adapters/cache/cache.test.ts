/** The real toolkit against the local GitHub's cache service: what it says, what it leaves on disk, and what it prints. */
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addJobRecord,
  addRunRecord,
  startTestResultsService,
  type TestResultsService,
} from "@mlops-actions/localhub/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import type { FileDigest } from "../files/workspace-files.ts";
import type { Cache, CacheTrust } from "./cache.ts";
import { createCache } from "./create-cache.ts";

let hub: TestResultsService;
let workspace: string;
const started = process.cwd();
const writers: CacheTrust = { kind: "writers", because: "only this test writes" };
const never = new AbortController().signal;

beforeEach(async () => {
  hub = await startTestResultsService();
  workspace = await mkdtemp(join(tmpdir(), "workspace-"));
  mkdirSync(join(workspace, "temp"));
  process.chdir(workspace);
  setEnvironment(hub.environment(workspace));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  process.chdir(started);
  await hub[Symbol.asyncDispose]();
});

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

const cacheOf = (signal = never): Cache => createCache({ workspace, files: createWorkspaceFiles(workspace), signal });

const write = (path: string, bytes: string | Uint8Array): void => {
  mkdirSync(join(workspace, path, ".."), { recursive: true });
  writeFileSync(join(workspace, path), bytes);
};
const remove = (path: string): void => rmSync(join(workspace, path), { recursive: true, force: true });
const digestFile = (path: string, bytes: string | Uint8Array): FileDigest => ({
  path,
  bytes: Buffer.byteLength(bytes),
  digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
});

/** Saves a checkpoint under the key, and removes it. */
async function keep(key: string, files: Readonly<Record<string, string>> = { "last.pt": "weights" }): Promise<void> {
  for (const [name, text] of Object.entries(files)) write(`ckpt/${name}`, text);
  expect(await cacheOf().save({ key, paths: ["ckpt"] })).toEqual({ kind: "saved" });
  remove("ckpt");
}
const restore = (key: string, options: { prefixes?: readonly string[]; trust?: CacheTrust } = {}) =>
  cacheOf().restore({ key, paths: ["ckpt"], prefixes: [], trust: writers, ...options });

describe("restoring", () => {
  test("gives back what was saved: by its key, and by a prefix the newest", async () => {
    await keep("run-7-1");
    await keep("run-7-2", { "last.pt": "better weights", "deep/optimizer.pt": "momenta" });
    expect(await restore("run-7-1")).toEqual({ kind: "restored", key: "run-7-1", exact: true });
    expect(readFileSync(join(workspace, "ckpt/last.pt"), "utf8")).toBe("weights");
    remove("ckpt");
    expect(await restore("run-8", { prefixes: ["run-7-"] })).toEqual({
      kind: "restored",
      key: "run-7-2",
      exact: false,
    });
    expect(readFileSync(join(workspace, "ckpt/deep/optimizer.pt"), "utf8")).toBe("momenta");
  });

  test("takes 40 MB", async () => {
    const bytes = randomBytes(40 * 1024 * 1024);
    write("ckpt/last.pt", bytes);
    await cacheOf().save({ key: "big", paths: ["ckpt"] });
    remove("ckpt");
    const trust = { kind: "digests", files: [digestFile("ckpt/last.pt", bytes)] } as const;
    expect(await restore("big", { trust })).toMatchObject({ kind: "restored", exact: true });
  });

  test("explains a miss", async () => {
    await keep("run-7-1");
    const outcome = await restore("run-9-1", { prefixes: ["run-9-", "run-8-"] });
    expect(outcome).toEqual({
      kind: "missing",
      reason:
        'no entry "run-9-1", and none that begins with "run-9-" or "run-8-", of the path "ckpt", made by this branch, its base or the default branch',
    });
    expect(await cacheOf().restore({ key: "run-7-1", paths: ["ckpt2"], prefixes: [], trust: writers })).toMatchObject({
      kind: "missing",
    });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ["a file that differs", { "last.pt": "poison" }, "ckpt/last.pt has 6 bytes with the digest sha256:"],
    ["a file more", { "last.pt": "weights", "sitecustomize.py": "import os" }, "ckpt/sitecustomize.py is in it"],
    ["a file less", { "other.pt": "weights" }, "ckpt/last.pt is not in it"],
  ])("refuses %s, and leaves nothing of it", async (_, files, reason) => {
    await keep("run-7-1", files);
    const trust = { kind: "digests", files: [digestFile("ckpt/last.pt", "weights")] } as const;
    const outcome = await restore("run-7-1", { trust });
    expect(outcome).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
    expect(existsSync(join(workspace, "ckpt"))).toBe(false);
  });

  test("refuses a link that leads out of the workspace instead of the file", async () => {
    const outside = await mkdtemp(join(tmpdir(), "outside-"));
    writeFileSync(join(outside, "secret.pt"), "weights");
    mkdirSync(join(workspace, "ckpt"));
    symlinkSync(join(outside, "secret.pt"), join(workspace, "ckpt/last.pt"));
    await cacheOf().save({ key: "linked", paths: ["ckpt"] });
    remove("ckpt");
    const trust = { kind: "digests", files: [digestFile("ckpt/last.pt", "weights")] } as const;
    expect(await restore("linked", { trust })).toMatchObject({ kind: "refused" });
    expect(existsSync(join(workspace, "ckpt"))).toBe(false);
    expect(readFileSync(join(outside, "secret.pt"), "utf8")).toBe("weights");
  });

  test("does not mix with what is there already", async () => {
    await keep("run-7-1");
    write("ckpt/old.pt", "old");
    await expect(restore("run-7-1")).rejects.toThrow("cache-target-exists");
    expect(readdirSync(join(workspace, "ckpt"))).toEqual(["old.pt"]);
  });
});

describe("saving", () => {
  test("never overwrites: of two jobs at once one has saved it", async () => {
    write("ckpt/last.pt", "weights");
    expect(await cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).toEqual({ kind: "saved" });
    expect(await cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).toEqual({ kind: "exists" });
    const both = await Promise.all([1, 2].map(() => cacheOf().save({ key: "run-7-2", paths: ["ckpt"] })));
    expect(both.map(({ kind }) => kind).sort()).toEqual(["exists", "saved"]);
  });

  test.each(["read", "write"])("says that the token is read-only, with the mode %s too", async (mode) => {
    const run = await addRunRecord(hub.world, hub.repository, hub.run.actor, { event: "pull_request_target" });
    setEnvironment({ ...hub.environment(workspace, addJobRecord(hub.world, run)), ACTIONS_CACHE_MODE: mode });
    write("ckpt/last.pt", "weights");
    expect(await cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).toEqual({
      kind: "read-only",
      reason: expect.stringMatching(/does not permit writes|cache write denied/),
    });
    expect(hub.repository.actions.caches.size).toBe(0);
  });

  test("of nothing is the caller's mistake", async () => {
    await expect(cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).rejects.toThrow("ckpt: there is no such file");
  });
});

describe("a service that does not work", () => {
  test("is said at once where it can be", async () => {
    write("ckpt/last.pt", "weights");
    hub.service.outage = 404;
    expect(await cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).toEqual({
      kind: "unavailable",
      reason: expect.stringContaining("(404)"),
    });
    remove("ckpt");
    expect(await restore("run-7-1")).toEqual({ kind: "unavailable", reason: expect.stringContaining("(404)") });
    vi.stubEnv("ACTIONS_RESULTS_URL", "http://127.0.0.1:1/");
    expect(await restore("run-7-1")).toMatchObject({
      kind: "unavailable",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
    vi.stubEnv("ACTIONS_RESULTS_URL", "");
    expect(await restore("run-7-1")).toMatchObject({
      kind: "unavailable",
      reason: expect.stringContaining("no cache service"),
    });
  });

  test("that says it has saved, and has not, is not believed", async () => {
    await using server = await startLyingService({
      CreateCacheEntry: { ok: true, signed_upload_url: "/blob" },
      FinalizeCacheEntryUpload: { ok: true, entry_id: "7" },
      GetCacheEntryDownloadURL: { ok: false },
    });
    vi.stubEnv("ACTIONS_RESULTS_URL", server.url);
    write("ckpt/last.pt", "weights");
    expect(await cacheOf().save({ key: "run-7-1", paths: ["ckpt"] })).toEqual({
      kind: "unavailable",
      reason: "it said that it has saved the entry, and does not have it",
    });
  });

  test("that gives another entry, or half of one, leaves nothing", async () => {
    write("ckpt/last.pt", "poison");
    execFileSync("tar", ["--zstd", "-cf", "temp/other.tzst", "ckpt"], { cwd: workspace });
    const archive = readFileSync(join(workspace, "temp/other.tzst"));
    remove("ckpt");
    for (const [blob, kind] of [
      [archive, "refused"],
      [archive.subarray(0, archive.length / 2), "unavailable"],
      [Buffer.from("<html>"), "unavailable"],
    ] as const) {
      await using server = await startLyingService(
        { GetCacheEntryDownloadURL: { ok: true, signed_download_url: "/blob", matched_key: "evil" } },
        blob,
      );
      vi.stubEnv("ACTIONS_RESULTS_URL", server.url);
      expect((await restore("run-7-1")).kind).toBe(kind);
      expect(existsSync(join(workspace, "ckpt"))).toBe(false);
    }
  });

  test("does not hold up an action that is cancelled", async () => {
    const cancellation = new AbortController();
    await using server = await startLyingService({}, Buffer.alloc(0), () => cancellation.abort(new Error("cancelled")));
    vi.stubEnv("ACTIONS_RESULTS_URL", server.url);
    const query = { key: "run-7-1", paths: ["ckpt"], prefixes: [], trust: writers };
    await expect(cacheOf(cancellation.signal).restore(query)).rejects.toThrow("cancelled");
  });
});

test("nothing that the toolkit prints becomes a command", async () => {
  const printed: string[] = [];
  const { write: original } = process.stdout;
  process.stdout.write = ((chunk: string) => printed.push(String(chunk)) > 0) as typeof original;
  try {
    await keep("run ::set-output name=x::y ##[error]z");
    await restore("run ::set-output name=x::y ##[error]z");
    process.stdout.write("of the action itself\n");
  } finally {
    process.stdout.write = original;
  }
  expect(printed.join("")).toBe("of the action itself\n");
});

test.each([
  ["a comma", "a,b", ["ckpt"], "cache-key-invalid"],
  ["no character", "", ["ckpt"], "cache-key-invalid"],
  ["513 characters", "k".repeat(513), ["ckpt"], "cache-key-invalid"],
  ["a line break", "a\n::error::b", ["ckpt"], "cache-key-invalid"],
  ["no path", "key", [], "cache-path-invalid"],
  ["a way up", "key", ["../ckpt"], "cache-path-invalid"],
  ["a way up inside", "key", ["a/../../ckpt"], "cache-path-invalid"],
  ["an absolute path", "key", ["/etc"], "cache-path-invalid"],
  ["a home folder", "key", ["~/ckpt"], "cache-path-invalid"],
  ["a pattern", "key", ["ckpt/*"], "cache-path-invalid"],
  ["what leaves something out", "key", ["!ckpt"], "cache-path-invalid"],
  ["an option of tar", "key", ["--checkpoint-action=exec=id"], "cache-path-invalid"],
  ["a comment", "key", ["#ckpt"], "cache-path-invalid"],
])("%s is refused before anything is asked", async (_, key, paths, code) => {
  await expect(cacheOf().save({ key, paths })).rejects.toThrow(code);
  await expect(cacheOf().restore({ key, paths, prefixes: [], trust: writers })).rejects.toThrow(code);
  await expect(restore("key", { prefixes: Array.from({ length: 10 }, (_, at) => `p${at}`) })).rejects.toThrow(
    "cache-key-invalid",
  );
});

/** A service that answers as it is told; a method without an answer is never answered. */
async function startLyingService(
  answers: Readonly<Record<string, object>>,
  blob: Uint8Array = Buffer.alloc(0),
  onUnanswered: () => void = () => {},
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url?.startsWith("/blob")) {
      const headers = { "content-length": request.method === "GET" ? blob.length : 0, etag: '"1"' };
      response
        .writeHead(request.method === "PUT" ? 201 : 200, headers)
        .end(request.method === "GET" ? blob : undefined);
      return;
    }
    const answer = answers[request.url?.split("/").at(-1) ?? ""];
    if (answer === undefined) return onUnanswered();
    const text = JSON.stringify(answer).replaceAll('"/blob"', JSON.stringify(`${url}/blob/caches/1?sig=1`));
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${url}/`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
