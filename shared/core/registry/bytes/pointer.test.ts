import { expect, test } from "vitest";
import { parsePointer } from "./pointer.ts";

const OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize 12345\n`;

test("Git LFS says the SHA-256 of the content, also with the line ends of Windows", () => {
  const pointer = { kind: "git-lfs", digest: `sha256:${OID}`, bytes: 12_345 };
  expect([parsePointer(LFS), parsePointer(LFS.replaceAll("\n", "\r\n"))]).toEqual([pointer, pointer]);
});

// As DVC 3.67, 1.0 and 3 for a folder write them.
test.each([
  [
    "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 37891850\n  hash: md5\n  path: model.pkl\n",
    { md5: "a304afb96060aad90176268345e10355", bytes: 37_891_850, isFolder: false },
  ],
  [
    "md5: b60aad90176268345e10355a304afb96\nfrozen: true\nouts:\n- md5: a304afb96060aad90176268345e10355\n  path: model.pkl\n",
    { md5: "a304afb96060aad90176268345e10355", bytes: undefined, isFolder: false },
  ],
  [
    "outs:\n- md5: a304afb96060aad90176268345e10355.dir\n  size: 20\n  nfiles: 2\n  hash: md5\n  path: model\n",
    { md5: "a304afb96060aad90176268345e10355", bytes: 20, isFolder: true },
  ],
])("DVC says the MD5 of the content: %j", (text, pointer) => {
  expect(parsePointer(text)).toEqual({ kind: "dvc", ...pointer });
});

test.each([
  LFS.replace("oid sha256:", "oid md5:"),
  LFS.replace("size 12345", "size -1"),
  LFS.replace("size", `ext-0-foo sha256:${OID}\nsize`),
  `${LFS}more text\n`,
  LFS + "x ".repeat(600),
  "outs:\n- etag: abc\n  path: model.pkl\n",
])("a broken pointer is no model either: %j", (text) => {
  expect(parsePointer(text)).toBe("broken");
});

test.each(["", "{}", "version https://example.com/spec\n", "outs of line\n", `x${LFS}`, "md5: the hash\n"])(
  "any other file is none: %j",
  (text) => {
    expect(parsePointer(text)).toBeUndefined();
  },
);
