import fc from "fast-check";
import { expect, test } from "vitest";
import { findBelow, storePath } from "./store-paths.ts";

const files = (...paths: readonly string[]) => paths.map((path, at) => ({ path, bytes: at + 1 }));

test.each([
  ["the same paths", files("model/a", "model/b"), files("model/a", "model/b"), { model: "", store: "" }],
  [
    "the shared folder left out",
    files("out/model/a", "out/model/b"),
    files("a", "b"),
    { model: "out/model/", store: "" },
  ],
  [
    "a part of it left out",
    files("out/model/a", "out/model/b"),
    files("model/a", "model/b"),
    { model: "out/", store: "" },
  ],
  [
    "a file among others",
    files("model.bin"),
    [...files("model.bin"), { path: "report.json", bytes: 9 }],
    { model: "", store: "" },
  ],
  ["within a folder", files("a", "d/b"), files("v1/a", "v1/d/b"), { model: "", store: "v1/" }],
  ["another folder", files("model/a", "model/b"), files("v1/a", "v1/b"), { model: "model/", store: "v1/" }],
] as const)("%s", (_, model, members, below) => {
  expect(findBelow(model, members)).toEqual(below);
});

test.each([
  ["one is missing", files("model/a", "model/b"), files("model/a")],
  ["one has another size", files("a", "b"), [...files("a"), { path: "b", bytes: 9 }]],
  ["nothing", files("a"), []],
])("not the model: %s", (_, model, members) => {
  expect(findBelow(model, members)).toBeUndefined();
});

test("whatever is packed with a folder left out or added is found, and each file by its own path", () => {
  const name = fc.stringMatching(/^[ab]{1,2}$/);
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
  const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 5 });
  const folder = fc.constantFrom("", "x/", "x/y/");
  fc.assert(
    fc.property(paths, folder, folder, (inner, model, store) => {
      const at = (prefix: string) => inner.map((one, index) => ({ path: prefix + one, bytes: index }));
      const below = findBelow(at(model), at(store));
      const stored = new Map(at(store).map((member) => [member.path, member.bytes]));
      expect(at(model).map((file) => stored.get(storePath(file.path, below) ?? ""))).toEqual(
        inner.map((_, index) => index),
      );
    }),
    { seed: 13 },
  );
});
