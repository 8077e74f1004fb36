/** NaN and infinities, as C, Java, Python, R and SQL write them. Nothing counts as one of them unless a contract says so. */

const NON_FINITE = /^[+-]?(?:nan|inf|infinity)$/i;

export const isNonFinite = (text: string): boolean => NON_FINITE.test(text);

/** The same text for the same value. */
export function nonFiniteKey(text: string): "NaN" | "inf" | "-inf" {
  if (/nan$/i.test(text)) return "NaN";
  return text.startsWith("-") ? "-inf" : "inf";
}

/** Of two numbers that are not both finite. NaN has no order: the result is NaN, which is neither below nor above 0. */
export function compareNonFinite(a: string, b: string): number {
  const [x, y] = [toFloat(a), toFloat(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.sign(x - y) || 0;
}

function toFloat(text: string): number {
  if (!isNonFinite(text)) return 0;
  const key = nonFiniteKey(text);
  return key === "NaN" ? Number.NaN : key === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
