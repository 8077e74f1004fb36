/** What a pattern matches: all that a shell's braces and stars would, in bounded time, or an error. */
import picomatch from "picomatch";
import { ActionError, userError } from "../../problem/problem.ts";

const MAX_LENGTH = 4_096;
/** Stars in one name: with each more, a long name takes as many times longer as it has characters. */
const MAX_STARS = 3;
const MAX_RANGE = 1_000;

/** @throws ActionError `pattern-too-complex`, `pattern-range` */
export function compilePattern(pattern: string): (path: string) => boolean {
  assertSimple(pattern);
  const expandRange = (...parts: unknown[]): string =>
    `(?:${countRange(pattern, parts.slice(0, -1).map(String)).join("|")})`;
  // `posix`: without it, [!a] would be ! or a.
  const options = { dot: true, nonegate: true, posix: true, expandRange };
  try {
    // By code points, and also in names with a line break.
    return picomatch(pattern, { ...options, flags: "su" });
  } catch (error) {
    if (error instanceof ActionError) throw error;
    return picomatch(pattern, { ...options, flags: "s" });
  }
}

/** Whoever names a file must not decide how long matching it takes. */
function assertSimple(pattern: string): void {
  const stars = pattern.split("/").map((name) => name.replaceAll("**", "").split("*").length - 1);
  const isNested = /[+*?@!]\([^)]*[+*?@!]\(/.test(pattern);
  if (pattern.length <= MAX_LENGTH && Math.max(...stars) <= MAX_STARS && !isNested) return;
  throw userError({
    code: "pattern-too-complex",
    message: `"${pattern.slice(0, 100)}" is too complex: at most ${MAX_STARS} stars in a name, no groups in groups, and ${MAX_LENGTH} characters`,
    fix: "Write several simpler patterns",
  });
}

/** `{1..12}`, `{01..12}`, `{1..9..2}`, `{a..e}`, as a shell counts. picomatch itself would take `{1..12}` for `[1-12]`. */
function countRange(pattern: string, [from = "", to = "", by = "1", ...more]: readonly string[]): readonly string[] {
  const areLetters = [from, to].every((end) => /^[a-z]$/i.test(end));
  const [first, last] = [from, to].map((end) => (areLetters ? end.charCodeAt(0) : toInteger(end)));
  const step = Math.abs(toInteger(by) ?? 0);
  if (first === undefined || last === undefined || step === 0 || more.length > 0) throw notARange(pattern);
  const count = Math.floor(Math.abs(last - first) / step) + 1;
  if (count > MAX_RANGE) throw notARange(pattern);
  const width = [from, to].some((end) => /^-?0\d/.test(end)) ? Math.max(from.length, to.length) : 0;
  return Array.from({ length: count }, (_, at) => {
    const value = first + (last >= first ? at : -at) * step;
    return areLetters ? String.fromCharCode(value).replace(/\W/, "\\$&") : pad(value, width);
  });
}

const toInteger = (text: string): number | undefined => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined);

const pad = (value: number, width: number): string =>
  value < 0 ? `-${String(-value).padStart(width - 1, "0")}` : String(value).padStart(width, "0");

const notARange = (pattern: string): ActionError =>
  userError({
    code: "pattern-range",
    message: `"${pattern}" has a range in braces that is not {1..12}, {01..12}, {1..9..2} or {a..e}`,
    fix: "Write the range like that, with at most 1,000 members, or list what is wanted: {a,b}",
  });
