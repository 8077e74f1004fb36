import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { digestOf } from "../files/digest.ts";
import { createDataFiles } from "./data-files.ts";

let workspace = "";
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "data-files-"));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const text = Array.from({ length: 40_000 }, (_, row) => `${row},${(row * 7919) % 10_007},${row % 13}\n`).join("");
const compressed = gzipSync(text);

async function readFile(
  name: string,
  bytes: Uint8Array,
  { maxRatio = 200, exempt = 1024 * 1024, most = Infinity } = {},
) {
  await writeFile(join(workspace, name), bytes);
  const data = createDataFiles(createWorkspaceFiles(workspace), new AbortController().signal, exempt);
  const chunks: Uint8Array[] = [];
  const file = await data.read(name, (content) => chunks.push(content.slice()) < most, maxRatio);
  expect(file).toMatchObject({ path: name, bytes: bytes.length, digest: digestOf(bytes) });
  return { trouble: file.trouble, content: Buffer.concat(chunks).toString() };
}

const flipped = (at: number): Uint8Array => compressed.map((byte, index) => (index === at ? byte ^ 0xff : byte));

test.each([
  ["a plain file", "a.csv", Buffer.from(text), undefined],
  ["a compressed one", "a.csv.gz", compressed, undefined],
  ["a compressed one with another name", "b.csv", compressed, undefined],
  ["two archives, one after the other", "c.csv.gz", Buffer.concat([compressed, gzipSync("")]), undefined],
  ["an empty file", "d.csv", Buffer.alloc(0), ""],
])("passes on the complete content of %s", async (_, name, bytes, content) => {
  expect(await readFile(name, bytes)).toEqual({ trouble: undefined, content: content ?? text });
});

test.each([
  ["cut in the middle", "e.csv.gz", compressed.subarray(0, compressed.length >> 1), "is cut off"],
  ["cut before the checksum", "f.csv.gz", compressed.subarray(0, compressed.length - 8), "is cut off"],
  ["cut in the header", "g.csv.gz", compressed.subarray(0, 5), "is cut off"],
  ["with a wrong checksum", "h.csv.gz", flipped(compressed.length - 6), "its content or its checksum is wrong"],
  ["with a wrong length", "i.csv.gz", flipped(compressed.length - 2), "its content or its checksum is wrong"],
  ["with a flipped byte", "j.csv.gz", flipped(compressed.length >> 1), "its content or its checksum is wrong"],
  [
    "with bytes after it",
    "k.csv.gz",
    Buffer.concat([compressed, Buffer.from("1,2,3\n")]),
    "its content or its checksum is wrong",
  ],
  ["with zeros after it", "n.csv.gz", Buffer.concat([compressed, Buffer.alloc(100_000)]), "something follows the end"],
  ["that is not one", "l.csv.gz", Buffer.from(text), "is named .gz but is not gzip"],
])("reports a gzip archive %s", async (_, name, bytes, error) => {
  expect((await readFile(name, bytes)).trouble).toMatchObject({
    kind: "unreadable",
    message: expect.stringContaining(error),
  });
});

test("stops decompressing what grows without limit", async () => {
  const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024));
  const { trouble, content } = await readFile("bomb.csv.gz", bomb);
  expect(trouble).toEqual({ kind: "too-large", message: "it unpacks to more than 200 times its size" });
  expect(content.length).toBeLessThanOrEqual(5 * 1024 * 1024);
  expect((await readFile("sparse.csv.gz", bomb, { maxRatio: 1100 })).trouble).toBeUndefined();
});

test.each([
  ["a plain file", Buffer.from(text)],
  ["a compressed one", compressed],
])("passes on no more of %s than is wanted, and digests all of it", async (_, bytes) => {
  const { trouble, content } = await readFile("wanted.csv", bytes, { most: 1 });
  expect(trouble).toBeUndefined();
  expect(text.startsWith(content) && content.length < text.length).toBe(true);
});

test("stops when the job is cancelled", async () => {
  await writeFile(join(workspace, "m.csv"), text);
  const cancelled = AbortSignal.abort(new Error("the job was cancelled"));
  const data = createDataFiles(createWorkspaceFiles(workspace), cancelled);
  await expect(data.read("m.csv", () => true, 200)).rejects.toThrow("the job was cancelled");
});

test.each(["plain.csv", "packed.csv.gz"])(
  "an error while content is taken from %s is the reader's error",
  async (name) => {
    await writeFile(join(workspace, name), name.endsWith(".gz") ? compressed : text);
    const data = createDataFiles(createWorkspaceFiles(workspace), new AbortController().signal);
    const take = (): boolean => {
      throw new Error("no space left");
    };
    await expect(data.read(name, take, 200)).rejects.toThrow("no space left");
  },
);
