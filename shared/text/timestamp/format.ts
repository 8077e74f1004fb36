/** Dates and timestamps in other forms than ISO's, by a format like `%d.%m.%Y %H:%M`: the directives that C and Python share. */

/** A format that cannot be used, and what to write instead. */
export class FormatError extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.name = "FormatError";
    this.fix = fix;
  }
}

export interface TimeFormat {
  /** Whether it has hours, or an offset. */
  readonly hasTime: boolean;
  readonly hasOffset: boolean;
  /** The same in ISO's form, which may still be a day that does not exist; undefined for text of another form. */
  readonly toIso: (text: string) => string | undefined;
}

type Part = "year" | "month" | "day" | "hour" | "half" | "minute" | "second" | "fraction" | "offset";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const FULL_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december";

/** `%-d` also has one digit. */
const DIRECTIVES: Readonly<Record<string, readonly [Part, string]>> = {
  "%Y": ["year", "\\d{4}"],
  "%y": ["year", "\\d{2}"],
  "%m": ["month", "\\d{2}"],
  "%-m": ["month", "\\d{1,2}"],
  "%b": ["month", MONTHS.join("|")],
  "%B": ["month", FULL_MONTHS],
  "%d": ["day", "\\d{2}"],
  "%-d": ["day", "\\d{1,2}"],
  "%H": ["hour", "\\d{2}"],
  "%-H": ["hour", "\\d{1,2}"],
  "%I": ["hour", "0[1-9]|1[0-2]"],
  "%-I": ["hour", "0?[1-9]|1[0-2]"],
  "%p": ["half", "am|pm"],
  "%M": ["minute", "\\d{2}"],
  "%S": ["second", "\\d{2}"],
  "%f": ["fraction", "\\d+"],
  "%z": ["offset", "Z|[+-]\\d\\d(?::?\\d\\d)?"],
  "%Z": ["offset", "UTC|GMT|Z"],
};

/** @throws FormatError for a directive that is not known or repeated, and for a format without a day */
export function compileFormat(format: string): TimeFormat {
  const tokens = format.match(/\.%f|%-?.?|[^%.]+|\./gs) ?? [];
  const seen = new Map<Part, string>();
  const pattern = tokens.map((token) => {
    if (token === "%%") return "%";
    if (!token.includes("%")) return token.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    const directive = token.replace(/^\./, "");
    const [part, syntax] = DIRECTIVES[directive] ?? unknownDirective(directive);
    const earlier = seen.get(part);
    if (earlier !== undefined) throw new FormatError(`it has ${earlier} and ${directive}`, "Remove one of them");
    seen.set(part, directive);
    // Most writers leave out a fraction of zero, and its point with it.
    return token === ".%f" ? `(?:\\.(?<${part}>${syntax}))?` : `(?<${part}>${syntax})`;
  });
  requireParts(seen);
  const text = new RegExp(`^${pattern.join("")}$`, "i");
  const isHalfDay = seen.has("half");
  return {
    hasTime: seen.has("hour"),
    hasOffset: seen.has("offset"),
    toIso(cell) {
      const parts = text.exec(cell)?.groups as Partial<Record<Part, string>> | undefined;
      return parts === undefined ? undefined : writeIso(parts, seen.has("hour"), isHalfDay);
    },
  };
}

function unknownDirective(directive: string): never {
  const known = Object.keys(DIRECTIVES).join(" ");
  throw new FormatError(`${directive} is not known`, `Use ${known}, and %% for a percent sign`);
}

function requireParts(seen: ReadonlyMap<Part, string>): void {
  const needs: readonly (readonly [Part, readonly Part[]])[] = [
    ["minute", ["hour"]],
    ["second", ["minute"]],
    ["fraction", ["second"]],
    ["offset", ["hour"]],
    ["half", ["hour"]],
  ];
  if (!(["year", "month", "day"] as const).every((part) => seen.has(part))) {
    throw new FormatError("it has no full day", "Write %Y, %m and %d, in the order the cells have");
  }
  for (const [part, needed] of needs) {
    if (seen.has(part) && !needed.every((one) => seen.has(one))) {
      throw new FormatError(`it has ${seen.get(part)} and no ${needed.join(" and ")}`, "Add it, or remove the other");
    }
  }
  const isTwelve = seen.get("hour")?.endsWith("I") ?? false;
  if (isTwelve !== seen.has("half")) throw new FormatError("%I and %p need each other", "Write both, or %H");
}

function writeIso(parts: Partial<Record<Part, string>>, hasTime: boolean, isHalfDay: boolean): string {
  const { year = "", month = "", day = "", hour = "", minute = "00", second = "00", fraction } = parts;
  const date = `${fullYear(year)}-${monthNumber(month)}-${day.padStart(2, "0")}`;
  if (!hasTime) return date;
  const hours = isHalfDay ? String((Number(hour) % 12) + (parts.half?.toLowerCase() === "pm" ? 12 : 0)) : hour;
  const time = `${hours.padStart(2, "0")}:${minute}:${second}${fraction === undefined ? "" : `.${fraction}`}`;
  return `${date} ${time}${parts.offset === undefined ? "" : fullOffset(parts.offset)}`;
}

/** POSIX: 69 to 99 are of the 20th century, 00 to 68 of the 21st. */
const fullYear = (year: string): string => (year.length === 4 ? year : `${Number(year) < 69 ? "20" : "19"}${year}`);

function monthNumber(month: string): string {
  const named = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
  return named < 0 ? month.padStart(2, "0") : String(named + 1).padStart(2, "0");
}

function fullOffset(offset: string): string {
  if (/^[a-z]/i.test(offset)) return "Z";
  const minutes = offset.slice(3).replace(":", "");
  return `${offset.slice(0, 3)}:${minutes || "00"}`;
}
