/** What one thread has found in its pieces of a file. It has no functions: it goes from thread to thread. */
import type { ColumnPart } from "./column-check.ts";
import type { CountedLines } from "./finding-collector.ts";
import type { SpillFile } from "./unique/value-log.ts";

export interface CheckedPart {
  readonly rows: number;
  readonly lineEndings: { readonly lf: number; readonly crlf: number };
  /** By counter, in the order in which they were created. */
  readonly counted: readonly CountedLines[];
  /** By position in the file. */
  readonly columns: readonly (ColumnPart | undefined)[];
}

/** A part with the file that its thread has written values to. */
export type PartOnDisk = CheckedPart & { readonly spill: SpillFile | undefined };

/** No piece has so many lines: a line within a piece and the piece's number make one number, in the order of the file. */
const LINES_OF_PIECE = 2 ** 21;

/** The line that the first one of a piece is given while the lines before it are not counted. Those of the head are below. */
export const firstLineOfPiece = (piece: number): number => (piece + 1) * LINES_OF_PIECE;

/** @param firstLines the first line of every piece in the file */
export function lineInFile(firstLines: readonly number[], line: number): number {
  const first = firstLines[Math.floor(line / LINES_OF_PIECE) - 1];
  return first === undefined ? line : first + (line % LINES_OF_PIECE);
}
