/** What programs print for people, of which the files of `test/cases/metrics` show one each. */
import { describe, expect, test } from "vitest";
import { readMetrics } from "../read-metrics.ts";
import { formatSkipped } from "../sort-out.ts";

const read = (text: string, path = "report.txt") => {
  const { metrics, skipped } = readMetrics(text, path, "a-test");
  return {
    metrics: Object.fromEntries(
      metrics.map(({ name, slice, place: _, ...rest }) => [
        slice === null ? name : `${name} [${slice}]`,
        Object.keys(rest).length === 1 ? rest.value : rest,
      ]),
    ),
    skipped: skipped.map(formatSkipped),
  };
};

const refusal = (text: string, path = "report.txt"): string => {
  try {
    return JSON.stringify(read(text, path).metrics);
  } catch (error) {
    return String(error).replace(/^.*\[([\w-]+)\].*$/s, "$1");
  }
};

describe("lines with names and numbers", () => {
  test.each<[string, string, object]>([
    ["an equals sign and a comma", "\nAccuracy = 0.84, F1 Score = 0.68\n", { Accuracy: 0.84, "F1 Score": 0.68 }],
    ["a title and a note", "Model report v2\nMSE (test): 0.5\nNote: from Colab\n", { "MSE (test)": 0.5 }],
    ["two colons and percent", "Results\nTrain score:: 81.9%\n", { "Train score": { value: 81.9, unit: "%" } }],
    ["is", "Results\nF1 of testing is :  61.98 \nloss is 3\n", { "F1 of testing": 61.98, loss: 3 }],
    [
      "units and remarks",
      "Results\nlatency: 12.5 ms (mean)\nrate: 3 MB/s\nqps: 7 [#/sec] (mean).\n",
      {
        latency: { value: 12.5, unit: "ms" },
        rate: { value: 3, unit: "MB/s" },
        qps: 7,
      },
    ],
    ["a spread", "Results\nAUC: 0.91 ± 0.02\nF1: 0.8 +/- 0.1\n", { AUC: 0.91, F1: 0.8 }],
    ["marks of lists and emphasis", "Results\n- **AUC**: 0.9\n* `f1`: 0.8\n", { AUC: 0.9, f1: 0.8 }],
    ["bars and dashes", "Results\nloss: 0.5 | acc: 0.9 - auc: 0.8; f1: 1\n", { loss: 0.5, acc: 0.9, auc: 0.8, f1: 1 }],
    [
      "brackets in the name",
      "Results\nAP @[ IoU=0.50:0.95 | area=   all ] = 0.602\n",
      {
        "AP @[ IoU=0.50:0.95 | area= all ]": 0.602,
      },
    ],
    ["a number in the name", "Results\nrecall@10: 0.5\ntop 5 = 0.9\n", { "recall@10": 0.5, "top 5": 0.9 }],
    ["of TREC", "runid\tall\trun\nmap \tall\t0.17\nP_10\tall\t.3\n", { map: 0.17, P_10: 0.3 }],
  ])("with %s", (_, text, expected) => {
    expect(read(text).metrics).toEqual(expected);
  });

  test.each<[string, string]>([
    ["a time of day", "Results\n2026-11-27 10:00:01 INFO loss: 0.5\n"],
    ["two pairs without a mark between", "Results\nloss: 0.5 acc: 0.9\n"],
    ["counts by code", "Results\nStatus 200:50\n"],
    ["text behind the number", "Results\nepochs: 5 of which two were good\n"],
    ["no letters", "Results\n12: 0.5\n"],
    ["a line of 10,001 characters", `Results\n${" ".repeat(9_991)}loss: 0.50\n`],
    ["a part of 301 characters", `Results\n${"x".repeat(295)}: 0.50\n`],
  ])("%s is none", (_, text) => {
    expect(refusal(text)).toMatch(/^metrics-/);
  });

  test("a line as long as may be is read", () => {
    expect(read(`Results\n${" ".repeat(9_990)}loss: 0.50`).metrics).toEqual({ loss: 0.5 });
    expect(Object.values(read(`Results\n${"x".repeat(190)}: 0.50\n`).metrics)).toEqual([0.5]);
  });

  test("a name that is there twice is in neither, and its lines are told", () => {
    expect(read("Results\nacc: 0.5\nf1: 1\nacc: 0.6\n")).toEqual({
      metrics: { f1: 1 },
      skipped: ['"acc" (report.txt:2) is in report.txt:2 and report.txt:4'],
    });
  });

  test("what is no number is not replaced", () => {
    expect(read("Results\nloss: nan\nauc: N/A\nf1: 1\n")).toEqual({
      metrics: { f1: 1 },
      skipped: ['"loss" (report.txt:2) is the text "nan"', '"auc" (report.txt:3) is the text "N/A"'],
    });
  });
});

describe("lines of a training", () => {
  test.each<[string, string, object]>([
    ["rounds in brackets", "[0]\ttrain-auc:0.5\n[1]\ttrain-auc:0.6\n", { "train-auc": { value: 0.6, step: 1 } }],
    [
      "epochs of a number",
      "Epoch 1/2: loss: 0.9 - acc: 0.5\nEpoch 2/2: loss: 0.4 - acc: 0.7\n",
      {
        loss: { value: 0.4, step: 2 },
        acc: { value: 0.7, step: 2 },
      },
    ],
    [
      "steps",
      "step=10, loss=2\nstep=20, loss=1\nfinal auc: 0.9\n",
      {
        loss: { value: 1, step: 20 },
        "final auc": 0.9,
      },
    ],
    ["one line only", "Epoch [3/3] loss: 0.4\n", { loss: 0.4 }],
  ])("with %s: the last value counts", (_, text, expected) => {
    expect(read(text, "train.log").metrics).toEqual(expected);
  });

  test("whose last value is none has none", () => {
    expect(read("Epoch 1: loss: 0.9, acc: 1\nEpoch 2: loss: nan, acc: 1\n", "train.log").metrics).toEqual({
      acc: { value: 1, step: 2 },
    });
  });

  test("of two trainings are refused", () => {
    expect(refusal("Epoch 1: loss: 0.9\nEpoch 2: loss: 0.4\nEpoch 1: loss: 0.8\nf1: 1\n", "train.log")).toMatch(
      /^metrics-/,
    );
  });
});

describe("columns of spaces", () => {
  const REPORT = [
    "              precision    recall  f1-score   support",
    "",
    "           0       0.97      0.94      0.95       100",
    "    accuracy                           0.95       100",
    "   macro avg       0.96      0.95      0.95       100",
  ];

  test.each<[string, string, object]>([
    [
      "scikit-learn's report",
      REPORT.join("\n"),
      {
        "precision [0]": { value: 0.97, n: 100 },
        "recall [0]": { value: 0.94, n: 100 },
        "f1-score [0]": { value: 0.95, n: 100 },
        "support [0]": { value: 100, n: 100 },
        accuracy: { value: 0.95, n: 100 },
        "macro avg.precision": { value: 0.96, n: 100 },
        "macro avg.recall": { value: 0.95, n: 100 },
        "macro avg.f1-score": { value: 0.95, n: 100 },
        "macro avg.support": { value: 100, n: 100 },
      },
    ],
    [
      "pairs, as pandas prints a series",
      "mae    2.50\nmax error    0.91\nName: x, dtype: float64\n",
      {
        mae: 2.5,
        "max error": 0.91,
      },
    ],
    [
      "a rule below the header",
      "Name     Stmts   Cover\n------------\na.py         4     67%\nTOTAL        8     88%\n",
      {
        "Stmts.a.py": 4,
        "Cover.a.py": { value: 67, unit: "%" },
        "Stmts.TOTAL": 8,
        "Cover.TOTAL": { value: 88, unit: "%" },
      },
    ],
    ["one space between", " a b\nx 1 2\ny 3 4\n", { "a.x": 1, "b.x": 2, "a.y": 3, "b.y": 4 }],
    ["texts and numbers", "model mae\nlr 2.5\nrf 2.1\n", { "mae.lr": 2.5, "mae.rf": 2.1 }],
    [
      "quotes of R, with row names",
      '"model name" "mae"\n"1" "lr one" 2.5\n"2" "rf" 2.1\n',
      {
        "mae.lr one": 2.5,
        "mae.rf": 2.1,
      },
    ],
    ["what is not there", "      a    b\nx   NaN    2\ny     3    -\n", { "b.x": 2, "a.y": 3 }],
    ["tabs", "\ta\tb\nx\t1\t2\ny\t3\t4", { "a.x": 1, "b.x": 2, "a.y": 3, "b.y": 4 }],
  ])("%s", (_, text, expected) => {
    expect(read(text).metrics).toEqual(expected);
  });

  test.each<[string, string]>([
    ["a number that stands below no name", "       aa     b\nx   1\ny      2     3\n"],
    ["a row that is wrapped", "     a    b\nx    1    2\n     c\nx    3\n"],
    ["a name twice", "     a    A\nx    1    2\n"],
    ["a number in the header", "     1    b\nx    1    2\n"],
    ["a row without a number", "     a    b\nx    yes  no\n"],
    ["numbers without a row's name", "     a    b\n     1    2\n     3    4\n"],
    ["prose", "This is a report.\nIt has two lines.\n"],
    ["2,001 lines", `     a\n${"x    1\n".repeat(2000)}`],
    ["a line of 2,001 characters", `${" ".repeat(2000)}a\nx 1\n`],
  ])("%s is no table", (_, text) => {
    expect(refusal(text)).toMatch(/^metrics-/);
  });
});

describe("dictionaries of Python", () => {
  test.each<[string, string, object]>([
    ["one", "{'acc': 0.9, 'n': np.int64(60), 'ok': True, 'f1': np.float64(0.5)}\n", { acc: 0.9, n: 60, f1: 0.5 }],
    [
      "over lines, with tensors",
      "{'loss': tensor(0.25),\n 'auc': array(0.5, dtype=float32)}",
      { loss: 0.25, auc: 0.5 },
    ],
    ["of a training", "{'loss': 2, 'epoch': 1.0}\n{'loss': 1, 'epoch': 2.0}\n", { loss: { value: 1, step: 2 } }],
  ])("%s", (_, text, expected) => {
    expect(read(text, "train.log").metrics).toEqual(expected);
  });

  test.each([
    ["that is cut off", "{'acc': 0.9"],
    ["with one that is none", "{'acc': 0.9}\n{acc}}\n"],
    ["and JSON are different", "{acc: 0.9}"],
  ])("%s", (_, text) => {
    expect(refusal(text, "train.log")).toBe("metrics-not-json");
  });
});

test.each(["m.json", "m.jsonl", "m.yaml", "m.toml", "m.csv", "m.xml", "m.md", "m.prom"])(
  "%s is what its name says, or refused",
  (path) => {
    expect(refusal("Results of 2026\nAccuracy = 0.84, F1 Score = 0.68\n", path)).toMatch(/^metrics-/);
  },
);

test.each(['{"a": "b"}', "[[1]]", '["a: 1"]', "<a>", ' {"cells": [], "nbformat": 4}'])(
  "%s is no text for people",
  (text) => {
    expect(refusal(`${text}\nloss: 1\n`)).toMatch(/^metrics-/);
  },
);
