/** Sets of code points as sorted ranges, both ends included, that neither touch nor overlap. */
export type CharSet = readonly (readonly [from: number, to: number])[];

const LAST_CODE_POINT = 0x10ffff;

export function charSet(ranges: CharSet): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** Everything else. */
export function complement(set: CharSet): CharSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST_CODE_POINT) gaps.push([next, LAST_CODE_POINT]);
  return gaps;
}

export function contains(set: CharSet, point: number): boolean {
  return set.some(([from, to]) => from <= point && point <= to);
}

const range = (from: string, to: string): readonly [number, number] => [from.charCodeAt(0), to.charCodeAt(0)];

export const DIGIT: CharSet = [range("0", "9")];
export const WORD: CharSet = charSet([range("0", "9"), range("A", "Z"), range("a", "z"), range("_", "_")]);
export const SPACE: CharSet = charSet([range("\t", "\n"), range("\f", "\r"), range(" ", " ")]);
export const NOT_LINE_FEED: CharSet = complement([range("\n", "\n")]);

const UNICODE_SETS = new Map<string, CharSet | undefined>();

/** Unicode property such as `L`, `Lu` or `Script=Greek`; undefined when there is none of that name. */
export function unicodeSet(property: string): CharSet | undefined {
  if (!UNICODE_SETS.has(property)) UNICODE_SETS.set(property, findUnicodeSet(property));
  return UNICODE_SETS.get(property);
}

function findUnicodeSet(property: string): CharSet | undefined {
  let member: RegExp;
  try {
    member = new RegExp(`^\\p{${property}}$`, "u");
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  for (let point = 0; point <= LAST_CODE_POINT; point += 1) {
    if (!member.test(String.fromCodePoint(point))) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  return ranges;
}
