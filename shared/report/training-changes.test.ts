import { expect, test } from "vitest";
import { fitReport } from "./fit-report.ts";
import { md } from "./markdown.ts";
import { trainingChanges } from "./training-changes.ts";

const show = (changes: Parameters<typeof trainingChanges>[0]["changes"]): string => {
  const block = trainingChanges({ changes });
  return block === undefined ? "" : fitReport({ blocks: [block], fullReport: md`the record` }, { bytes: 60_000 });
};
const param = (name: string, before: string | null, after: string | null) => ({ name, before, after });

test("what differs is a table, and the title counts it", () => {
  const text = show({ params: [param("lr", "0.1", "0.2"), param("depth", null, "3")], data: true });
  expect(text).toContain("Trained with 2 other parameters, other data");
  expect(text).toContain("names other data than the baseline");
  expect(text).toContain("| `lr` | `0.1` | `0.2` |");
  expect(text).toContain("| `depth` | – | `3` |");
});

test("one of the two alone", () => {
  expect(show({ params: [param("lr", "1", "2")], data: null })).toContain("Trained with 1 other parameter</summary>");
  expect(show({ params: [], data: true })).toContain("Trained with other data</summary>");
});

test.each([undefined, {}, { params: [], data: false }, { params: [], data: null }])("nothing of %j", (changes) => {
  expect(show(changes)).toBe("");
});

test.each(["@octo", "<img src=x>", "a`b", "a | b\nc", "\u202Egpj"])("hostile text %j stays text", (text) => {
  const shown = show({ params: [param(text, text, text)], data: false });
  expect(shown.replaceAll(/`+[^`]*`+/g, "")).not.toMatch(/<img|\u202E|@octo/);
  expect(shown.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(3);
});
