/** report-metrics where the policy has several models: a section for each, judged by its own rules. */
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Verdict } from "../../shared/records/verdict.ts";
import { createDataReport } from "../../shared/report/testing.ts";
import { openPullRequest } from "../../test/fixture/open-pull-request.ts";
import { playAction } from "../../test/fixture/play-action.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";
import { judgeValues } from "./testing.ts";

const POLICY = `version: 2
models:
  visits: { files: [v], gates: [{ metric: mae, better: lower, max: 3 }] }
  fraud: { files: [f], gates: [{ metric: auc, better: higher, min: 0.8 }] }
`;
const origin = { repository: "acme/model", workflow: "ci.yml", run: 7, attempt: 1, actor: "alice" };
let hub: LocalGitHub;
let ref: string;
beforeAll(async () => {
  hub = await startLocalGitHub({
    ...{ repository: "acme/model", limits: "off", people: { alice: "write" } },
    files: { ".github/mlops.yml": POLICY },
  });
  ref = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
});
afterAll(() => hub.close());

let branches = 0;
async function report(
  verdicts: readonly ((head: string) => Verdict)[],
  inputs: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
) {
  branches += 1;
  const branch = `change-${branches}`;
  const { number, head, event } = await openPullRequest(hub, { branch, files: { [branch]: "x" } }, hub.as("alice"));
  const files = verdicts.map((of, index) => [`verdict-${index}/verdict.json`, JSON.stringify(of(head))] as const);
  const played = await playAction(spec, run, connect, {
    ...{ hub, event, files: { ...Object.fromEntries(files), ...more } },
    inputs: { record: "*/verdict.json", "data-report": "*/data-report.json", ...inputs },
  });
  const bodies = [...hub.repository.comments.values()].filter(({ issue }) => issue === number).map(({ body }) => body);
  return { ...played, body: bodies[0] ?? "", comments: bodies.length };
}

/** As a gate of the same release reaches it. */
const verdictOf =
  (model: "visits" | "fraud", values: Readonly<Record<string, number>>, change: Partial<Verdict> = {}) =>
  (head: string): Verdict => ({ ...judgeValues({ head, origin, ref, values, policy: POLICY, model }), ...change });

/** Keys of the sections, in their order. */
const keysIn = (body: string): readonly string[] =>
  [...body.matchAll(/ key=(\S+) state/g)].map(([, key = ""]) => decodeURIComponent(key));

test("one comment has a section for each, and its headline is the worst", async () => {
  const { exitCode, body, comments } = await report([
    verdictOf("visits", { mae: 2 }),
    verdictOf("fraud", { auc: 0.7 }),
  ]);
  expect([exitCode, comments, keysIn(body)]).toEqual([0, 1, ["fraud", "visits"]]);
  expect(body).toMatch(/^### ❌ Not ready to merge/);
});

test.each([
  ["an own key stays in front of it", { key: "nightly" }, ["nightly (visits)"]],
  ["the model alone names it", {}, ["visits"]],
])("%s", async (_, inputs, keys) => {
  expect(keysIn((await report([verdictOf("visits", { mae: 2 })], inputs)).body)).toEqual(keys);
});

test("two verdicts about one model do not hide each other", async () => {
  const { body } = await report([verdictOf("visits", { mae: 9 }), verdictOf("visits", { mae: 2 })]);
  expect(keysIn(body)).toEqual(["visits", "visits (2)"]);
  expect(body).toMatch(/^### ❌ Not ready to merge/);
});

test("a verdict that says it is about the other model is judged by the other's rules", async () => {
  const { body } = await report([verdictOf("visits", { mae: 9 }, { model: "fraud", outcome: "pass" })]);
  expect(body).toMatch(/^### ❌ Not ready to merge/);
  expect(keysIn(body)).toEqual(["fraud"]);
});

test.each([
  ["says nothing", undefined, "[model-not-named]"],
  ["names another one", "sales", "[model-unknown]"],
])("a verdict that %s is not believed", async (_, model, code) => {
  const nameless = (head: string): Verdict => {
    const { model: __, ...verdict } = verdictOf("visits", { mae: 2 })(head);
    return model === undefined ? verdict : { ...verdict, model };
  };
  const { exitCode, body, log } = await report([nameless]);
  expect([exitCode, log.includes(code)]).toEqual([1, true]);
  expect(body).not.toContain("✅ Ready");
});

test("each has the data report of its model, and one without a verdict is shown", async () => {
  const broken = JSON.stringify({ ...createDataReport({ outcome: "fail", origin }), model: "fraud" });
  const { body } = await report([verdictOf("visits", { mae: 2 })], {}, { "data-fraud/data-report.json": broken });
  expect(keysIn(body)).toEqual(["fraud", "visits"]);
  expect(body).toMatch(/^### ❌ Not ready to merge/);
});
