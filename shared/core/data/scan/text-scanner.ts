/** Text with bounds on its length, and cells that follow a table: patterns and lists of words. */
import { validSequenceLength } from "../../../text/csv/utf8-decoder.ts";
import type { ByteTable } from "../../../text/pattern/byte-table.ts";
import { AS_TEXT, answer, type ByteKinds, type CellScanner, finishCell, ORDINARY, SUSPICIOUS } from "./cell-scanner.ts";

export interface LengthRules {
  /** In code points. */
  readonly min: number;
  readonly max: number;
  readonly tooShort: number;
  readonly tooLong: number;
}

export function textScanner(kinds: ByteKinds, { min, max, tooShort, tooLong }: LengthRules): CellScanner {
  return (bytes, from) => {
    let at = from;
    let length = 0;
    for (;;) {
      const start = at;
      while (kinds[bytes[at] ?? 0] === ORDINARY) at += 1;
      length += at - start;
      if (kinds[bytes[at] ?? 0] !== SUSPICIOUS) break;
      const size = bytes[at] === 0 ? 0 : validSequenceLength(bytes, at);
      if (size === 0) return finishCell(kinds, bytes, at, AS_TEXT);
      at += size;
      length += 1;
    }
    if (length < min) return answer(at, tooShort);
    return length <= max ? at : answer(at, tooLong);
  };
}

/** @param rejected the verdict about cells that the table does not accept */
export function tableScanner(kinds: ByteKinds, table: ByteTable, rejected: number): CellScanner {
  // What ends a cell has no class: it ends the walk as well, whether the table knows it or not.
  const classes = table.classes.map((byteClass, byte) => {
    const isPart = kinds[byte] === ORDINARY || (kinds[byte] === SUSPICIOUS && byte > 0);
    return isPart ? byteClass : 0;
  });
  const { next, start, accepts } = table;
  return (bytes, from) => {
    let state = start;
    let at = from;
    for (;;) {
      const byteClass = classes[bytes[at] ?? 0] ?? 0;
      if (byteClass === 0) break;
      state = next[state + byteClass] ?? 0;
      at += 1;
    }
    const kind = kinds[bytes[at] ?? 0];
    if (kind === SUSPICIOUS) return finishCell(kinds, bytes, at, AS_TEXT);
    if (kind === ORDINARY || accepts[state] !== 1) return finishCell(kinds, bytes, at, rejected);
    return at;
  };
}

/** Cells that must satisfy several scanners, in the order of the rules that these stand for. */
export function everyScanner(scanners: readonly CellScanner[]): CellScanner {
  const [first, ...others] = scanners;
  if (first === undefined) throw new RangeError("there is no scanner");
  if (others.length === 0) return first;
  return (bytes, from) => {
    const end = first(bytes, from);
    if (end < 0) return end;
    for (const scan of others) {
      const other = scan(bytes, from);
      if (other < 0) return other;
    }
    return end;
  };
}

/** Hands every cell over as text. */
export const asTextScanner =
  (kinds: ByteKinds): CellScanner =>
  (bytes, from) =>
    finishCell(kinds, bytes, from, AS_TEXT);
