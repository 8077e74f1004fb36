/** Why a rule finds nothing: which names were measured, and which of them is probably meant. */
import type { Metric } from "../../records/fields.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { quoteText } from "../../text/document/document.ts";

type Wanted = Pick<Metric, "name" | "slice">;

/** A reader looks through so many; more are counted. */
const MAX_SHOWN = 5;
/** Comparing letters takes time, and a file may have a hundred thousand names. */
const MAX_COMPARED = 300;
const MAX_NEAREST = 3;
const MIN_COMPARED_LENGTH = 5;

/**
 * One clause without a full stop, such as `it was not measured; did you mean "eval.mae"? There are also "r2" and 3 more`.
 *
 * @param wanted what the policy names
 * @param measured everything that the files have
 */
export function describeAbsent({ name, slice }: Wanted, measured: readonly Metric[]): string {
  const ofMetric = measured.filter((metric) => metric.name === name);
  if (slice !== null) {
    const slices = ofMetric.flatMap((metric) => metric.slice ?? []);
    if (slices.length > 0) return `it was not measured in this slice${listNames(slice, slices, "its slices")}`;
  }
  const where = slice === null ? "" : " in this slice";
  const [inSlice] = ofMetric;
  if (slice === null && inSlice !== undefined)
    return `it was measured in slices only, such as ${quoteText(inSlice.slice ?? "")}, and not over all of the data`;
  if (slice !== null && inSlice !== undefined)
    return `it was not measured${where}; it was measured over all of the data only`;
  const names = [...new Set(measured.map((metric) => metric.name))];
  if (names.length === 0) return `it was not measured${where}, and neither was anything else`;
  return `it was not measured${where}${listNames(name, names, "measured")}`;
}

function listNames(wanted: string, names: readonly string[], title: string): string {
  const near = findNearest(wanted, names);
  const others = names.filter((name) => !near.includes(name));
  const shown = others.slice(0, MAX_SHOWN).map(quoteText).join(", ");
  const more = others.length > MAX_SHOWN ? ` and ${others.length - MAX_SHOWN} more` : "";
  if (near.length === 0) return `; ${title}: ${shown}${more}`;
  const question = `; did you mean ${near.map(quoteText).join(" or ")}?`;
  return shown === "" ? question : `${question} There are also ${shown}${more}`;
}

/** The same in other spelling, then the same below another prefix, then a shorter or longer form, then a slip of the keyboard. */
function findNearest(wanted: string, names: readonly string[]): readonly string[] {
  const plain = normalize(wanted);
  const last = lastPart(wanted);
  const same = names.filter((name) => normalize(name) === plain);
  const below = names.filter((name) => lastPart(name) === last || isAbove(wanted, name));
  const shorter = names.filter((name) => isBeginning(last, lastPart(name)) || isBeginning(lastPart(name), last));
  // Between two names of a few letters, such as auc and acc, one letter is another metric and no slip.
  const long = names.filter((name) => Math.min(name.length, wanted.length) >= MIN_COMPARED_LENGTH);
  const close = findClosestMatch(wanted, long.slice(0, MAX_COMPARED));
  return [...new Set([...same, ...below, ...shorter, ...(close === undefined ? [] : [close])])].slice(0, MAX_NEAREST);
}

/** `acc` of `accuracy`. */
const isBeginning = (short: string, long: string): boolean => short.length >= 2 && long.startsWith(short);

/** `checks` of `checks.value`. */
const isAbove = (short: string, long: string): boolean =>
  long.length > short.length && long.startsWith(short) && "./,".includes(long.charAt(short.length));

const normalize = (name: string): string => name.toLowerCase().replaceAll(/[-_. /@]/g, "");

/** Of `eval.accuracy`, `val_accuracy` and `metrics/accuracy`: `accuracy`. */
const PREFIX = /^.*[./]|^(?:train|training|val|valid|validation|eval|test|holdout)[-_]/;
function lastPart(name: string): string {
  const short = name.toLowerCase().replace(PREFIX, "");
  return normalize(short.replace(PREFIX, ""));
}
