/** The file of `::add-matcher::`, checked by the rules of GitHub's runner. */

export interface MatcherConfig {
  readonly owner: string;
  readonly severity: string;
  readonly patterns: readonly MatcherPattern[];
}

/** The properties are numbers of groups of the regular expression. */
export interface MatcherPattern {
  readonly regexp: RegExp;
  readonly groups: Readonly<Partial<Record<MatcherField, number>>>;
  readonly loop: boolean;
}

export const MATCHER_FIELDS = ["file", "line", "column", "severity", "code", "message", "fromPath"] as const;
export type MatcherField = (typeof MATCHER_FIELDS)[number];

/** @throws Error with the rule that the file breaks. */
export function readMatchers(text: string): readonly MatcherConfig[] {
  const file: unknown = JSON.parse(text);
  const matchers = list(property(file, "problemMatcher")).map(readMatcher);
  const owners = matchers.map(({ owner }) => owner.toLowerCase());
  const duplicate = owners.find((owner, index) => owners.indexOf(owner) !== index);
  if (duplicate !== undefined) throw new Error(`Duplicate owner name '${duplicate}'`);
  return matchers;
}

function readMatcher(source: unknown): MatcherConfig {
  const owner = textOf(property(source, "owner"));
  if (owner === "") throw new Error("Owner must not be empty");
  const severity = textOf(property(source, "severity"));
  if (!["", "error", "warning", "notice"].includes(severity.toLowerCase())) {
    throw new Error(`Matcher '${owner}' contains unexpected default severity '${severity}'`);
  }
  const patterns = list(property(source, "pattern")).map(readPattern);
  if (patterns.length === 0) throw new Error(`Matcher '${owner}' does not contain any patterns`);
  for (const [index, pattern] of patterns.entries()) {
    if (!pattern.loop) continue;
    if (index === 0 || index < patterns.length - 1) {
      throw new Error("Only the last pattern in a multiline matcher may set 'loop'");
    }
    if (pattern.groups.message === undefined) throw new Error("The loop pattern must set 'message'");
  }
  for (const field of MATCHER_FIELDS) {
    const times = patterns.filter(({ groups }) => groups[field] !== undefined).length;
    if (times > 1) throw new Error(`The property '${field}' is set twice`);
    if (times === 0 && field === "message") throw new Error("At least one pattern must set 'message'");
  }
  return { owner, severity, patterns };
}

function readPattern(source: unknown): MatcherPattern {
  const regexp = new RegExp(textOf(property(source, "regexp")));
  // An alternative that always matches gives the number of groups.
  const count = new RegExp(`${regexp.source}|`).exec("")?.length ?? 0;
  const groups: Partial<Record<MatcherField, number>> = {};
  for (const field of MATCHER_FIELDS) {
    const group = property(source, field);
    if (group === undefined || group === null) continue;
    if (typeof group !== "number" || group < 0 || group >= count) {
      throw new Error(`The property '${field}' is set to ${JSON.stringify(group)} which is out of range`);
    }
    groups[field] = group;
  }
  return { regexp, groups, loop: property(source, "loop") === true };
}

function property(source: unknown, name: string): unknown {
  return typeof source === "object" && source !== null
    ? (source as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function list(source: unknown): readonly unknown[] {
  return Array.isArray(source) ? source : [];
}

function textOf(source: unknown): string {
  return typeof source === "string" ? source : "";
}
