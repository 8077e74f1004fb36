/** How one setting changes what passes. */
import { quoteText } from "../../../text/document/document.ts";

export type ChangeKind = "tighter" | "looser" | "other";

export interface SettingChange {
  readonly kind: ChangeKind;
  readonly text: string;
}

export const show = (value: unknown): string =>
  value === undefined ? "none" : typeof value === "string" ? quoteText(value) : JSON.stringify(value);

const compareNumbers = (a: string, b: string): number => Number(a) - Number(b);

/** A lower bound is tighter when it rises, an upper one when it falls; none is the loosest. */
export function compareLimits(
  key: string,
  before: number | string | undefined,
  after: number | string | undefined,
  side: "min" | "max",
  compare = compareNumbers,
): readonly SettingChange[] {
  if (before === after) return [];
  const text = `${key}: ${show(before)} → ${show(after)}`;
  if (before === undefined) return [{ kind: "tighter", text }];
  if (after === undefined) return [{ kind: "looser", text }];
  const order = compare(String(after), String(before));
  if (order === 0) return [];
  if (Number.isNaN(order)) return [{ kind: "other", text }];
  return [{ kind: order > 0 === (side === "min") ? "tighter" : "looser", text }];
}

/** @param strict the value with which less passes */
export function compareSwitch<Value>(
  key: string,
  before: Value,
  after: Value,
  strict: Value,
): readonly SettingChange[] {
  if (before === after) return [];
  return [{ kind: after === strict ? "tighter" : "looser", text: `${key}: ${show(before)} → ${show(after)}` }];
}

/** Values taken away make it tighter, new ones looser; to have a list at all is tighter. */
export function compareChoices(
  key: string,
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
): readonly SettingChange[] {
  if (before === undefined || after === undefined) {
    if (before === after) return [];
    return [
      { kind: after === undefined ? "looser" : "tighter", text: `${key} ${after === undefined ? "removed" : "added"}` },
    ];
  }
  const gone = before.filter((value) => !after.includes(value));
  const added = after.filter((value) => !before.includes(value));
  const list = (values: readonly unknown[]) => values.map(show).join(", ");
  return [
    ...(gone.length > 0 ? [{ kind: "tighter" as const, text: `${key} without ${list(gone)}` }] : []),
    ...(added.length > 0 ? [{ kind: "looser" as const, text: `${key} with ${list(added)}` }] : []),
  ];
}

/** What can only be said to be there, gone or different. */
export function compareExpressions(key: string, before: unknown, after: unknown): readonly SettingChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const text = `${key}: ${show(before)} → ${show(after)}`;
  return [{ kind: before === undefined ? "tighter" : after === undefined ? "looser" : "other", text }];
}
