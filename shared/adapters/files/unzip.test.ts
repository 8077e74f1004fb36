import { crc32, deflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { unzip } from "./unzip.ts";

interface Part {
  readonly path: string | Buffer;
  readonly content?: Uint8Array;
  /** Name in the local header, when it differs. */
  readonly localName?: string;
  readonly flags?: number;
  readonly method?: number;
  readonly mode?: number;
  /** The size in the directory, when it is wrong. */
  readonly declaredSize?: number;
  readonly crc?: number;
}

/** A zip writer for tests, so that every field can be wrong. */
function zip(parts: readonly Part[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const { path, content = Buffer.from("x"), flags = 0, method = 8, mode = 0o100644 } = part;
    const name = Buffer.from(path);
    const localName = Buffer.from(part.localName ?? path);
    const compressed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(localName.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(part.crc ?? crc32(content), 16);
    central.writeUInt32LE(compressed.length, 20);
    central.writeUInt32LE(part.declaredSize ?? content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, localName, compressed);
    directory.push(central, name);
    offset += 30 + localName.length + compressed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, ...directory, end, Buffer.from(comment)]);
}

function outcome(bytes: Uint8Array): string {
  try {
    return [...unzip(bytes, "archive")].map(([path, content]) => `${path}=${Buffer.from(content)}`).join(" ");
  } catch (error) {
    if (error instanceof ActionError) return error.problems[0]?.code ?? "";
    throw error;
  }
}

const complete = zip([{ path: "record.json", content: Buffer.from("{}") }]);

describe("an archive is extracted", () => {
  test.each([
    [
      "with compressed, stored and empty files",
      zip([{ path: "a" }, { path: "d/b", method: 0 }, { path: "c", content: Buffer.from("") }]),
      "a=x d/b=x c=",
    ],
    ["without its folders", zip([{ path: "d/", content: Buffer.from("") }, { path: "d/a" }]), "d/a=x"],
    ["with a comment", zip([{ path: "a" }], "made by hand"), "a=x"],
    ["when it is empty", zip([]), ""],
  ])("%s", (_, bytes, expected) => {
    expect(outcome(bytes)).toBe(expected);
  });
});

describe("an archive is refused", () => {
  test.each([
    ["with .. in a path", zip([{ path: "../a" }]), "archive-unsafe"],
    ["with .. further in a path", zip([{ path: "d/../../a" }]), "archive-unsafe"],
    ["with an absolute path", zip([{ path: "/etc/passwd" }]), "archive-unsafe"],
    ["with a drive", zip([{ path: "C:a" }]), "archive-unsafe"],
    ["with backslashes", zip([{ path: "..\\a" }]), "archive-unsafe"],
    ["with an NTFS stream", zip([{ path: "a:b" }]), "archive-unsafe"],
    ["with NUL in a name", zip([{ path: "a\0.json" }]), "archive-unsafe"],
    ["with a name that is not UTF-8", zip([{ path: Buffer.from([0xff]) }]), "archive-unsafe"],
    ["with an empty name", zip([{ path: "" }]), "archive-unsafe"],
    ["with a link", zip([{ path: "a", mode: 0o120777 }]), "archive-unsafe"],
    ["that is encrypted", zip([{ path: "a", flags: 1 }]), "archive-unsafe"],
    ["with another compression", zip([{ path: "a", method: 12 }]), "archive-unsafe"],
    ["with one name twice", zip([{ path: "a" }, { path: "a" }]), "archive-unsafe"],
    ["with names that differ only in case", zip([{ path: "a" }, { path: "A" }]), "archive-unsafe"],
    ["with two names for one file", zip([{ path: "a", localName: "b" }]), "archive-unsafe"],
    [
      "that unpacks to more than it declares",
      zip([{ path: "a", content: Buffer.alloc(1e6), declaredSize: 10 }]),
      "archive-broken",
    ],
    ["that unpacks to less than it declares", zip([{ path: "a", declaredSize: 10 }]), "archive-broken"],
    ["that declares more than we accept", zip([{ path: "a", declaredSize: 0xffffffff }]), "archive-too-large"],
    [
      "with too many files",
      zip(Array.from({ length: 1_001 }, (_, index) => ({ path: `f${index}` }))),
      "archive-too-large",
    ],
    ["with another checksum", zip([{ path: "a", crc: 1 }]), "archive-broken"],
    ["with something after its end", Buffer.concat([complete, Buffer.from("more")]), "archive-broken"],
    ["that is not a zip file", Buffer.from("<html>not found</html>"), "archive-broken"],
    ["that is empty", Buffer.alloc(0), "archive-broken"],
  ])("%s", (_, bytes, code) => {
    expect(outcome(bytes)).toBe(code);
  });

  test("that is cut anywhere", () => {
    for (let length = 0; length < complete.length; length += 1) {
      expect(outcome(complete.subarray(0, length))).toBe("archive-broken");
    }
  });
});

test("an archive with a changed byte gives the same file or an error, never another file", () => {
  fc.assert(
    fc.property(fc.nat(complete.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(complete);
      changed[at] = byte;
      expect(outcome(changed)).toMatch(/^(?:archive-|.*=\{\}$|$)/);
    }),
    { seed: 3, numRuns: 2_000 },
  );
});
