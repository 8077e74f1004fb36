/** Whether the distributions of columns moved further from the base commit's data than the policy allows. */
import type { Problem } from "../../../problem/problem.ts";
import type { DataReport } from "../../../records/data-report.ts";
import { quoteText } from "../../../text/document/document.ts";
import { isInconclusive } from "../../statistics/inconclusive.ts";
import type { CompiledColumn, CompiledContract } from "../compile-contract.ts";
import type { RowObserver } from "../row-values.ts";
import { ColumnSample, isNumeric } from "./column-sample.ts";
import { type DriftTest, measureDrift } from "./measure-drift.ts";

export interface DriftRule {
  readonly columns: readonly string[];
  readonly test: DriftTest;
  /** Largest value that passes. */
  readonly max: number;
  /** Only in this set of files. */
  readonly set?: string | undefined;
  readonly severity: "fail" | "warn";
}

/** A set of files, and its contract. */
export interface DriftSet {
  readonly name?: string;
  readonly contract: CompiledContract;
  readonly path: string;
}

export type RecordedDrift = NonNullable<DataReport["drift"]>[number];

interface Watched {
  readonly rule: DriftRule;
  readonly set: string | undefined;
  readonly column: CompiledColumn;
  readonly candidate: ColumnSample;
  readonly base: ColumnSample;
}

export class DriftCheck {
  readonly #watched: readonly Watched[];

  /** `findDriftProblems` tells what rules cannot mean; that is left out here. */
  constructor(rules: readonly DriftRule[], sets: readonly DriftSet[]) {
    this.#watched = rules.flatMap((rule) =>
      sets.filter(({ name }) => rule.set === undefined || rule.set === name).flatMap((set) => watch(rule, set)),
    );
  }

  /** The sets whose files at the base commit must be read as well. */
  concerns(set: string | undefined): boolean {
    return this.#watched.some((watched) => watched.set === set);
  }

  observersOf(set: string | undefined, side: "candidate" | "base"): readonly RowObserver[] {
    return this.#watched.filter((watched) => watched.set === set).map((watched) => watched[side]);
  }

  /** @param hasBase whether the base commit has files of the set: the first ones have nothing to differ from */
  judge(hasBase: (set: string | undefined) => boolean): readonly RecordedDrift[] {
    return this.#watched.filter(({ set }) => hasBase(set)).map(judgeColumn);
  }
}

const watch = (rule: DriftRule, { name: set, contract }: DriftSet): readonly Watched[] =>
  rule.columns.flatMap((name) => {
    const column = contract.columns.find((each) => each.name === name);
    if (column === undefined) return [];
    const sample = () => new ColumnSample(name, column.type);
    return [{ rule, set, column, candidate: sample(), base: sample() }];
  });

function judgeColumn({ rule, set, column, candidate, base }: Watched): RecordedDrift {
  const { test, max: threshold, severity } = rule;
  const measured = measureDrift(test, column.type, { candidate, base });
  const from = { column: column.name, test, threshold, ...(set !== undefined && { set }) };
  const shown = severity === "warn" ? { severity } : {};
  if (isInconclusive(measured))
    return { ...from, value: 0, outcome: "inconclusive", reason: measured.detail, ...shown };
  const { value, p } = measured;
  return { ...from, value, ...(p !== undefined && { p }), outcome: value <= threshold ? "pass" : "fail", ...shown };
}

/** Undefined for a column that moved no further than it may. */
export function toDriftProblem({
  column,
  set,
  test,
  value,
  threshold,
  outcome,
  reason,
}: RecordedDrift): Problem | undefined {
  if (outcome === "pass") return undefined;
  const of = `${quoteText(column)}${set === undefined ? "" : ` in the set ${set}`}`;
  const fix = "Look at what changed in the data; if it is meant, raise max under data.drift in a separate pull request";
  if (outcome === "inconclusive") {
    return { code: "data-drift", message: `the drift of ${of} could not be measured: ${reason}`, fix };
  }
  const message = `${of} differs from the base commit's data by ${formatSize(value)} (${test}); at most ${threshold} is allowed`;
  return { code: "data-drift", message, fix };
}

/** Never shown as equal to a threshold that it exceeds. */
const formatSize = (value: number): string => String(Number(value.toPrecision(4)));

/** What rules cannot mean: a column that no contract has, and a test that its type does not have. */
export function findDriftProblems(
  rules: readonly DriftRule[],
  sets: readonly DriftSet[],
  file: string,
): readonly Problem[] {
  return rules.flatMap(({ columns, test, set }) => {
    const concerned = sets.filter(({ name }) => set === undefined || set === name);
    return columns.flatMap((name) => {
      const found = concerned.flatMap(({ contract }) => contract.columns.filter((column) => column.name === name));
      const complain = (message: string, fix: string): readonly Problem[] => [
        { code: "drift-column", message: `data.drift: ${message}`, place: { file }, fix },
      ];
      if (found.length === 0) return complain(`no contract has ${quoteText(name)}`, "Name columns of the contract");
      if (test !== "ks" || found.every(({ type }) => isNumeric(type))) return [];
      return complain(
        `${quoteText(name)} is no number, and ks compares numbers`,
        "Use psi, chi-square or jensen-shannon",
      );
    });
  });
}
