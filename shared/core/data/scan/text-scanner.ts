/** Text with bounds on its length, and cells that follow a table: patterns and lists of words. */
import { validSequenceLength } from "../../../text/csv/utf8-decoder.ts";
import { type ByteTable, UNKNOWN } from "../../../text/pattern/byte-table.ts";
import {
  AS_TEXT,
  answer,
  type ByteKinds,
  type CellScanner,
  finishCell,
  ORDINARY,
  QUOTE,
  SUSPICIOUS,
  TERMINATOR,
} from "./cell-scanner.ts";

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
  const { start, accepts } = table;
  // What ends a cell ends the walk as well, whether the table knows it or not.
  const isEnd = (byte: number): boolean => byte === 0 || kinds[byte] === TERMINATOR || kinds[byte] === QUOTE;
  const next = table.next.map((state, at) => (isEnd(at & 255) ? UNKNOWN : state));
  return (bytes, from) => {
    let state = start;
    let at = from;
    for (;;) {
      const to = next[(state << 8) | (bytes[at] ?? 0)] ?? UNKNOWN;
      if (to === UNKNOWN) break;
      state = to;
      at += 1;
    }
    const kind = kinds[bytes[at] ?? 0];
    if (kind === SUSPICIOUS || kind === ORDINARY) return finishCell(kinds, bytes, at, AS_TEXT);
    return accepts[state] === 1 ? at : answer(at, accepts[state] === 2 ? AS_TEXT : rejected);
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
