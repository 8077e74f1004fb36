import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitEnvironment } from "../git/run-git.ts";
import { classicToken } from "../operations/people/tokens.ts";
import { startTestHub, type TestHub } from "../rest/serving/testing.ts";
import type { Token } from "../world/tokens.ts";
import { FLUSH, pktLine } from "./pkt-line.ts";
import { createGitHttpMount } from "./smart-http.ts";

let hub: TestHub;
let folder: string;
let bob: Token;
beforeAll(async () => {
  hub = await startTestHub({ routes: [], mounts: (world) => [createGitHttpMount(world)] });
  const person = hub.world.accounts.get("bob");
  if (!person) throw new Error("there is no account bob");
  bob = classicToken(hub.world, person);
  folder = await mkdtemp(join(tmpdir(), "localhub-pack-"));
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const WHO = ["-c", "user.name=Bob", "-c", "user.email=bob@example.com", "-c", "protocol.version=2"];

/** Runs git as a client would. Rejects with what it printed. */
async function git(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("git", [...WHO, "-C", folder, ...args], {
    env: gitEnvironment(),
  });
  return stdout + stderr;
}

async function commit(path: string, text: string): Promise<string> {
  await writeFile(join(folder, path), text);
  await git("add", ".");
  await git("commit", "--quiet", "-m", `Write ${path}`);
  return (await git("rev-parse", "HEAD")).trim();
}

test("an invalid pack is rejected", async () => {
  const response = await sendPush("a".repeat(40), Buffer.from("PACK nonsense"));
  expect(response).toMatch(/^0[0-9a-f]{3}unpack unpacker error: git /);
});

test("a pack whose history is incomplete is rejected", async () => {
  await git("init", "--quiet", "--initial-branch=main", ".");
  await commit("a.txt", "1\n");
  const parent = await commit("a.txt", "2\n");
  const child = await commit("a.txt", "3\n");
  const ids = await git("rev-list", "--objects", child, "--not", parent);
  const names = ids
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0])
    .join("\n");
  const packed = await packOf(folder, names);
  const response = await sendPush(child, packed);
  expect(response).toContain("ng refs/heads/incomplete missing necessary objects");
  expect(await hub.repository.git.ref("refs/heads/incomplete")).toBeUndefined();
  // None of its objects were stored, so that no ref can point at them.
  expect(await hub.repository.git.type(child)).toBeUndefined();
});

test("an invalid push is a bad request", async () => {
  const response = await fetch(`${hub.server.origin}/acme/model.git/git-receive-pack`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`x:${bob.value}`).toString("base64")}` },
    body: "nonsense",
  });
  expect([response.status, await response.text()]).toEqual([400, "invalid pkt-line at byte 0 of the request\n"]);
});

/** Pushes to a new branch, as pkt-lines. */
async function sendPush(sha: string, pack: Buffer): Promise<string> {
  const line = pktLine(`${"0".repeat(40)} ${sha} refs/heads/incomplete\0 report-status`);
  const response = await fetch(`${hub.server.origin}/acme/model.git/git-receive-pack`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`x:${bob.value}`).toString("base64")}` },
    body: Buffer.concat([line, FLUSH, pack]),
  });
  return response.text();
}

async function packOf(directory: string, names: string): Promise<Buffer> {
  const child = spawn("git", ["-C", directory, "pack-objects", "--stdout", "-q"], { env: gitEnvironment() });
  child.stdin.end(`${names}\n`);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
