import { expect, test } from "vitest";
import { digestOf } from "../../../records/testing.ts";
import { compareFiles, type FoundEntry } from "./compare-files.ts";

const file = (path: string, text = path): FoundEntry & { readonly kind: "file" } => ({
  ...{ kind: "file", path, bytes: text.length },
  digest: digestOf(text),
});
const EXPECTED = [file("a"), file("d/b")];

test.each<[string, readonly FoundEntry[], readonly string[]]>([
  ["the same", [file("d/b"), file("a")], []],
  ["other content of the same size", [file("a", "b"), file("d/b")], ["model-file-differs"]],
  ["missing", [file("a")], ["model-file-missing"]],
  ["more", [...EXPECTED, file("c")], ["model-file-extra"]],
  ["a link in place of a file", [file("a"), { kind: "other", path: "d/b", what: "a link" }], ["model-file-not-plain"]],
  ["a link beside them", [...EXPECTED, { kind: "other", path: "x", what: "a link" }], ["model-file-extra"]],
  ["names that differ in case", [file("A", "a"), file("d/b")], ["model-file-missing", "model-file-extra"]],
  ["nothing", [], ["model-file-missing", "model-file-missing"]],
])("%s", (_, found, codes) => {
  expect(compareFiles(EXPECTED, found).map(({ code }) => code)).toEqual(codes);
});
