/** What can only be said of all values of a column together: how fresh they are, and how often each occurs. */
import { isDate, timestampKey } from "../../text/timestamp/timestamp.ts";
import type { CompiledColumn, CompiledContract } from "./compile-contract.ts";
import type { Tolerance } from "./contract.ts";
import type { FindingCollector } from "./finding-collector.ts";
import { bindValues, type ListedColumns, type RowCheck } from "./row-values.ts";

/** Of a column with more values nobody can mean a share of each. */
const MAX_VALUES = 10_000;
const DAY_MINUTES = 1440;
const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: DAY_MINUTES };

interface Around {
  readonly findings: FindingCollector;
  /** Milliseconds since 1970; undefined: nobody knows the time. */
  readonly now: number | undefined;
}

/** Whether a contract asks for such a thing: then every row must be seen. */
export const hasSummaries = ({ columns }: Pick<CompiledContract, "columns">): boolean =>
  columns.some((column) => column["max-age"] !== undefined || hasShares(column));

const hasShares = (column: CompiledColumn): boolean =>
  column["min-share"] !== undefined || column["max-share"] !== undefined;

/** A column that the file lacks is a finding of its own. */
export function bindSummaries(
  { columns }: Pick<CompiledContract, "columns">,
  binding: ListedColumns,
  around: Around,
): readonly RowCheck[] {
  return columns.flatMap((column) => {
    if (!binding.some((each) => each?.name === column.name)) return [];
    return [
      ...(column["max-age"] === undefined ? [] : [checkAge(column, column["max-age"], binding, around)]),
      ...(hasShares(column) ? [checkShares(column, binding, around)] : []),
    ];
  });
}

/**
 * A value of the future is not fresh but wrong, or a placeholder such as the year 9999: it does not count, apart from the day
 * that time zones may make. A date is as old as its end.
 */
function checkAge(column: CompiledColumn, maxAge: string, binding: ListedColumns, { findings, now }: Around): RowCheck {
  const read = bindValues([column.name], binding);
  const latest = now === undefined ? Number.NEGATIVE_INFINITY : Math.floor(now / 60_000) + DAY_MINUTES;
  const counter = findings
    .createGroup(ofTheWhole(column))
    .createCounter(
      "freshness",
      column.name,
      now === undefined
        ? "how old its values are cannot be told: the time is not known"
        : `no value is newer than ${maxAge}, when it was checked`,
    );
  let newest = Number.NEGATIVE_INFINITY;
  return {
    take: (row) => {
      const value = read?.(row)?.[0];
      if (value === undefined || value === null) return;
      const minute = toMinute(value);
      if (minute > newest && minute <= latest) newest = minute;
    },
    finish: () => {
      const allowed = Number(maxAge.slice(0, -1)) * (UNIT_MINUTES[maxAge.slice(-1)] ?? 1);
      if (now === undefined || Math.floor(now / 60_000) - newest > allowed) counter.increment();
    },
  };
}

/** Minutes since 1970. */
const toMinute = (value: string): number =>
  isDate(value) ? minuteOf(`${value} 00:00:00`) + DAY_MINUTES : minuteOf(value);

const minuteOf = (timestamp: string): number => Number(timestampKey(timestamp).slice(0, 10)) - EPOCH;
const EPOCH = Number(timestampKey("1970-01-01 00:00:00").slice(0, 10));

function checkShares(column: CompiledColumn, binding: ListedColumns, { findings }: Around): RowCheck {
  const { name, cellType, enum: listed } = column;
  const { "min-share": least = 0, "max-share": most = 1 } = column;
  const read = bindValues([name], binding);
  const counts = new Map<string, number>();
  for (const value of listed ?? []) counts.set(cellType.key(cellType.read(String(value)) ?? String(value)), 0);
  let rows = 0;
  const group = findings.createGroup(ofTheWhole(column));
  return {
    take: (row) => {
      const value = read?.(row)?.[0];
      if (value === undefined || value === null) return;
      rows += 1;
      const key = cellType.key(value);
      const count = counts.get(key);
      if (count !== undefined || counts.size <= MAX_VALUES) counts.set(key, (count ?? 0) + 1);
    },
    finish: () => {
      if (counts.size > MAX_VALUES) {
        group
          .createCounter("share", name, `it has more than ${MAX_VALUES} values, too many for a share of each`)
          .increment();
        return;
      }
      // Only what the contract itself names is named: a value that only the data have stays private.
      const named = [...(listed ?? [])].map(String);
      const report = (share: (of: number) => boolean, what: string): void => {
        const broken = [...counts].filter(([, count]) => rows > 0 && share(count / rows));
        if (broken.length === 0) return;
        const names = broken.flatMap(([key]) => (named.includes(key) ? [JSON.stringify(key)] : [])).slice(0, 3);
        const which = names.length === 0 ? "" : ` (${names.join(", ")}${broken.length > names.length ? ", …" : ""})`;
        const message = `${broken.length} of its ${counts.size} values${which} ${broken.length === 1 ? "has" : "have"} ${what} of the rows`;
        group.createCounter("share", name, message).increment();
      };
      report((share) => share < least, `less than ${formatPercent(least)}`);
      report((share) => share > most, `more than ${formatPercent(most)}`);
    },
  };
}

/** How many rows may break a rule says nothing about what is said of all of them. */
const ofTheWhole = ({ severity }: CompiledColumn): Tolerance => ({ severity, mostly: 1 });

const formatPercent = (share: number): string => `${Number((100 * share).toPrecision(6))} %`;
