import { expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { readPolicies, readPolicy } from "./read-policy.ts";
import { chooseRecordVersion } from "./record-version.ts";

const GATES = "gates: [{ metric: mae, better: lower, max: 3 }]";
const ONE = `version: 2\nmodel: { name: visits, files: [v] }\n${GATES}\n`;
const NONE = `version: 2\n${GATES}\n`;
const SEVERAL = `version: 2
${GATES}
models:
  visits: { files: [v] }
  fraud/eu: { files: [f], gates: [{ metric: auc, better: higher, min: 0.8 }] }
  "no.2": { files: [n] }
`;

function catchError(work: () => unknown): ActionError {
  try {
    work();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  return expect.fail("nothing was refused");
}

const read = (text: string, model?: string) => readPolicy(text, "mlops.yml", { reader: "gate-metrics", model });

test.each([
  ["the only one", ONE, undefined, "visits", undefined],
  ["the only one, named", ONE, "visits", "visits", undefined],
  ["the only one of the long form", "version: 2\nmodels: { visits: { files: [v] } }\n", "", "visits", undefined],
  ["one of several", SEVERAL, "fraud/eu", "fraud/eu", "fraud/eu"],
  ["one with a dot", SEVERAL, "no.2", "no.2", "no.2"],
  ["none, where the policy describes none", NONE, "", undefined, undefined],
])("%s is chosen", (_, text, model, name, chosen) => {
  const policy = read(text, model);
  expect([policy.models.map((one) => one.model?.name), policy.chosen]).toEqual([[name], chosen]);
});

test("a chosen model has its own rules", () => {
  expect(read(SEVERAL, "fraud/eu").models.flatMap(({ gates }) => gates.map(({ metric }) => metric))).toEqual(["auc"]);
  expect(readPolicies(SEVERAL, "mlops.yml", "promote-model").map(({ chosen }) => chosen)).toEqual([
    ...["visits", "fraud/eu", "no.2"],
  ]);
  expect(readPolicies(NONE, "mlops.yml", "promote-model").map(({ chosen }) => chosen)).toEqual([undefined]);
});

test.each([
  [
    "none is named",
    SEVERAL,
    "",
    "model-not-named",
    'several models, and nothing says which of them is meant: "visits"',
  ],
  ["another one is named", SEVERAL, "fraud", "model-unknown", 'has "visits", "fraud/eu", "no.2"'],
  ["one is named in other capitals", SEVERAL, "Visits", "model-unknown", 'to "visits"'],
  ["one is named that a policy with one lacks", ONE, "fraud", "model-unknown", 'it has "visits"'],
  ["one is named that a policy without lacks", NONE, "visits", "model-unknown", "it names none"],
  ["a key of objects is named", SEVERAL, "__proto__", "model-unknown", "__proto__"],
  ["a key of objects is named otherwise", SEVERAL, "constructor", "model-unknown", "constructor"],
])("refused, because %s", (_, text, model, code, words) => {
  const byAction = catchError(() => read(text, model));
  const byCheckout = catchError(() => chooseRecordVersion(text, { reader: "train-model", model }));
  for (const error of [byAction, byCheckout]) {
    expect(error.problems.map((problem) => problem.code)).toEqual([code]);
    expect(`${error.message} ${error.problems[0]?.fix}`).toContain(words);
  }
  expect(byCheckout.problems[0]?.fix).toContain("model-name");
});

test("each of several models has a commit status of its own", () => {
  const text = `${SEVERAL}train: { on-demand: { comment: /train } }\n`;
  const statusOf = (policy: string, model?: string) =>
    read(policy, model).models.map(({ train }) => train?.["on-demand"]?.status);
  expect(["visits", "fraud/eu"].flatMap((model) => statusOf(text, model))).toEqual([
    ...["mlops/gate (visits)", "mlops/gate (fraud/eu)"],
  ]);
  expect(statusOf(`${ONE}train: { on-demand: { comment: /train } }\n`)).toEqual(["mlops/gate"]);
  const own =
    "version: 2\nmodels:\n  a: { files: [a], train: { on-demand: {} } }\n  b: { files: [b], train: { on-demand: {} } }\n";
  expect(catchError(() => read(own, "a")).problems).toMatchObject([
    { code: "policy-duplicate-status", place: { line: 4 } },
  ]);
  expect(statusOf(own.replace("on-demand: {}", "on-demand: { status: gate a }"), "a")).toEqual(["gate a"]);
});

test("a record of one of several models names it, and no other does", () => {
  const of = (text: string, model?: string) => chooseRecordVersion(text, { reader: "train-model", model });
  expect(of(SEVERAL, "visits")).toEqual({ version: 2, model: "visits" });
  expect(of(ONE, "visits")).toEqual({ version: 2 });
  expect(of(ONE)).toEqual({ version: 2 });
});
