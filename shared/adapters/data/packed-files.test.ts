/** Runs `test/cases/packed`: archives as programs write them, and what is left of them when they are damaged. */
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { createDataFiles } from "./data-files.ts";

const packed = join(import.meta.dirname, "../../../test/cases/packed");
const text = ["a,b", ...Array.from({ length: 300 }, (_, row) => `${row},${(row * 7919) % 101}`), ""].join("\n");

let workspace = "";
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "packed-"));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

interface Reading {
  readonly chunkBytes?: number;
  readonly exempt?: number;
}

async function unpack(name: string, bytes: Uint8Array, { chunkBytes, exempt }: Reading = {}) {
  await writeFile(join(workspace, name), bytes);
  const files = createWorkspaceFiles(workspace);
  const stream: typeof files.stream = (path) => files.stream(path, chunkBytes);
  const chunks: Uint8Array[] = [];
  const data = createDataFiles({ ...files, stream }, new AbortController().signal, exempt);
  const { trouble, compression } = await data.read(name, (content) => chunks.push(content.slice()) > 0, 200);
  return { trouble, compression, content: Buffer.concat(chunks).toString() };
}

const cases = z
  .array(z.strictObject({ file: z.string(), says: z.string().optional() }))
  .parse(readYaml(await readFile(join(packed, "cases.yml"), "utf8"), "cases.yml").value);

describe.each([undefined, 5, 7, 1000])("in chunks of %s bytes", (chunkBytes) => {
  test.each(cases)("$file", async ({ file, says }) => {
    const { trouble, content } = await unpack(file, await readFile(join(packed, file)), {
      ...(chunkBytes && { chunkBytes }),
    });
    if (says === undefined) expect({ trouble, content }).toEqual({ trouble: undefined, content: text });
    else expect(trouble).toEqual({ kind: "unreadable", message: expect.stringContaining(says) });
  });
});

test("every archive of the folder has its case", () => {
  const files = readdirSync(packed).filter((file) => /\.(zip|zst)$/.test(file));
  expect(cases.map(({ file }) => file).sort()).toEqual(files.sort());
});

/** The fields that nothing depends on: versions and times, attributes, and what a comment or an extra field says. */
const MEANINGLESS = new Set(["streamed.zip", "deflated.zip"]);

describe.each(["deflated.zip", "streamed.zip", "stored.zip", "zstd.zst"])("%s", (file) => {
  test("cut anywhere is never complete", async () => {
    const bytes = await readFile(join(packed, file));
    for (let end = 5; end < bytes.length; end += 7) {
      const { trouble } = await unpack(`cut-${file}`, bytes.subarray(0, end));
      expect(trouble, `cut after ${end} bytes`).toMatchObject({ kind: "unreadable" });
    }
  });

  test("with a flipped byte is refused, or has the same content", async () => {
    const bytes = await readFile(join(packed, file));
    let refused = 0;
    for (let at = 4; at < bytes.length; at += 3) {
      const { trouble, content } = await unpack(
        `flipped-${file}`,
        bytes.map((byte, each) => (each === at ? byte ^ 0x55 : byte)),
      );
      if (trouble === undefined) expect(content, `byte ${at}`).toBe(text);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(bytes.length / (MEANINGLESS.has(file) ? 6 : 4));
  });

  test("with something after it is refused", async () => {
    const bytes = await readFile(join(packed, file));
    for (const tail of ["x", "\0".repeat(30), "PK\x05\x06"]) {
      const { trouble } = await unpack(`tail-${file}`, Buffer.concat([bytes, Buffer.from(tail, "latin1")]));
      expect(trouble?.message).toMatch(/followed by something else|something follows/);
    }
  });
});

test("frames of zstd, one after the other, are one content", async () => {
  const frames = Buffer.concat([zstdCompressSync(text.slice(0, 500)), zstdCompressSync(text.slice(500))]);
  expect(await unpack("frames.zst", frames)).toEqual({ trouble: undefined, compression: "zstd", content: text });
});

test.each([
  ["zstd", "bomb.zst", zstdCompressSync(Buffer.alloc(20 * 1024 * 1024))],
  ["zip", "bomb.zip", zipSync({ "rows.csv": new Uint8Array(20 * 1024 * 1024) })],
])("a bomb of %s is not unpacked", async (_, name, bytes) => {
  const { trouble, content } = await unpack(name, bytes, { exempt: 1024 * 1024 });
  expect(trouble).toEqual({ kind: "too-large", message: "it unpacks to more than 200 times its size" });
  expect(content.length).toBeLessThanOrEqual(5 * 1024 * 1024);
});

test("a directory that says something else than what is in the archive is refused", async () => {
  const bytes = Buffer.from(zipSync({ "rows.csv": Buffer.from(text) }));
  const name = bytes.lastIndexOf("rows.csv");
  bytes.write("evil", name);
  expect((await unpack("two-names.zip", bytes)).trouble?.message).toContain("says two things about a file");
});

test.each(["a.zst", "a.ZIP", "a.zstd"])("a file named %s that is not packed is refused", async (name) => {
  expect((await unpack(name, Buffer.from(text))).trouble?.message).toMatch(/^it is named \.\w+ but is not /);
});
