import { expect, test } from "vitest";
import { DEFAULT_COLUMNS } from "../../core/statistics/predictions/case-result.ts";
import { digestOf } from "../files/digest.ts";
import { readKeptCases } from "./read-kept-cases.ts";

const CSV = "id,label,prediction\n1,a,a\n";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const written = (text: string) => [{ path: "out/p.csv", bytes: text.length, digest: digestOf(bytes(text)) }];

test("predictions are found by the digest that the record names, wherever the artifact has them", () => {
  const found = readKeptCases(new Map([["elsewhere.csv", bytes(CSV)]]), written(CSV), DEFAULT_COLUMNS);
  expect(found).toMatchObject({ results: [{ id: "1", label: "a", prediction: "a" }] });
});

test.each([
  ["a record that names none", new Map([["p.csv", bytes(CSV)]]), undefined, "the baseline's record names none"],
  ["others under that path", new Map([["out/p.csv", bytes(`${CSV}2,a,a\n`)]]), written(CSV), "does not have out/p.csv"],
  ["an artifact without them", new Map(), written(CSV), "does not have out/p.csv"],
  ["what is no table of cases", new Map([["p", bytes("a,b\n1,2\n")]]), written("a,b\n1,2\n"), "[predictions-no-id]"],
])("the reason is told for %s", (_, files, record, reason) => {
  expect(readKeptCases(files, record, DEFAULT_COLUMNS)).toContain(reason);
});
