import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Metric } from "../../records/fields.ts";
import { collectMetrics, readMetrics } from "../metrics/read-metrics.ts";
import { type ExpandedGate, expandGates } from "../policy/expand-gates.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import type { Baseline } from "./baseline.ts";
import { computeRegression } from "./evaluate-rule.ts";
import { judge } from "./judge.ts";

const provenance = { commit: "a".repeat(40), metricsDigest: `sha256:${"0".repeat(64)}`, source: "run 1" };
const found = (metrics: readonly Metric[]): Baseline => ({ kind: "found", metrics, provenance });
const mae = (value: number): readonly Metric[] => [{ name: "mae", slice: null, value }];

interface Case {
  readonly name: string;
  readonly candidate: unknown;
  readonly baseline?: unknown;
  readonly missing?: string;
  readonly "first-run"?: string;
  readonly outcome: string;
  readonly rulings?: readonly string[];
}

const folder = new URL("../../../test/cases/gate/", import.meta.url);
const cases = readdirSync(folder)
  .flatMap(
    (file) =>
      parse(readFileSync(new URL(file, folder), "utf8")) as readonly {
        version?: 1 | 2;
        gates: unknown;
        cases: readonly Case[];
      }[],
  )
  .flatMap(({ version = 1, gates, cases: all }) =>
    all.map((one) => ({ version, gates, ...one, name: `${one.name}: ${JSON.stringify(gates)}` })),
  );

describe("the gate", () => {
  test.each(cases)(
    "$name",
    ({ version, gates, candidate, baseline, missing, "first-run": first, outcome, rulings }) => {
      const read = (value: unknown) => collectMetrics([readMetrics(JSON.stringify(value), "metrics.json", "a-test")]);
      const against: Baseline = first
        ? { kind: "first-run", reason: first }
        : baseline === undefined
          ? { kind: "missing", reason: missing ?? "no baseline was given" }
          : found(read(baseline));
      const policy = readPolicy(JSON.stringify({ version, gates }), "mlops.yml", { reader: "gate-metrics" });
      const result = judge(expandGates(getModelPolicy(policy)), read(candidate), against);
      expect(result.outcome).toBe(outcome);
      const actual = result.rulings.map((ruling) => `${ruling.outcome} ${ruling.reason}`);
      expect(actual).toEqual(rulings ?? actual);
    },
  );

  test("shows what it compared: both sides, and what only one of them has", () => {
    const baseline = found([{ name: "old", slice: null, value: 1 }, ...mae(2)]);
    const candidate = [...mae(3), { name: "mae", slice: "poor", value: 4 }];
    expect(judge([], candidate, baseline).metrics).toEqual([
      { name: "mae", slice: null, candidate: 3, baseline: 2, better: "lower" },
      { name: "mae", slice: "poor", candidate: 4, baseline: null, better: "lower" },
      { name: "old", slice: null, candidate: null, baseline: 1 },
    ]);
  });
});

const RULES = ["min", "max", "amount", "share"] as const;

function gateOf(kind: (typeof RULES)[number], better: "higher" | "lower", limit: number): ExpandedGate {
  const rule = "max-regression";
  const requirement =
    kind === "amount"
      ? ({ rule, by: "amount", amount: limit } as const)
      : kind === "share"
        ? ({ rule, by: "share", percent: limit } as const)
        : ({ rule: kind, threshold: limit } as const);
  return { metric: "mae", slice: null, better, requirements: [requirement] };
}

const passes = (gate: ExpandedGate, candidate: number, before: number): boolean =>
  judge([gate], mae(candidate), found(mae(before))).outcome === "pass";

const better = fc.constantFrom("higher", "lower");
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const tolerance = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0, max: 1e9 });

describe("whatever the numbers", () => {
  test("a value that is not finite never passes, on whichever side it is", () => {
    const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    fc.assert(
      fc.property(
        fc.constantFrom(...RULES),
        better,
        fc.tuple(finite, finite, finite),
        notFinite,
        fc.nat(2),
        (kind, way, numbers, bad, at) => {
          const [candidate, before, limit] = numbers.with(at, bad);
          // A floor or ceiling does not look at the baseline.
          fc.pre(at !== 1 || kind === "amount" || kind === "share");
          expect(passes(gateOf(kind, way, Math.abs(limit ?? 0)), candidate ?? 0, before ?? 0)).toBe(false);
        },
      ),
      { seed: 11, numRuns: 2_000 },
    );
  });

  test("a better candidate never fails where a worse one passes", () => {
    const rules = fc.constantFrom("bound", "amount", "share");
    fc.assert(
      fc.property(rules, better, finite, finite, finite, tolerance, (kind, way, one, other, before, allowed) => {
        const towards = way === "higher" ? "min" : "max";
        const gate = gateOf(
          kind === "bound" ? towards : (kind as "amount" | "share"),
          way,
          kind === "bound" ? before : allowed,
        );
        const [worse, best] = one < other === (way === "higher") ? [one, other] : [other, one];
        expect(!passes(gate, worse, before) || passes(gate, best, before)).toBe(true);
      }),
      { seed: 12, numRuns: 2_000 },
    );
  });

  test("a larger tolerance never fails what a smaller one passes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("amount", "share"),
        better,
        finite,
        finite,
        tolerance,
        tolerance,
        (kind, way, now, before, a, b) => {
          const [small, large] = [Math.min(a, b), Math.max(a, b)];
          expect(!passes(gateOf(kind, way, small), now, before) || passes(gateOf(kind, way, large), now, before)).toBe(
            true,
          );
        },
      ),
      { seed: 13, numRuns: 2_000 },
    );
  });

  test("a regression from a to b is an improvement from b to a of the same size", () => {
    fc.assert(
      fc.property(better, finite, finite, (way, a, b) => {
        const [forward, backward] = [computeRegression(way, a, b), computeRegression(way, b, a)];
        expect(forward).toEqual({ ...backward, sign: 0 - backward.sign });
        const both = passes(gateOf("amount", way, 0), a, b) && passes(gateOf("amount", way, 0), b, a);
        // `-0` and `0` are one number in a file.
        expect(both).toBe(a === b);
      }),
      { seed: 14, numRuns: 2_000 },
    );
  });

  test("100,000 random triples give the same as a calculation in whole units", () => {
    // Numbers of at most four decimals, so that the oracle can count in ten-thousandths; percents of two, in hundredths.
    let state = 20_261_123;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const units = (): number => (next(4) === 0 ? next(7) - 3 : next(40_001) - 20_000);
    const wrong: string[] = [];
    for (let round = 0; round < 100_000; round += 1) {
      const kind = RULES[next(4)] ?? "min";
      const way = next(2) === 0 ? "higher" : "lower";
      const before = units();
      const limit = kind === "min" || kind === "max" ? units() : next(next(2) === 0 ? 5 : 2_000);
      // Half of them are right at the edge, where a wrong comparison shows.
      const edge =
        kind === "min" || kind === "max"
          ? limit
          : before +
            (way === "higher" ? -1 : 1) * (kind === "amount" ? limit : Math.floor((Math.abs(before) * limit) / 10_000));
      const now = next(2) === 0 ? units() : edge + next(3) - 1;
      const worse = way === "higher" ? before - now : now - before;
      const expected = {
        min: now >= limit,
        max: now <= limit,
        amount: worse <= limit,
        share: worse * 10_000 <= limit * Math.abs(before),
      }[kind];
      const gate = gateOf(kind, way, limit / (kind === "share" ? 100 : 10_000));
      const actual = passes(gate, now / 10_000, before / 10_000);
      if (actual !== expected) wrong.push(`${kind} ${way} limit ${limit}, ${before} to ${now}: ${actual}`);
    }
    expect(wrong).toEqual([]);
  });
});
