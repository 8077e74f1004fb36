/** Makes the two sides of a comparison comparable, where what is meant is clear. */
import { timestampKey } from "../../../text/timestamp/timestamp.ts";
import { strictType } from "../cell-type.ts";
import { RuleError } from "./rule-error.ts";
import type { ReadValue, Value, ValueType } from "./value.ts";

const NAMES: Readonly<Record<ValueType, string>> = {
  number: "a number",
  text: "text",
  boolean: "true or false",
  date: "a date",
  timestamp: "a timestamp",
};

/**
 * A text in quotes becomes a date, a timestamp or a boolean where the other side is one; a date beside a timestamp without an
 * offset is the beginning of its day.
 *
 * @throws RuleError where the types differ in another way
 */
export function alignTypes(values: readonly Value[], at: number): readonly [ReadValue, ReadValue, ValueType] {
  const [left, right] = values;
  if (left === undefined || right === undefined) throw new Error("a comparison needs two sides");
  const [a, b] = [convertLiteral(left, right), convertLiteral(right, left)];
  if (a.type === b.type) return [a.read, b.read, a.type];
  const [first, second] = [startOfDay(a, b), startOfDay(b, a)];
  if (first.type === second.type) return [first.read, second.read, first.type];
  throw new RuleError(at, `${NAMES[a.type]} is compared with ${NAMES[b.type]}`, "Compare what has the same type");
}

function convertLiteral(value: Value, other: Value): Value {
  const { literal } = value;
  if (literal === undefined || other.column === undefined || other.column.type === "string") return value;
  // A rule is written in the strict form, whatever the files are written in.
  const type = strictType(other.column.type, other.column.spelling);
  const read = type.read(literal);
  if (other.type === "number" || read === undefined) {
    throw new RuleError(value.at, `the text is compared with ${NAMES[other.type]}`, `Write ${type.expected}`);
  }
  const key = type.key(read);
  return { type: other.type, at: value.at, read: () => key };
}

function startOfDay(value: Value, other: Value): Value {
  if (value.type !== "date" || other.type !== "timestamp" || other.column?.spelling.offset !== "none") return value;
  const read: ReadValue = (cells) => {
    const date = value.read(cells);
    return date === null ? null : timestampKey(`${date} 00:00:00`);
  };
  return { type: "timestamp", at: value.at, read };
}
