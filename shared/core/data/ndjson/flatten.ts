/** From one object to cells by path. */
import type { TypedCell } from "../typed-cell.ts";

/** A number as it is written: beyond 2^53 and with its decimals. NaN and infinities, as Python writes them, are such too. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const OUTSIDE: TypedCell = { kind: "outside", text: "" };
const NULL: TypedCell = { kind: "null", text: "" };

/** Which paths have a meaning: columns, and the objects that columns are in. */
export class ColumnPaths {
  readonly #at: ReadonlyMap<string, number>;
  /** The columns within each object. */
  readonly #within = new Map<string, number[]>();

  constructor(names: readonly string[]) {
    this.#at = new Map(names.map((name, at) => [name, at]));
    for (const [at, name] of names.entries()) {
      for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
        const path = name.slice(0, dot);
        this.#within.set(path, [...(this.#within.get(path) ?? []), at]);
      }
    }
  }

  /** Of a column. */
  positionOf(path: string): number | undefined {
    return this.#at.get(path);
  }

  /** Undefined for what is no object with columns. */
  columnsWithin(path: string): readonly number[] | undefined {
    return this.#within.get(path);
  }
}

export interface CellTaker {
  /** @param at the column's position in the contract */
  take(at: number, cell: TypedCell): void;
  takeUnlisted(path: string): void;
}

/** An object that the contract does not list is one column, whatever is in it: its keys may be data. */
export function flatten(object: object, paths: ColumnPaths, taker: CellTaker, prefix = ""): void {
  for (const [key, value] of Object.entries(object)) {
    const path = `${prefix}${key}`;
    const at = paths.positionOf(path);
    const within = paths.columnsWithin(path);
    const cell = toCell(value);
    if (at !== undefined) taker.take(at, cell);
    if (cell.kind === "object" && within !== undefined) flatten(value, paths, taker, `${path}.`);
    else if (within !== undefined)
      for (const column of within) taker.take(column, cell.kind === "null" ? cell : OUTSIDE);
    else if (at === undefined) taker.takeUnlisted(path);
  }
}

function toCell(value: unknown): TypedCell {
  if (value === null) return NULL;
  if (value instanceof WrittenNumber) return { kind: "number", text: value.text };
  switch (typeof value) {
    case "string":
      return { kind: "text", text: value };
    case "boolean":
      return { kind: "boolean", text: String(value) };
    default:
      return { kind: Array.isArray(value) ? "list" : "object", text: "" };
  }
}
