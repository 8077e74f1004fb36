/** Numbers as people read them, in a way that never contradicts what was compared. */

/**
 * The numbers with as few significant digits (4 at least) as still tell them apart; nothing for null. Rounding keeps
 * order, so that what is shown as less was less, and what is shown as equal was equal.
 */
export function showTogether(numbers: readonly (number | null)[]): readonly (string | undefined)[] {
  const different = new Set(numbers).size;
  for (let digits = 4; digits < 17; digits++) {
    const shown = numbers.map((number) => (number === null ? undefined : show(number, digits)));
    if (new Set(shown).size === different) return shown;
  }
  return numbers.map((number) => (number === null ? undefined : String(number)));
}

/** One number, where nothing is compared with it. */
export const show = (number: number, digits = 4): string => String(Number(number.toPrecision(digits)));
