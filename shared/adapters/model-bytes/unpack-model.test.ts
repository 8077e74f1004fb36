/** Archives as tools write them, and archives that want to write elsewhere, or too much. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import type { FileRecord } from "../../records/fields.ts";
import { ModelWriter } from "./model-writer.ts";
import { recordsOf, type Texts, tarOf, zipOf } from "./testing.ts";
import { unpackModel } from "./unpack-model.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "unpack-"));
  folder = join(root, "model-to-deploy");
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** @returns the code of what was wrong; empty: nothing was */
async function unpack(
  packing: "zip" | "tar",
  archive: Uint8Array,
  files: readonly FileRecord[],
  chunk = 1000,
): Promise<string> {
  await using writer = new ModelWriter(folder);
  try {
    await unpackModel(packing, { name: "model", files, below: undefined, bytes: inChunks(archive, chunk), writer });
    expect(writer.found).toEqual(files.map((file) => ({ kind: "file", ...file })));
    return "";
  } catch (error) {
    return error instanceof ActionError ? (error.problems[0]?.code ?? "") : String(error);
  }
}

const listAll = (): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    .sort();

const LONG = `${"folder-with-a-long-name/".repeat(12)}model.bin`;
const MODEL: Texts = { "a.bin": "x".repeat(5000), "d/empty": "", "ünï/c.json": "{}", [LONG]: "long" };

describe("what tools write", () => {
  test.each(["ustar", "pax", "gnu"])("tar: %s", async (format) => {
    const { [LONG]: _, ...short } = MODEL;
    const texts = format === "ustar" ? short : MODEL;
    const source = join(root, "source");
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
    }
    const archive = execFileSync("tar", [`--format=${format}`, "-cf", "-", "-C", source, ...Object.keys(texts)]);
    rmSync(source, { recursive: true });
    for (const chunk of [1, 511, 100_000]) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      expect(await unpack("tar", archive, recordsOf(texts), chunk)).toBe("");
    }
    for (const [path, text] of Object.entries(texts)) expect(readFileSync(join(folder, path), "utf8")).toBe(text);
  });

  test("zip, deflated and stored, in chunks of any size", async () => {
    for (const chunk of [1, 333, 100_000]) {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      const entries = Object.entries(MODEL);
      const half = (at: number) => Object.fromEntries(entries.filter((_, index) => index % 2 === at));
      const stored = zipSync(
        Object.fromEntries(Object.entries(half(0)).map(([path, text]) => [path, Buffer.from(text)])),
        { level: 0 },
      );
      expect(await unpack("zip", stored, recordsOf(half(0)), chunk)).toBe("");
      expect(await unpack("zip", zipOf(half(1)), recordsOf(half(1)), chunk)).toBe("");
    }
  });
});

/** A member of a tar archive, as no proper program writes it. */
function member(name: string, text: string, change: { readonly kind?: string; readonly link?: string } = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write("0000644\0", 100);
  header.write(`${text.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write(change.kind ?? "0", 156);
  header.write(change.link ?? "", 157);
  header.write("ustar\0", 257);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  content.write(text);
  return Buffer.concat([header, content]);
}

const END = Buffer.alloc(1024);
const good = member("a.bin", "weights");
const FILES = recordsOf({ "a.bin": "weights" });
const pax = (key: string, value: string): Buffer => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return member("pax", `${length}${rest}`, { kind: "x" });
};

describe("a hostile archive writes nothing outside, and ends red", () => {
  const names = ["../evil", "/evil", "a/../../evil", "C:/evil", "..\\evil", "a//b", "a/./b", "."];
  test.each(names)("by the name %s", async (name) => {
    const tar = Buffer.concat([member(name, "evil"), good, END]);
    expect(await unpack("tar", tar, FILES)).toBe("archive-broken");
    expect(await unpack("zip", zipOf({ [name]: "evil", "a.bin": "weights" }), FILES)).toBe("archive-broken");
    // Even where the version's own record wants that name.
    const wanted = recordsOf({ [name]: "evil" });
    for (const packing of ["tar", "zip"] as const) {
      const archive = packing === "tar" ? tar : zipOf({ [name]: "evil" });
      expect(await unpack(packing, archive, wanted)).not.toBe("");
    }
    expect(listAll().filter((path) => path.includes("evil"))).toEqual([]);
    expect(existsSync("/evil")).toBe(false);
  });

  test.each<[string, readonly Buffer[]]>([
    ["a symbolic link", [member("x", "", { kind: "2", link: "/etc/passwd" }), good]],
    ["a hard link", [member("a.bin", "", { kind: "1", link: "../../secret" })]],
    ["a device", [member("x", "", { kind: "3" }), good]],
    ["a pipe", [member("x", "", { kind: "6" }), good]],
    ["an unknown kind", [member("x", "", { kind: "Z" }), good]],
    ["a sparse file", [pax("GNU.sparse.map", "0,1"), good]],
    ["a pax name that leads out", [pax("path", "../evil"), good]],
    ["a size that is none", [pax("size", "-1"), good]],
    ["a pax header that is none", [member("pax", "12 path", { kind: "x" }), good]],
    ["a folder with content", [member("d/", "evil", { kind: "5" }), good]],
    ["a header with another checksum", [Buffer.from(good).fill("b", 0, 1)]],
    ["something after its end", [good, END, member("late", "evil")]],
  ])("tar: %s", async (_, members) => {
    expect(await unpack("tar", Buffer.concat([...members, END]), FILES)).toBe("archive-broken");
    expect(listAll().filter((path) => path.includes("evil") || path.includes("late"))).toEqual([]);
  });

  test("the same file twice: which one would be deployed?", async () => {
    expect(await unpack("tar", Buffer.concat([good, member("a.bin", "WEIGHTS"), END]), FILES)).toBe("archive-unsafe");
    expect(readFileSync(join(folder, "a.bin"), "utf8")).toBe("weights");
  });

  test("a file that unpacks to a thousand times its size is not written beyond what it may have", async () => {
    const bomb = zipSync({ "a.bin": new Uint8Array(20_000_000) });
    expect(bomb.length).toBeLessThan(40_000);
    expect(await unpack("zip", bomb, FILES, 64 * 1024)).toBe("model-file-differs");
    expect(readFileSync(join(folder, "a.bin")).length).toBeLessThanOrEqual(7);
    // What is no part of the model is unpacked to nowhere.
    rmSync(join(folder, "a.bin"));
    const beside = zipSync({ "b.bin": new Uint8Array(20_000_000), "a.bin": Buffer.from("weights") });
    expect(await unpack("zip", beside, FILES, 64 * 1024)).toBe("");
    expect(listAll()).toEqual(["model-to-deploy/a.bin"]);
  });

  test("no prefix of a good archive passes", async () => {
    const tar = tarOf({ "a.bin": "weights" });
    const zip = zipOf({ "a.bin": "weights" });
    // The end of a tar is two blocks of zeros, and more fill it up.
    const firstEnd = tar.length - [...tar].reverse().findIndex((byte) => byte !== 0);
    for (const [packing, archive, last] of [
      ["tar", tar, firstEnd],
      ["zip", zip, zip.length - 1],
    ] as const) {
      for (let length = 0; length < last; length += 37) {
        rmSync(join(folder, "a.bin"), { force: true });
        expect([packing, length, await unpack(packing, archive.subarray(0, length), FILES)]).not.toContain("");
      }
    }
  });
});
