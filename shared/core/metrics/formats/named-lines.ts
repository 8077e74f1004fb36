/** What programs print for people, such as `Accuracy: 0.91`, and the lines that a training prints as it goes on. */
import type { FoundValue } from "./format.ts";
import { readRows } from "./kinds-of-rows.ts";
import { createTable, type Row } from "./rows.ts";
import { toValue } from "./table.ts";

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

const NUMBER = String.raw`[-+]?(?:\d+(?:[.,]\d+)?|\.\d+)(?:e[-+]?\d+)?|[-+]?nan|[-+]?inf(?:inity)?|n\/?a|none|null`;
/** A unit, remarks in brackets, and how far the value spreads. */
const BEHIND = String.raw`(?: *(%|[a-zµ]{1,4}\b(?:\/[a-z]{1,4}\b)?))?(?: *\u0001+)*(?: *(?:±|\+\/?-) *[\d.e%-]+)?[.;]?`;
const PAIR = new RegExp(`^(.*?(?:[^\\s:=\\d]|\\d(?!:\\d)))(?: *:+| *=+| is *:?) *(${NUMBER})${BEHIND}$`, "i");
/** As TREC's evaluation writes: the measure, about all queries. */
const OF_ALL = /^(\S+)\s+all\s+(\S+)$/;
/** Where boosters, loops and progress bars say how far they are. */
const PROGRESS =
  /^\s*(?:\[(\d+)\]|(?:epoch|step|iter|iteration|round)\s*[:=#]?\s*\[?\s*(\d+)(?:\s*\/\s*\d+)?\s*\]?)[\s:,|-]*/i;
const BRACKETS = /\[[^[\]]*\]|\([^()]*\)|\{[^{}]*\}/g;
/** Between two pairs of one line; numbers may have a comma. */
const BETWEEN = /[,;|](?=\s)|(?<![:=] *)\t|\s-\s/;
const MAX_PART = 300;
const MAX_LINE = 10_000;

/**
 * Each `name: value`, whatever stands around it. Of lines that say how far a training is, the last value of each name.
 *
 * @returns `undefined` where there are none, and where the lines are those of several trainings
 */
export function readNamedLines(text: string, file: string): readonly FoundValue[] | undefined {
  const lines = text.split(/\r?\n/).map((written, at) => {
    const progress = written.length > MAX_LINE ? null : PROGRESS.exec(written);
    const step = progress?.[1] ?? progress?.[2];
    return { line: at + 1, step, pairs: pairsOf(written.slice(progress?.[0].length ?? 0)) };
  });
  const steps = lines.filter(({ step, pairs }) => step !== undefined && pairs.length > 0);
  const isLog = steps.length > 1;
  const log = isLog ? readLogLines(steps, file) : [];
  if (log === undefined) return undefined;
  const others = lines
    .filter(({ step }) => !isLog || step === undefined)
    .flatMap(({ line, pairs }) =>
      pairs.map(({ name, value, unit }) => ({
        name,
        ...toValue(value),
        ...(unit !== "" && { unit }),
        place: () => ({ file, line }),
      })),
    );
  const values = [...log, ...others];
  return values.some(({ value }) => typeof value === "number") ? values : undefined;
}

interface LogLine {
  readonly line: number;
  readonly step: string | undefined;
  readonly pairs: readonly Pair[];
}

function readLogLines(lines: readonly LogLine[], file: string): readonly FoundValue[] | undefined {
  const columns = new Map([["step", 0]]);
  const rows = lines.map(({ line, step = "", pairs }): Row => {
    const cells = new Map<number, unknown>([[0, step]]);
    for (const { name, value } of pairs) {
      const column = columns.get(name) ?? columns.size;
      columns.set(name, column);
      cells.set(column, value);
    }
    return { cells: { entries: () => cells, at: (column) => cells.get(column) }, placeOf: () => ({ file, line }) };
  });
  return readRows(createTable({ columns: [...columns.keys()], rows, readCell: toValue }));
}

function pairsOf(line: string): readonly Pair[] {
  if (line.length > MAX_LINE) return [];
  const [, measure = "", amount = ""] = OF_ALL.exec(line.trim()) ?? [];
  if (measure !== "" && typeof toValue(amount).value === "number") return [{ name: measure, value: amount, unit: "" }];
  // What stands in brackets belongs to a name, or is a remark.
  const masked = line.replace(BRACKETS, (group) => "\u0001".repeat(group.length));
  const pairs: Pair[] = [];
  let from = 0;
  for (const part of masked.split(BETWEEN)) {
    const [, name = "", value = "", unit = ""] = (part.trim().length > MAX_PART ? null : PAIR.exec(part.trim())) ?? [];
    const start = from + part.length - part.trimStart().length;
    const written = cleanName(line.slice(start, start + name.length));
    // A number after a colon or an equals sign is a value of its own, and a time of day.
    if (/\p{L}/u.test(written) && !/[:=] *[-+.]*\d/.test(name)) {
      pairs.push({ name: written, value, unit });
    }
    const separator = BETWEEN.exec(masked.slice(from + part.length));
    from += part.length + (separator?.[0].length ?? 0);
  }
  return pairs;
}

/** Without what marks a list, and emphasis. */
const cleanName = (name: string): string =>
  name
    .replace(/^(?:[-*•#>]+\s+)+/, "")
    .replace(/^["'`*]+|["'`*]+$/g, "")
    .replace(/\s+/g, " ")
    .trim();
