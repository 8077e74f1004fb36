/** From the rules of a column to the scanner of its cells. */
import { type ByteTable, patternTable, wordsTable } from "../../../text/pattern/byte-table.ts";
import { compilePattern } from "../../../text/pattern/pattern.ts";
import type { CheckCode } from "../checks.ts";
import type { CompiledColumn } from "../compile-contract.ts";
import { NONE } from "../dialect.ts";
import { AS_TEXT, answer, type ByteKinds, type CellScanner, MAX_RULE } from "./cell-scanner.ts";
import { integerScanner } from "./integer-scanner.ts";
import { type Bounds, numberBounds } from "./number-bounds.ts";
import { numberScanner } from "./number-scanner.ts";
import { asTextScanner, everyScanner, type LengthRules, tableScanner, textScanner } from "./text-scanner.ts";
import { dateScanner, dayNumber, secondNumber, timestampScanner } from "./time-scanner.ts";

/** @param column undefined for one that the contract does not have: its cells need only be text */
export function compileScanner(column: CompiledColumn | undefined, kinds: ByteKinds): CellScanner {
  if (column === undefined) return textScanner(kinds, ANY_LENGTH);
  if ((column.unique && !isKeyItself(column)) || hasRulesOfText(column)) return asTextScanner(kinds);
  return exceptNulls(column, scannerOfRules(column, kinds));
}

/** Whether it has rules that no scanner knows. */
const hasRulesOfText = (column: CompiledColumn): boolean =>
  column.above !== undefined ||
  column.below !== undefined ||
  column["pattern-anywhere"] !== undefined ||
  column.forbid !== undefined ||
  (column.type === "string" && column.format !== undefined);

/** Whether two cells that were proven good have the same value only when they are the same text. */
const isKeyItself = ({ type, spelling }: CompiledColumn): boolean =>
  type === "string" || type === "date" || (type === "integer" && !spelling["decimal-integers"]);

/** Null comes first: a cell that may be one of its spellings is judged as text, although it satisfies the rules. */
function exceptNulls(column: CompiledColumn, scan: CellScanner): CellScanner {
  const nulls = column.spelling["null-values"].filter((value) => value !== "" && isGood(column, value));
  if (nulls.length === 0) return scan;
  const encoded = nulls.map((value) => new TextEncoder().encode(value));
  const lengths = new Set(encoded.map((value) => value.length));
  const firsts = new Set(encoded.map(([first]) => first));
  return (bytes, from) => {
    const end = scan(bytes, from);
    return end > 0 && lengths.has(end - from) && firsts.has(bytes[from]) ? answer(end, AS_TEXT) : end;
  };
}

function isGood({ cellType, rules }: CompiledColumn, cell: string): boolean {
  const value = cellType.read(cell);
  return value !== undefined && rules.every((rule) => rule.isSatisfiedBy(value, cell));
}

/** How long the texts of a column may be where they need nothing else: then no text is made of those in quotes, either. */
export function freeTextLengths(column: CompiledColumn | undefined): LengthRules | undefined {
  if (column === undefined) return ANY_LENGTH;
  const { type, pattern, unique, spelling } = column;
  const hasOther = column.enum !== undefined || pattern !== undefined || unique || hasRulesOfText(column);
  const isFree = type === "string" && !hasOther;
  return isFree && !spelling["quoted-null"] ? lengthRules(column) : undefined;
}

const ANY_LENGTH = { min: 0, max: Number.POSITIVE_INFINITY, tooShort: AS_TEXT, tooLong: AS_TEXT };

function scannerOfRules(column: CompiledColumn, kinds: ByteKinds): CellScanner {
  if (column.enum !== undefined || column.type === "boolean") return wordsScanner(column, kinds);
  const pattern = patternScanner(column, kinds);
  const type = typeScanner(column, kinds);
  if (pattern === undefined || type === undefined) return asTextScanner(kinds);
  // Decimals are the last rule and scanned with the type: where a pattern comes between, the text tells which rule is first.
  return everyScanner([...type, ...pattern]);
}

/** Which few texts a cell may be: those that satisfy all rules. */
function wordsScanner(column: CompiledColumn, kinds: ByteKinds): CellScanner {
  const { spelling } = column;
  const words = column.enum?.map(String) ?? [...spelling["true-values"], ...spelling["false-values"]];
  const table = wordsTable(words.filter((word) => isGood(column, word)));
  if (table === undefined) return asTextScanner(kinds);
  const isFirstRule = column.type === "string" && column.enum !== undefined;
  return tableScanner(kinds, table, isFirstRule ? verdictOn(column, "enum") : AS_TEXT);
}

function patternScanner(column: CompiledColumn, kinds: ByteKinds): readonly CellScanner[] | undefined {
  if (column.pattern === undefined) return [];
  const table: ByteTable | undefined = patternTable(compilePattern(column.pattern));
  return table && [tableScanner(kinds, table, verdictOn(column, "pattern"))];
}

/** None where the type has no rule of its own; undefined where only the text tells. */
function typeScanner(column: CompiledColumn, kinds: ByteKinds): readonly CellScanner[] | undefined {
  const { type, spelling } = column;
  switch (type) {
    case "string":
      return hasLengthRules(column) || column.pattern === undefined ? [textScanner(kinds, lengthRules(column))] : [];
    case "integer":
      return isPlainNumber(column)
        ? [
            integerScanner(
              kinds,
              boundsOf(column, (bound) => bound),
            ),
          ]
        : undefined;
    case "number": {
      const maxDecimals = column["max-decimals"] ?? Number.POSITIVE_INFINITY;
      const tooManyDecimals = column.pattern === undefined ? verdictOn(column, "decimals") : AS_TEXT;
      const rules = { bounds: boundsOf(column, (bound) => bound), maxDecimals, tooManyDecimals };
      return isPlainNumber(column) ? [numberScanner(kinds, rules)] : undefined;
    }
    case "date":
      return isIso(column)
        ? [
            dateScanner(
              kinds,
              boundsOf(column, (bound) => String(dayNumber(bound))),
            ),
          ]
        : undefined;
    case "timestamp": {
      const isPlain = isIso(column) && spelling.offset === "none" && ![column.min, column.max].some(hasFraction);
      return isPlain
        ? [
            timestampScanner(
              kinds,
              boundsOf(column, (bound) => String(secondNumber(bound))),
            ),
          ]
        : undefined;
    }
    case "boolean":
      return undefined;
  }
}

const hasFraction = (bound: string | number | undefined): boolean => String(bound ?? "").includes(".");

/** What is written in the strict form means the same whatever else is allowed, unless a mark has another meaning. */
const isPlainNumber = ({ spelling }: CompiledColumn): boolean =>
  spelling.decimal === "." && spelling.thousands === NONE;

const isIso = ({ spelling }: CompiledColumn): boolean => spelling.formats.every((format) => format === "iso");

function boundsOf(column: CompiledColumn, toNumber: (bound: string) => string): Bounds {
  const [min, max] = [column.min, column.max].map((bound) => (bound === undefined ? bound : toNumber(String(bound))));
  const first = verdictOn(column, "range");
  const isBoth = min !== undefined && max !== undefined;
  return numberBounds({ min, max, below: first, above: isBoth && first !== AS_TEXT ? first + 1 : first });
}

const hasLengthRules = (column: CompiledColumn): boolean =>
  column["min-length"] !== undefined || column["max-length"] !== undefined;

function lengthRules(column: CompiledColumn): LengthRules {
  const { "min-length": min, "max-length": max } = column;
  // A pattern is the earlier rule, and scanned later.
  const first = column.pattern === undefined ? verdictOn(column, "length") : AS_TEXT;
  const tooLong = min !== undefined && first !== AS_TEXT ? first + 1 : first;
  return { min: min ?? 0, max: max ?? Number.POSITIVE_INFINITY, tooShort: first, tooLong };
}

/** The number of the first rule of that kind, for which no text is needed; no spelling of null may be mistaken for a value. */
function verdictOn({ rules, spelling }: CompiledColumn, check: CheckCode): number {
  const at = rules.findIndex((rule) => rule.check === check);
  const hasOtherNulls = spelling["null-values"].some((value) => value !== "");
  return hasOtherNulls || at < 0 || at >= MAX_RULE ? AS_TEXT : at;
}
