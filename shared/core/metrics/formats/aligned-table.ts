/** Tables as they are printed, in columns of spaces: by pandas, R, scikit-learn and most reports. */
import type { FoundValue } from "./format.ts";
import { readRows } from "./kinds-of-rows.ts";
import { createTable } from "./rows.ts";
import { toValue } from "./table.ts";

interface Token {
  readonly text: string;
  readonly from: number;
  /** Behind its last character. */
  readonly to: number;
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** Longer texts are no report that somebody reads. */
const MAX_LINES = 2000;
const MAX_WIDTH = 2000;
/** Between the header and the rows, and below them. */
const RULE = /^[\s=_—–─-]+$/;
/** What pandas prints below a series. */
const DTYPE = /^(?:Name: .*, )?(?:Length: \d+, )?dtype: \w+$/;

/** @returns `undefined` unless every line below the first is a row of it */
export function readAlignedTable(text: string, file: string): readonly FoundValue[] | undefined {
  const written = text.replaceAll("\t", "  ").split(/\r?\n/, MAX_LINES + 1);
  if (written.length > MAX_LINES || written.some((line) => line.length > MAX_WIDTH)) return undefined;
  const lines = written
    .map((line, at) => ({ text: line.trimEnd(), line: at + 1 }))
    .filter((line) => line.text !== "" && !RULE.test(line.text) && !DTYPE.test(line.text));
  return readPairs(lines, file) ?? readColumns(lines, file, /\S+(?: \S+)*/g) ?? readColumns(lines, file, WORDS);
}

/** In quotes, as R writes them, or without spaces. */
const WORDS = /"(?:[^"\\]|\\.)*"|\S+/g;

/** `mae    2.5` on every line. */
function readPairs(lines: readonly Line[], file: string): readonly FoundValue[] | undefined {
  const pairs = lines.map(({ text, line }) => {
    const [, name = "", value = ""] = /^ *(\S+(?: \S+)*) {2,}(\S+)$/.exec(text) ?? [];
    return { name, value, place: () => ({ file, line }) };
  });
  if (pairs.length === 0 || !pairs.every(({ name, value }) => isCell(value) && !isCell(name))) return undefined;
  return pairs.map(({ value, ...rest }) => ({ ...rest, ...toValue(value) }));
}

function readColumns(lines: readonly Line[], file: string, words: RegExp): readonly FoundValue[] | undefined {
  const [header, ...rows] = lines;
  if (header === undefined || rows.length === 0) return undefined;
  const tokens = tokensOf(header.text, words);
  const names = tokens.map(({ text }) => unquote(text));
  if (names.some(isCell) || new Set(names.map((name) => name.toLowerCase())).size < names.length) return undefined;
  const isIndented = header.text.startsWith(" ");
  const cells = isIndented
    ? rows.map(({ text }) => cellsOf(text, tokens))
    : (readPlain(rows, names.length) ?? rows.map(({ text }) => cellsOf(text, tokens.slice(1))));
  if (!cells.every((row) => row !== undefined)) return undefined;
  const width = cells[0]?.length ?? 0;
  const columns = width > names.length ? ["", ...names] : names;
  const placed = rows.map(({ line }, at) => ({ cells: cells[at] ?? [], placeOf: () => ({ file, line }) }));
  return readRows(createTable({ columns, rows: placed, readCell: toValue }));
}

/** One word for each column, and one more where R writes the names of the rows. */
function readPlain(rows: readonly Line[], width: number): readonly string[][] | undefined {
  const cells = rows.map(({ text }) => tokensOf(text, WORDS).map((token) => unquote(token.text)));
  const [first = 0] = cells.map(({ length }) => length);
  if (width < 2 || (first !== width && first !== width + 1)) return undefined;
  const isRow = (row: readonly string[]): boolean =>
    row.length === first && row.some(isCell) && !/[:=]$/.test(row[0] ?? "");
  return cells.every(isRow) ? cells : undefined;
}

/** What the row is about, and the numbers below the names; where one is left out, by where they end. */
function cellsOf(text: string, header: readonly Token[]): readonly (string | undefined)[] | undefined {
  const words = tokensOf(text, WORDS);
  const from = words.findLastIndex((word) => !isCell(word.text));
  const numbers = words.slice(Math.max(from + 1, words.length - header.length));
  const [first] = numbers;
  if (first === undefined) return undefined;
  const label = unquote(text.slice(0, first.from).trim());
  if (label === "" || /\s{2}|[:=]$/.test(label)) return undefined;
  // Names with a space may be two, and then the last word of the label is a value.
  if (header.some((token) => token.text.includes(" ")) && isCell(label.split(" ").at(-1) ?? "")) return undefined;
  if (numbers.length === header.length) return [label, ...numbers.map((word) => word.text)];
  const placed = header.map(({ to }) => numbers.find((word) => word.to === to)?.text);
  return placed.filter((cell) => cell !== undefined).length === numbers.length ? [label, ...placed] : undefined;
}

const tokensOf = (text: string, words: RegExp): readonly Token[] =>
  [...text.matchAll(words)].map(({ 0: token, index }) => ({ text: token, from: index, to: index + token.length }));

const unquote = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

/** A number, or what is printed in its place. */
const isCell = (text: string): boolean =>
  typeof toValue(text).value === "number" || /^(?:[-+]?(?:nan|inf)|<?na>?|none|null|-)$/i.test(text);
