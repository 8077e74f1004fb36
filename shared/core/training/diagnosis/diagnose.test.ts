import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { diagnosis } from "../../../records/resources.ts";
import { diagnose } from "./diagnose.ts";
import type { TrainingEvidence } from "./evidence.ts";

interface Case {
  readonly name: string;
  readonly end?: TrainingEvidence["end"];
  readonly log: string;
  /** A code, or the name of a signal. */
  readonly exit: number | string;
  readonly kernel?: readonly string[];
  readonly "oom-kills"?: number;
  readonly silent?: number;
  readonly "idle-gpu"?: number;
  readonly recovery?: readonly string[];
  readonly results?: TrainingEvidence["resultProblems"];
  readonly kind: string | null;
  readonly confidence?: string;
  readonly retry?: string;
  /** Parts of the line and of the message. */
  readonly evidence?: string;
  readonly says?: string;
  /** What the line must not repeat. */
  readonly without?: string;
}

const folder = new URL("../../../../test/cases/training/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.startsWith("diagnosis-"));
const cases = files.flatMap((name): readonly Case[] => parse(readFileSync(new URL(name, folder), "utf8")));

const evidenceOf = (one: Case): TrainingEvidence => ({
  end: one.end ?? "exited",
  exit: typeof one.exit === "number" ? { code: one.exit, signal: null } : { code: null, signal: one.exit },
  lines: one.log.split("\n"),
  oomKills: one["oom-kills"] ?? null,
  kernelMessages: one.kernel ?? [],
  resultProblems: one.results ?? [],
  silentSeconds: one.silent ?? 0,
  idleGpuSeconds: one["idle-gpu"] ?? null,
  recoveryActions: one.recovery ?? [],
});

test.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
  const found = diagnose(evidenceOf(one));
  expect(found?.kind ?? null).toBe(one.kind);
  if (one.confidence !== undefined) expect(found?.confidence).toBe(one.confidence);
  if (one.retry !== undefined) expect(found?.retry).toBe(one.retry);
  expect(found?.evidence?.line ?? "").toContain(one.evidence ?? "");
  if (one.without !== undefined) expect(found?.evidence?.line).not.toContain(one.without);
  expect(found?.message ?? "").toContain(one.says ?? "");
  if (found === undefined) return;
  const { fix, ...recorded } = found;
  expect(diagnosis.safeParse(recorded).error).toBeUndefined();
  expect(fix).toMatch(/^[A-Z].*[^.]$/);
});

describe("there are enough of them", () => {
  test("fixtures, and kinds", () => {
    expect(cases.length).toBeGreaterThan(80);
    expect(new Set(cases.map(({ kind }) => kind)).size).toBe(22);
  });

  test("and each also in a log after a long healthy one", () => {
    const healthy = Array.from({ length: 3_000 }, (_, at) => `step ${at} loss ${(3 / (at + 1)).toFixed(4)}`);
    for (const one of cases) {
      const evidence = evidenceOf(one);
      const longer = { ...evidence, lines: [...healthy, ...evidence.lines] };
      expect([one.name, diagnose(longer)?.kind ?? null]).toEqual([one.name, one.kind]);
    }
  });
});

test("no healthy training has a diagnosis, whatever its log says", () => {
  const words = fc.constantFrom(
    "CUDA out of memory",
    "nan",
    "Killed",
    "No space left on device",
    "Traceback",
    "error:",
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(words).map((some) => some.join(" ")),
        { maxLength: 30 },
      ),
      (lines) => {
        const one = { name: "", log: lines.join("\n"), exit: 0, kind: null, "oom-kills": 1 };
        expect(diagnose(evidenceOf(one))).toBeUndefined();
      },
    ),
    { seed: 7 },
  );
});

test("a line of any kind takes no time that matters", () => {
  const parts = ["(", "A.", "loss", "Error ", "[rank0]:", "block: [0,0,0], ", "'", "shapes ", ".so", "x", " ", ": "];
  for (const part of parts) {
    const line = part.repeat(4_000 / part.length);
    const lines = Array.from({ length: 200 }, (_, at) => (at === 0 ? "Traceback (most recent call last):" : line));
    const started = performance.now();
    diagnose(evidenceOf({ name: "", log: lines.join("\n"), exit: 1, kind: null }));
    expect(performance.now() - started).toBeLessThan(2_000);
  }
});
