/** Letters that differ in case alone: Unicode's simple case folding, as RE2, Python and ECMAScript ignore case. */
import { type CharSet, charSet, contains } from "./char-set.ts";

/** For each letter the others that differ from it in case alone. */
let othersOf: ReadonlyMap<number, readonly number[]> | undefined;

export function withOtherCases(set: CharSet): CharSet {
  othersOf ??= findOthers();
  const [only] = set;
  const isOne = set.length === 1 && only !== undefined && only[0] === only[1];
  const letters = isOne ? [only[0]] : [...othersOf.keys()].filter((letter) => contains(set, letter));
  const others = letters.flatMap((letter) => othersOf?.get(letter) ?? []);
  return others.length === 0 ? set : charSet([...set, ...others.map((other) => [other, other] as const)]);
}

/** No letter beyond has another case. */
const LAST = 0x1ffff;

function findOthers(): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, Set<number>>();
  for (let point = 0; point <= LAST; point += 1) {
    const letter = String.fromCodePoint(point);
    for (const other of [letter.toLowerCase(), letter.toUpperCase()]) {
      const otherPoint = other.codePointAt(0) ?? point;
      // Some, as the dotless i, have a capital that is also the capital of another letter, from which they stay distinct.
      if (other === letter || !isOneLetter(other) || !differInCaseAlone(otherPoint, letter)) continue;
      const group = new Set([...(groups.get(point) ?? [point]), ...(groups.get(otherPoint) ?? [otherPoint])]);
      for (const member of group) groups.set(member, group);
    }
  }
  return new Map([...groups].map(([point, group]) => [point, [...group].filter((other) => other !== point)]));
}

const isOneLetter = (text: string): boolean => [...text].length === 1;

const differInCaseAlone = (point: number, letter: string): boolean =>
  new RegExp(`^\\u{${point.toString(16)}}$`, "iu").test(letter);
