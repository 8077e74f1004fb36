/** What changes for the cells of one column. */
import { strictType } from "../cell-type.ts";
import type { CompiledColumn } from "../compile-contract.ts";
import {
  type ChangeKind,
  compareChoices,
  compareExpressions,
  compareLimits,
  compareSwitch,
  type SettingChange,
  show,
} from "./diff-setting.ts";

export function diffColumn(before: CompiledColumn, after: CompiledColumn): readonly SettingChange[] {
  const retyped = diffType(before, after);
  return [
    ...retyped,
    // Bounds of another type are other bounds.
    ...(retyped.length > 0 ? diffExpressions(BOUNDS, before, after) : diffBounds(before, after)),
    ...compareSwitch("required", before.required, after.required, true),
    ...compareSwitch("nullable", before.nullable, after.nullable, false),
    ...compareSwitch("unique", before.unique, after.unique, true),
    ...compareSwitch("severity", before.severity, after.severity, "fail"),
    ...compareLimits("mostly", before.mostly, after.mostly, "min"),
    ...compareLimits("max-null-share", before["max-null-share"], after["max-null-share"], "max"),
    ...compareLimits("min-length", before["min-length"], after["min-length"], "min"),
    ...compareLimits("max-length", before["max-length"], after["max-length"], "max"),
    ...compareLimits("max-decimals", before["max-decimals"], after["max-decimals"], "max"),
    ...compareLimits("min-share", before["min-share"], after["min-share"], "min"),
    ...compareLimits("max-share", before["max-share"], after["max-share"], "max"),
    ...compareExpressions("max-age", before["max-age"], after["max-age"]),
    ...compareExpressions("forbid", before.forbid?.join(", "), after.forbid?.join(", ")),
    ...compareChoices("enum", before.enum, after.enum),
    ...diffExpressions(["pattern", "pattern-anywhere", "format"], before, after),
    ...(retyped.length > 0 ? [] : diffSpelling(before, after)),
  ];
}

const BOUNDS = ["min", "max", "above", "below"] as const;

function diffBounds(before: CompiledColumn, after: CompiledColumn): readonly SettingChange[] {
  const { compare } = strictType(after.type, after.spelling);
  return BOUNDS.flatMap((key) =>
    compareLimits(key, before[key], after[key], key === "min" || key === "above" ? "min" : "max", compare),
  );
}

const diffExpressions = (
  keys: readonly ("pattern" | "pattern-anywhere" | "format" | (typeof BOUNDS)[number])[],
  before: CompiledColumn,
  after: CompiledColumn,
): readonly SettingChange[] => keys.flatMap((key) => compareExpressions(key, before[key], after[key]));

/** What every value of a type is as well. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  integer: ["number", "string"],
  number: ["string"],
  boolean: ["string"],
  date: ["string"],
  timestamp: ["string"],
};

function diffType(before: CompiledColumn, after: CompiledColumn): readonly SettingChange[] {
  if (before.type === after.type) return [];
  const kind: ChangeKind = WIDER[before.type]?.includes(after.type)
    ? "looser"
    : WIDER[after.type]?.includes(before.type)
      ? "tighter"
      : "other";
  return [{ kind, text: `type: ${before.type} → ${after.type}` }];
}

/** How cells must be written. Which files that concerns is not known here. */
function diffSpelling(before: CompiledColumn, after: CompiledColumn): readonly SettingChange[] {
  return Object.entries(after.spelling).flatMap(([key, value]): readonly SettingChange[] => {
    const earlier = before.spelling[key as keyof typeof before.spelling];
    if (JSON.stringify(earlier) === JSON.stringify(value)) return [];
    return [{ kind: "other", text: `${key}: ${show(earlier)} → ${show(value)}` }];
  });
}
