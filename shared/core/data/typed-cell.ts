/** Cells of formats that have types: what a value is beyond its text. In CSV every cell is text. */
import type { ColumnType } from "./contract.ts";

/** A boolean's text is `true` or `false`. The last three are no cells of any column; `outside`: what should be an object is none. */
export type CellKind = "null" | "text" | "number" | "boolean" | "list" | "object" | "outside";

/** Whether a contract's spelling of nulls may mean it. */
export const isScalar = (kind: CellKind): boolean => kind === "text" || kind === "number" || kind === "boolean";

export interface TypedCell {
  readonly kind: CellKind;
  /** Of a number as it is written; empty for what has no text. */
  readonly text: string;
}

export function fitsType(kind: CellKind, type: ColumnType): boolean {
  switch (kind) {
    case "text":
      return type === "string" || type === "date" || type === "timestamp";
    case "number":
      return type === "integer" || type === "number";
    default:
      return kind === type;
  }
}

const NAMES: Readonly<Record<CellKind, readonly [one: string, several: string]>> = {
  null: ["null", "null"],
  text: ["is text", "are text"],
  number: ["is a number", "are numbers"],
  boolean: ["is true or false", "are true or false"],
  list: ["is a list", "are lists"],
  object: ["is an object", "are objects"],
  outside: ["is in something that is no object", "are in something that is no object"],
};

/** For the message of a column: what its values are that have another type. */
export function describeKinds(counts: ReadonlyMap<CellKind, number>): string {
  const parts = [...counts].map(([kind, count]) => `${count} ${NAMES[kind][count === 1 ? 0 : 1]}`);
  return parts.length === 0 ? "" : `; ${parts.join(", ")}`;
}
