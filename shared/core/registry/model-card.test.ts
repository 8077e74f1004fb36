import { expect, test } from "vitest";
import { readModelCard } from "./model-card.ts";

const FIELDS = ["license", "data_sources"];

test.each([
  ["fields between the first two lines of ---", "---\nlicense: mit\ntags: [a]\n---\n# Card\n---\n", { license: "mit" }],
  ["as Windows writes it", "---\r\nlicense: mit\r\n---\r\n", { license: "mit" }],
  ["a list of texts", "---\ndata_sources: [RAND HIE, census]\n---", { data_sources: "RAND HIE, census" }],
  ["an empty one", "---\n---\n# Card\n", {}],
])("a card: %s", (_, text, fields) => {
  expect(readModelCard(text, "CARD.md", FIELDS)).toEqual(fields);
});

test.each([
  ["no front matter", "# Card\n---\nlicense: mit\n---\n", "CARD.md:1: "],
  ["a heading of dashes before a block", "---- Card\n---\nlicense: mit\n---\n", "CARD.md:1: "],
  ["front matter that stays open", "---\nlicense: mit\n", "CARD.md:1: "],
  ["a field that is not text", "---\na: 1\nlicense: {is: mit}\n---\n", "CARD.md:3:10: license is neither a text"],
])("is refused with its place: %s", (_, text, message) => {
  expect(() => readModelCard(text, "CARD.md", FIELDS)).toThrow(message);
});
