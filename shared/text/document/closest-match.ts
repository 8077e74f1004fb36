/** "Did you mean": the known word that a user most likely meant. */

/** A longer word is not a typo, and comparing it would only cost time. */
const MAX_WORD_LENGTH = 64;

/** The closest of `known`, if it is close: a third of the letters may differ; two swapped neighbours count as one. */
export function findClosestMatch(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_WORD_LENGTH) return undefined;
  const plain = normalizeWord(word);
  const ranked = known
    .filter((other) => other.length <= MAX_WORD_LENGTH)
    .map((other) => ({ other, distance: editDistance(plain, normalizeWord(other)) }))
    .filter(({ other, distance }) => distance <= Math.max(1, Math.floor(Math.max(word.length, other.length) / 3)))
    .filter(({ other, distance }) => distance < normalizeWord(other).length)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.other;
}

/** `maxRegression`, `max_regression` and `max-regression` are one word. */
const normalizeWord = (word: string): string => word.toLowerCase().replaceAll(/[-_. ]/g, "");

/** Optimal string alignment: each inserted, missing, wrong or swapped letter counts as one. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      const at = (up: number, left: number): number =>
        (up === 0 ? row : rows[i - up])?.[j - left] ?? Number.POSITIVE_INFINITY;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + wrong, swapped ? at(2, 2) + 1 : Number.POSITIVE_INFINITY),
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Number.POSITIVE_INFINITY;
}
