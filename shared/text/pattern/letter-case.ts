/** Letters that differ in case alone: Unicode's simple case folding, as RE2, Python and ECMAScript ignore case. */
import { type CharSet, charSet, contains } from "./char-set.ts";

/** Each letter with another one that differs in case alone; both ways. */
let pairs: readonly (readonly [number, number])[] | undefined;

export function withOtherCases(set: CharSet): CharSet {
  pairs ??= findPairs();
  const others = pairs.flatMap(([one, other]): CharSet => (contains(set, one) ? [[other, other]] : []));
  return others.length === 0 ? set : charSet([...set, ...others]);
}

/** No letter beyond has another case. */
const LAST = 0x1ffff;

function findPairs(): readonly (readonly [number, number])[] {
  const groups = new Map<number, Set<number>>();
  for (let point = 0; point <= LAST; point += 1) {
    const letter = String.fromCodePoint(point);
    for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
      const otherPoint = other.codePointAt(0) ?? point;
      // Some, as the dotless i, have a capital that is also the capital of another letter, from which they stay distinct.
      if (other === letter || !isOne(other) || !differInCaseAlone(otherPoint, letter)) continue;
      const group = new Set([...(groups.get(point) ?? [point]), ...(groups.get(otherPoint) ?? [otherPoint])]);
      for (const member of group) groups.set(member, group);
    }
  }
  return [...groups].flatMap(([point, group]) =>
    [...group].filter((other) => other !== point).map((other) => [point, other] as const),
  );
}

const isOne = (text: string): boolean => [...text].length === 1;

const differInCaseAlone = (point: number, letter: string): boolean =>
  new RegExp(`^\\u{${point.toString(16)}}$`, "iu").test(letter);
