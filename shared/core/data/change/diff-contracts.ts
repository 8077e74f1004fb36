/** What changes from one contract to another. */
import { quoteText } from "../../../text/document/document.ts";
import type { CompiledColumn, CompiledContract } from "../compile-contract.ts";
import { diffColumn } from "./diff-column.ts";
import { type ChangeKind, compareLimits, show } from "./diff-setting.ts";

export interface ContractChange {
  /** Null for what concerns rows or files. */
  readonly column: string | null;
  readonly kind: ChangeKind;
  /** For example `max: 100 → 1000`. */
  readonly text: string;
}

export function diffContracts(before: CompiledContract, after: CompiledContract): readonly ContractChange[] {
  return [
    ...diffColumns(before, after),
    ...ofTable(compareLimits("rows.min", before.rows.min, after.rows.min, "min")),
    ...ofTable(compareLimits("rows.max", before.rows.max, after.rows.max, "max")),
    ...diffUnexpected(before, after),
    ...diffLists("rule", before.rules.map(describeRule), after.rules.map(describeRule)),
    ...diffLists("unique", before.unique.map(describeKey), after.unique.map(describeKey)),
    ...diffFormat(before, after),
    ...diffForm("csv", before.csv, after.csv),
    ...diffForm("limits", before.limits, after.limits),
  ];
}

const ofTable = (changes: readonly Omit<ContractChange, "column">[]): readonly ContractChange[] =>
  changes.map((change) => ({ column: null, ...change }));

function diffColumns(before: CompiledContract, after: CompiledContract): readonly ContractChange[] {
  const [old, now] = [byName(before.columns), byName(after.columns)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [earlier, later] = [old.get(name), now.get(name)];
    if (earlier === undefined) return addedColumn(name, later, before);
    if (later === undefined) return removedColumn(name, earlier, after);
    return diffColumn(earlier, later).map((change) => ({ column: name, ...change }));
  });
}

const byName = (columns: readonly CompiledColumn[]): ReadonlyMap<string, CompiledColumn> =>
  new Map(columns.map((column) => [column.name, column]));

/** Files without it fail now, where it is required; files with it passed before only where unlisted columns were allowed. */
function addedColumn(
  name: string,
  column: CompiledColumn | undefined,
  before: CompiledContract,
): readonly ContractChange[] {
  const wasRefused = before["unexpected-columns"] === "fail";
  const change = (kind: ChangeKind): ContractChange => ({ column: name, kind, text: "added" });
  if (column?.required === true) return wasRefused ? [change("tighter"), change("looser")] : [change("tighter")];
  return [change(wasRefused ? "looser" : "tighter")];
}

function removedColumn(name: string, column: CompiledColumn, after: CompiledContract): readonly ContractChange[] {
  const isRefused = after["unexpected-columns"] === "fail";
  const change = (kind: ChangeKind): ContractChange => ({ column: name, kind, text: "removed" });
  if (column.required) return isRefused ? [change("tighter"), change("looser")] : [change("looser")];
  return [change(isRefused ? "tighter" : "looser")];
}

function diffUnexpected(before: CompiledContract, after: CompiledContract): readonly ContractChange[] {
  const [old, now] = [before["unexpected-columns"], after["unexpected-columns"]];
  if (old === now) return [];
  const kind = now === "fail" ? "tighter" : "looser";
  return [{ column: null, kind, text: `unexpected-columns: ${show(old)} → ${show(now)}` }];
}

const describeRule = (rule: CompiledContract["rules"][number]): string => {
  const { check, severity, mostly } = rule;
  return `${quoteText(check)}${severity === "warn" ? ", severity: warn" : ""}${mostly < 1 ? `, mostly: ${mostly}` : ""}`;
};
const describeKey = (names: readonly string[]): string => `[${names.map(quoteText).join(", ")}]`;

const diffLists = (what: string, before: readonly string[], after: readonly string[]): readonly ContractChange[] => [
  ...before
    .filter((entry) => !after.includes(entry))
    .map((entry): ContractChange => ({ column: null, kind: "looser", text: `${what} removed: ${entry}` })),
  ...after
    .filter((entry) => !before.includes(entry))
    .map((entry): ContractChange => ({ column: null, kind: "tighter", text: `${what} added: ${entry}` })),
];

/** Settings whose effect depends on the files. */
function diffForm(name: string, before: object, after: object): readonly ContractChange[] {
  const old = new Map(Object.entries(before));
  return Object.entries(after).flatMap(([key, value]): readonly ContractChange[] => {
    const earlier = old.get(key);
    if (JSON.stringify(earlier) === JSON.stringify(value)) return [];
    return [{ column: null, kind: "other", text: `${name}.${key}: ${show(earlier)} → ${show(value)}` }];
  });
}

const diffFormat = ({ format: before }: CompiledContract, { format: after }: CompiledContract) =>
  ofTable(
    before === after ? [] : [{ kind: "other", text: `format: ${before ?? "by content"} → ${after ?? "by content"}` }],
  );
