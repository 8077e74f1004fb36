import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Baseline } from "../../core/gate/baseline.ts";
import { createTestClient } from "../github/testing.ts";
import { findDiffBaseline } from "./find-diff-baseline.ts";

/** Keeps what the commit has as `verdict.json` as its record; `$COMMIT` in it becomes the commit. Without one, nothing. */
const WORKFLOW = `
name: model
on: { push: {}, workflow_dispatch: {} }
permissions: {}
jobs:
  model:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@v7
      - run: mkdir out; [ ! -f verdict.json ] || sed "s/[$]COMMIT/$GITHUB_SHA/g" verdict.json > out/verdict.json; [ ! -f predictions.csv ] || cp predictions.csv out/
      - uses: actions/upload-artifact@v7
        with: { name: diff, path: out/, if-no-files-found: ignore }
`;
const verdict = (mae: number | null, changes: object = {}): string =>
  JSON.stringify({
    schema: "mlops-actions/verdict@2",
    outcome: "inconclusive",
    head: "$COMMIT",
    judged: "$COMMIT",
    metricsDigest: `sha256:${"1".repeat(64)}`,
    policy: null,
    baseline: null,
    rulings: [],
    metrics: [
      { name: "mae", slice: null, candidate: mae, baseline: 9 },
      { name: "gone", slice: null, candidate: null, baseline: 9 },
    ],
    notes: [],
    origin: { repository: "octo/model", workflow: "model", run: 1, attempt: 1, actor: "octo" },
    ...changes,
  });

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { ".github/workflows/model.yml": WORKFLOW } });
  await hub.waitUntilIdle();
});
afterAll(() => hub.close());

async function push(branch: string, files: Readonly<Record<string, string | null>>): Promise<string> {
  const commit = await hub.push({ branch, files, message: JSON.stringify(files).slice(0, 60) });
  await hub.waitUntilIdle();
  return commit;
}
const find = (commit: string, branch: string, files: readonly string[] = ["metrics.json"]) =>
  findDiffBaseline(
    createTestClient(hub),
    { judged: "d".repeat(40), head: "d".repeat(40), branch, base: { commit, branch } },
    { artifact: "diff", files, reader: "model-diff" },
  );
const shownValue = ({ shown }: { readonly shown: Baseline }) =>
  shown.kind === "found" ? [shown.provenance.kind, ...shown.metrics.map(({ value }) => value)] : shown.kind;

describe("a diff is against", () => {
  test("the record of the base commit; rules too", async () => {
    const commit = await push("own", { "verdict.json": verdict(2) });
    const found = await find(commit, "own");
    expect(found.judged).toBe(found.shown);
    expect(found.shown).toMatchObject({
      kind: "found",
      metrics: [{ name: "mae", slice: null, value: 2 }],
      provenance: {
        commit,
        kind: "first-parent",
        distance: 0,
        source: expect.stringMatching(/^run \d+ of .*model\.yml$/),
      },
    });
  });

  test("the nearest record before it, and says how far away; rules have none", async () => {
    await push("nearest", { "verdict.json": verdict(1) });
    const near = await push("nearest", { "verdict.json": verdict(2) });
    await push("nearest", { "verdict.json": null, "a.txt": "a" });
    const base = await push("nearest", { "a.txt": "b" });
    const found = await find(base, "nearest");
    expect(shownValue(found)).toEqual(["nearest-ancestor", 2]);
    expect(found.shown).toMatchObject({
      provenance: { commit: near, distance: 2, source: expect.stringContaining(", 2 commits before the base") },
    });
    expect(found.judged).toMatchObject({ kind: "missing", reason: expect.stringContaining(base.slice(0, 7)) });
  });

  test("the metrics that the base commit has, where no run has kept a record", async () => {
    const base = await push("committed", { "metrics.json": '{"mae": 3}' });
    const found = await find(base, "committed");
    expect(shownValue(found)).toEqual(["file", 3]);
    expect(found.judged).toMatchObject({ kind: "first-run" });
    expect(shownValue(await find(base, "committed", ["metrics.json", "more.json"]))).toBe("first-run");
    const broken = await push("committed", { "metrics.json": '{"mae": "NaN"}' });
    expect(shownValue(await find(broken, "committed"))).toBe("first-run");
  });

  test("nothing at first", async () => {
    expect(await find(await push("first", { "a.txt": "a" }), "first")).toMatchObject({
      judged: { kind: "first-run" },
      shown: { kind: "first-run", reason: expect.stringContaining("first has no record") },
    });
  });
});

describe("a record is passed over", () => {
  test("that is of a later commit of the branch", async () => {
    const base = await push("later", { "verdict.json": verdict(1) });
    const later = await push("later", { "verdict.json": verdict(2) });
    expect(shownValue(await find(base, "later"))).toEqual(["first-parent", 1]);
    expect(shownValue(await find(later, "later"))).toEqual(["first-parent", 2]);
    const between = await push("between", { "b.txt": "b" });
    await push("between", { "verdict.json": verdict(3) });
    // The branch has had a record, so that rules that need one fail.
    expect(shownValue(await find(between, "between"))).toBe("missing");
  });

  test.each([
    ["about another commit", verdict(5, { judged: "e".repeat(40) })],
    [
      "of another repository",
      verdict(5, { origin: { repository: "x/y", workflow: "w", run: 1, attempt: 1, actor: "a" } }),
    ],
    ["that is broken", "{"],
    ["of a newer release", verdict(5, { schema: "mlops-actions/verdict@3" })],
  ])("%s, and that is said", async (name, text) => {
    const branch = name.replaceAll(" ", "-");
    const base = await push(branch, { "verdict.json": text });
    expect(await find(base, branch)).toMatchObject({ judged: { kind: "missing" } });
  });

  test("that a dispatch made of the base commit itself: its push had one before", async () => {
    const base = await push("by-hand", { "verdict.json": verdict(6) });
    await hub.run("model.yml", { ref: "by-hand" });
    await hub.waitUntilIdle();
    expect(shownValue(await find(base, "by-hand"))).toEqual(["first-parent", 6]);
  });

  test("that a hundred newer runs left, and the base commit's is found behind them", async () => {
    const base = await push("busy", { "verdict.json": verdict(8) });
    await push("change", { "verdict.json": verdict(9) });
    const { artifacts } = hub.repository.actions;
    const newest = [...artifacts.values()].at(-1);
    if (newest === undefined) throw new Error("the last push has left no artifact");
    const copies = Array.from({ length: 100 }, (_, at) => ({ ...newest, id: newest.id + 1 + at }));
    for (const copy of copies) artifacts.set(copy.id, copy);
    try {
      expect(shownValue(await find(base, "busy"))).toEqual(["first-parent", 8]);
      // Whether the branch ever had one cannot be seen: rules that need one fail.
      const without = await push("busy-first", { "verdict.json": null, "a.txt": "busy" });
      expect((await find(without, "busy-first")).judged.kind).toBe("missing");
    } finally {
      for (const { id } of copies) artifacts.delete(id);
    }
  });

  test("that a dispatch made, whose inputs may name anything", async () => {
    const files = { "verdict.json": verdict(7) };
    await hub.push({ branch: "dispatched", files, message: "Measured by hand [skip ci]" });
    await hub.run("model.yml", { ref: "dispatched" });
    await hub.waitUntilIdle();
    const base = await hub.push({ branch: "dispatched", files: { "verdict.json": null }, message: "[skip ci]" });
    expect(shownValue(await find(base, "dispatched"))).toBe("first-run");
  });
});
