import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { createDataFiles } from "./data-files.ts";

let workspace = "";
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "data-files-"));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const text = Array.from({ length: 40_000 }, (_, row) => `${row},${(row * 7919) % 10_007},${row % 13}\n`).join("");
const packed = gzipSync(text);

async function readBack(name: string, bytes: Uint8Array, limits?: Parameters<typeof createDataFiles>[2]) {
  await writeFile(join(workspace, name), bytes);
  const data = createDataFiles(createWorkspaceFiles(workspace), new AbortController().signal, limits);
  const parts: Uint8Array[] = [];
  const file = await data.read(name, (content) => parts.push(content.slice()));
  expect(file).toMatchObject({
    path: name,
    bytes: bytes.length,
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
  });
  return { damage: file.readError, content: Buffer.concat(parts).toString() };
}

const flipped = (at: number): Uint8Array => packed.map((byte, index) => (index === at ? byte ^ 0xff : byte));

test.each([
  ["a plain file", "a.csv", Buffer.from(text), undefined],
  ["a packed one", "a.csv.gz", packed, undefined],
  ["a packed one that does not say so", "b.csv", packed, undefined],
  ["two archives, one after the other", "c.csv.gz", Buffer.concat([packed, gzipSync("")]), undefined],
  ["an empty file", "d.csv", Buffer.alloc(0), ""],
])("hands on the whole content of %s", async (_, name, bytes, content) => {
  expect(await readBack(name, bytes)).toEqual({ damage: undefined, content: content ?? text });
});

test.each([
  ["cut in the middle", "e.csv.gz", packed.subarray(0, packed.length >> 1), "is cut off"],
  ["cut before the checksum", "f.csv.gz", packed.subarray(0, packed.length - 8), "is cut off"],
  ["cut in the header", "g.csv.gz", packed.subarray(0, 5), "is cut off"],
  ["with a wrong checksum", "h.csv.gz", flipped(packed.length - 6), "its content or its checksum is wrong"],
  ["with a wrong length", "i.csv.gz", flipped(packed.length - 2), "its content or its checksum is wrong"],
  ["with a byte turned over", "j.csv.gz", flipped(packed.length >> 1), "its content or its checksum is wrong"],
  [
    "with bytes after it",
    "k.csv.gz",
    Buffer.concat([packed, Buffer.from("1,2,3\n")]),
    "its content or its checksum is wrong",
  ],
  ["with zeros after it", "n.csv.gz", Buffer.concat([packed, Buffer.alloc(100_000)]), "something follows the end"],
  ["that is none", "l.csv.gz", Buffer.from(text), "is named .gz but is not gzip"],
])("tells of a gzip archive %s", async (_, name, bytes, damage) => {
  expect((await readBack(name, bytes)).damage).toContain(damage);
});

test("stops unpacking what grows beyond measure", async () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
  const { damage, content } = await readBack("bomb.csv.gz", bomb, { maxRatio: 200, ratioExemptBytes: 1024 * 1024 });
  expect(damage).toContain("more than 200 times its size");
  expect(content.length).toBeLessThanOrEqual(5 * 1024 * 1024);
});

test("stops when the job is cancelled", async () => {
  await writeFile(join(workspace, "m.csv"), text);
  const cancelled = AbortSignal.abort(new Error("the job was cancelled"));
  const data = createDataFiles(createWorkspaceFiles(workspace), cancelled);
  await expect(data.read("m.csv", () => undefined)).rejects.toThrow("the job was cancelled");
});
