/** Files of predictions: what is read, and what is told with its place. */

import { expect, test } from "vitest";
import { ActionError } from "../../../problem/problem.ts";
import { sure } from "../testing.ts";
import { alignPredictions, selectGroup } from "./align-predictions.ts";
import { readPredictionFiles, readPredictions } from "./read-predictions.ts";

const first = { id: "a", label: "1", prediction: "0", score: 0.25, line: 2 };

test.for<[string, string, object[]]>([
  ["CSV", "id,label,prediction,score\na,1,0,0.25\nb,1,1,1e-3\n", [first, { id: "b", score: 0.001, line: 3 }]],
  ["TSV with a byte order mark and CRLF", "\uFEFFid\tlabel\tprediction\tscore\r\na\t1\t0\t0.25\r\n", [first]],
  ["padded, quoted, with blank lines", 'id, label, prediction, score\n\n"a", 1, 0, 0.25\n\n', [{ ...first, line: 3 }]],
  ["classes as pandas writes them", "id,label,prediction,score\na,1.0,0.0,0.25\n", [first]],
  ["other columns are ignored", "id,note,label,prediction,score\na,x,1,0,0.25\n", [first]],
  ["JSON Lines", '\n{"id": "a", "label": 1, "prediction": 0, "score": 0.25, "more": {"x": 1}}\n', [first]],
  [
    "no result",
    '{"id": "a", "label": true, "prediction": null, "error": "timeout"}',
    [{ id: "a", label: "true", error: "timeout", line: 1 }],
  ],
  [
    "tries",
    "id,repeat,prediction\na,1,yes\na,2,no\n",
    [
      { id: "a", repeat: "1" },
      { id: "a", repeat: "2" },
    ],
  ],
  [
    "group, weight, cluster",
    "id,score,group,weight,cluster\na,1,de,2.5,d7\n",
    [{ group: "de", weight: 2.5, cluster: "d7" }],
  ],
])("reads %s", ([, text, expected]) => {
  expect(readPredictions(text, "p.csv")).toMatchObject(expected);
});

test("columns may have other names", () => {
  const [result] = readPredictions("key,truth\nx,1\n", "p.csv", { id: "key", label: "truth" });
  expect(result).toEqual({ id: "x", label: "1", line: 2 });
});

test("an absent prediction is absent, not empty", () => {
  const [result] = readPredictions("id,label,prediction,score\na,1,,\n", "p.csv");
  expect(result).toEqual({ id: "a", label: "1", line: 2 });
});

test.for([
  ["", "predictions-empty", undefined],
  ["id,label\n", "predictions-empty", undefined],
  ["label,prediction\n1,0\n", "predictions-no-id", 2],
  ["id,label\na,1\nb,0\na,1\n", "predictions-duplicate-id", 4],
  ["id,repeat\na,1\na,1\n", "predictions-duplicate-id", 3],
  ["id,score\na,0x1F\n", "predictions-not-a-number", 2],
  ["id,score\na,nan\n", "predictions-not-a-number", 2],
  ["id,weight\na,1e999\n", "predictions-not-a-number", 2],
  ["id,id\na,b\n", "predictions-not-csv", 1],
  ["id,label\na\n", "predictions-not-csv", 2],
  ['id,label\n"a,1\n', "predictions-not-csv", 2],
  ['{"id": "a", "score": NaN}', "predictions-not-finite", 1],
  ['{"id": "a"}\n{"id": "b"', "predictions-not-json", 2],
  ['{"id": "a"}\n[1]', "predictions-not-json", 2],
  ['{"id": "a", "id": "b"}', "predictions-duplicate-key", 1],
  ['{"id": {"x": 1}}', "predictions-no-id", 1],
] as const)("refuses %j with %s", ([text, code, line]) => {
  let problems: ActionError["problems"] = [];
  try {
    readPredictions(text, "p.csv");
  } catch (error) {
    if (error instanceof ActionError) problems = error.problems;
  }
  expect(problems).toMatchObject([{ code, place: { file: "p.csv", ...(line !== undefined && { line }) } }]);
});

test("pairs by id, whatever the order; the baseline says what a case weighs and belongs to", () => {
  const candidate = readPredictions("id,label,weight,cluster\nnew,1,1,x\nb,0,9,x\na,1,9,x\n", "candidate.csv");
  const baseline = readPredictions("id,label,weight,cluster\na,1,1,d1\nb,0,1,d2\ngone,1,1,d3\n", "baseline.csv");
  const { pairs, missing, added } = sure(alignPredictions(candidate, baseline));
  expect(pairs).toMatchObject([
    { id: "a", label: "1", weight: 1, cluster: "d1" },
    { id: "b", label: "0", weight: 1, cluster: "d2" },
  ]);
  expect([missing, added]).toEqual([[{ id: "gone" }], [{ id: "new" }]]);
});

test.for([
  ["other labels", "id,label\na,1\n", "id,label\na,0\n", "not-comparable", 'the case "a" has several labels'],
  ["other ids", "id,label\na,1\n", "id,label\nb,1\n", "not-comparable", "no id in common"],
  ["a negative weight", "id,weight\na,1\n", "id,weight\na,-1\n", "out-of-range", "below 0"],
] as const)("does not compare %s", ([, candidate, baseline, reason, detail]) => {
  const aligned = alignPredictions(readPredictions(candidate, "c"), readPredictions(baseline, "b"));
  expect(aligned).toMatchObject({ inconclusive: reason, detail: expect.stringContaining(detail) });
});

test("a slice has the cases of its group, as the baseline says", () => {
  const candidate = readPredictions("id,group\na,fr\nb,de\nnew,de\n", "candidate.csv");
  const baseline = readPredictions("id,group\na,de\nb,de\nc,fr\ngone,de\n", "baseline.csv");
  const german = selectGroup(sure(alignPredictions(candidate, baseline)), "de");
  expect(german.pairs.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(german).toMatchObject({ missing: [{ id: "gone" }], added: [{ id: "new" }] });
});

test("several files are one, and a case is in one of them", () => {
  const file = (path: string, ...ids: readonly string[]) => ({ path, text: ["id", ...ids].join("\n") });
  const read = (...files: readonly ReturnType<typeof file>[]) => readPredictionFiles(files).map(({ id }) => id);
  expect(read(file("a.csv", "1", "2"), file("b.csv", "3"))).toEqual(["1", "2", "3"]);
  expect(() => read(file("a.csv", "1", "2"), file("b.csv", "3", "2"))).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ code: "predictions-duplicate-id", place: { file: "b.csv", line: 3 } })],
    }),
  );
});
