import { expect, test } from "vitest";
import type { Baseline } from "./baseline.ts";
import { chooseAllowed, findAgeProblem, joinAbsent, sourcesFor } from "./baseline-sources.ts";

const NOW = new Date("2026-11-27T00:00:00Z");
const found = (distance: number | undefined, measuredAt = "2026-11-26T00:00:00Z"): Baseline => ({
  kind: "found",
  metrics: [],
  provenance: {
    ...{ commit: "a".repeat(40), metricsDigest: "sha256:1", source: `run ${distance}`, measuredAt },
    ...(distance !== undefined && { distance }),
  },
});
const first = (reason: string) => ({ kind: "first-run", reason }) as const;
const missing = (reason: string) => ({ kind: "missing", reason }) as const;
const nobody = () => Promise.reject(new Error("another source was asked"));

test.each([
  [[first("a"), first("b")], first("a; b")],
  [[first("a"), first("a")], first("a")],
  // One that may have had a baseline is enough: then rules that need one fail.
  [[first("a"), missing("b")], missing("a; b")],
  [[missing("a")], missing("a")],
  [[], missing("")],
])("of sources without a baseline %j it is a first run only if all say so", (absent, joined) => {
  expect(joinAbsent(absent)).toEqual(joined);
});

test.each<[string, Baseline, Baseline, Parameters<typeof chooseAllowed>[1], string]>([
  ["the base commit's own", found(0), found(0), [{ from: "first-parent" }], "run 0"],
  ["a nearer one than the policy's limit", missing("no"), found(3), [{ from: "nearest-ancestor", within: 3 }], "run 3"],
  ["none beyond it", missing("no"), found(4), [{ from: "nearest-ancestor", within: 3 }], "no"],
  ["none that is not known to be near", missing("no"), found(undefined), [{ from: "nearest-ancestor" }], "no"],
  ["none that is only shown", missing("no"), found(3), [{ from: "first-parent" }], "no"],
  [
    "the next one where the first is too old",
    found(0, "2026-01-01T00:00:00Z"),
    found(0),
    [{ from: "first-parent", "max-age": "30d" }, { from: "nearest-ancestor" }],
    "run 0",
  ],
])("a diff lets rules use %s", async (_, judged, shown, sources, words) => {
  const allowed = await chooseAllowed({ judged, shown }, sources, NOW, nobody);
  expect(allowed.kind === "found" ? allowed.provenance.source : allowed.reason).toBe(words);
});

test("a source that a diff does not look at is asked", async () => {
  const asked: string[] = [];
  const allowed = await chooseAllowed(
    { judged: missing("no"), shown: missing("no") },
    [{ from: "file", path: "m.json" }],
    NOW,
    async ({ from }) => {
      asked.push(from);
      return found(undefined);
    },
  );
  expect([asked, allowed.kind]).toEqual([["file"], "found"]);
});

test.each([
  ["2026-11-26T00:00:00Z", "1d", undefined],
  ["2026-11-25T23:59:59Z", "1d", "run 0 is 1 days old; at most 1d is allowed"],
  [undefined, "1d", "how old run 0 is, is not known; at most 1d is allowed"],
  ["yesterday", "1d", "how old run 0 is, is not known; at most 1d is allowed"],
  ["2020-01-01T00:00:00Z", undefined, undefined],
])("measured at %s and at most %s old: %s", (measuredAt, maxAge, problem) => {
  const provenance = { commit: "a".repeat(40), metricsDigest: "sha256:1", source: "run 0", measuredAt };
  expect(findAgeProblem(provenance, maxAge, NOW)).toBe(problem);
});

test("only a merge queue adds the nearest record", () => {
  expect(sourcesFor([{ from: "first-parent" }], "pull_request")).toEqual([{ from: "first-parent" }]);
  expect(sourcesFor([{ from: "first-parent" }], "merge_group").map(({ from }) => from)).toEqual([
    "first-parent",
    "nearest-ancestor",
  ]);
});
