/** How a cell in quotes ends, and the text it stands for. */

export const BACKSLASH = "\\";

/** The quote that closes a cell: the first one that is not doubled. Negative where there is none. */
export function findUndoubled(text: string, quote: string, start: number): number {
  let close = text.indexOf(quote, start);
  while (close >= 0 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
  return close;
}

export const undoubleQuotes = (inside: string, quote: string): string =>
  inside.includes(quote) ? inside.replaceAll(quote + quote, quote) : inside;

/** The first quote with an even number of backslashes before it. Negative where there is none. */
export function findUnescaped(text: string, quote: string, start: number): number {
  let close = text.indexOf(quote, start);
  while (close >= 0) {
    let before = close;
    while (before > start && text[before - 1] === BACKSLASH) before -= 1;
    if ((close - before) % 2 === 0) return close;
    close = text.indexOf(quote, close + 1);
  }
  return close;
}

/** A backslash before anything but a quote or another backslash is text. */
export function unescapeQuotes(inside: string, quote: string): string {
  if (!inside.includes(BACKSLASH)) return inside;
  return inside.replace(/\\(.)/gs, (both, next: string) => (next === quote || next === BACKSLASH ? next : both));
}

export const isBlank = (unit: number): boolean => unit === 32 || unit === 9;

/** Without spaces and tabs at both ends. */
export function trimBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
