/** What a CSV reader is told, and what it tells. */

/** One record. The arrays are used again for the next one. */
export interface CsvRecord {
  /** How many cells it has; array elements after them belong to earlier records. */
  readonly width: number;
  readonly cells: readonly string[];
  /** Whether a cell was in quotes: `""` is empty text, an empty cell without quotes is no value. */
  readonly quoted: readonly boolean[];
  /** The line each cell begins on, from 1. */
  readonly lines: readonly number[];
  /** The line the record begins on. */
  readonly line: number;
}

/** What is wrong with the syntax. After `unclosed-quote` and `record-too-long` nothing more is read. */
export type CsvErrorCode =
  | "stray-quote"
  | "text-after-quote"
  /** Text after a quote that a backslash precedes: it was probably meant to be escaped. */
  | "backslash-quote"
  | "bare-carriage-return"
  | "unclosed-quote"
  | "record-too-long";

export interface CsvHandler {
  onRecord(record: CsvRecord): void;
  onError(code: CsvErrorCode, line: number): void;
}

export interface CsvOptions {
  /** One character. */
  readonly delimiter: string;
  /** One character, `"` unless given; null: quotes are characters like others. */
  readonly quote?: string | null;
  /** How a quote is written in quotes. With `backslash`, one before anything but a quote or a backslash is text. */
  readonly escape?: "double" | "backslash";
  /** Lines that begin with this character are left out. */
  readonly comment?: string | null;
  /** Lines at the beginning that are left out. */
  readonly skipLines?: number;
  /** Whether quotes may have blanks around them, as some tools pad their columns. */
  readonly padded?: boolean;
  /** Whether cells without quotes lose the blanks around them; implies `padded`. */
  readonly trim?: boolean;
  /** In UTF-16 units; `MAX_RECORD_LENGTH` unless given. */
  readonly maxRecordLength?: number;
}

/** In UTF-16 units. An unclosed quote would otherwise make the rest of the file one cell. */
export const MAX_RECORD_LENGTH = 8 * 1024 * 1024;
