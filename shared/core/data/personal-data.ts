/**
 * Kinds of personal data, found anywhere in a cell. Checksums decide where there are any, so that numbers of another kind are not
 * taken for one; all is decided in linear time.
 */
import { compileSearch } from "../../text/pattern/compile-search.ts";
import type { Pattern } from "../../text/pattern/pattern.ts";

export interface PersonalDataKind {
  /** Completes "should contain no …". */
  readonly name: string;
  readonly isIn: (cell: string) => boolean;
}

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";

const KINDS = {
  email: () => byPattern("e-mail address", `[a-zA-Z0-9._%+-]+@${LABEL}(?:\\.${LABEL})+`),
  /** In the international form, and as it is written in North America. National forms of others look like many other numbers. */
  phone: () =>
    byPattern(
      "phone number",
      "\\+[1-9][0-9]{0,2}(?:[ ./()-]{0,2}[0-9]){6,12}|\\(?[2-9][0-9]{2}\\)?[ .-][0-9]{3}[ .-][0-9]{4}",
    ),
  iban: () => ({ name: "IBAN", isIn: (cell) => candidates(cell, IBAN).some(isIban) }),
  "card-number": () => ({ name: "card number", isIn: (cell) => candidates(cell, CARD).some(isCardNumber) }),
} satisfies Readonly<Record<string, () => PersonalDataKind>>;

export type PersonalDataName = keyof typeof KINDS;
export const PERSONAL_DATA = Object.keys(KINDS) as [PersonalDataName, ...PersonalDataName[]];

export const findPersonalData = (name: PersonalDataName): PersonalDataKind => KINDS[name]();

function byPattern(name: string, pattern: string): PersonalDataKind {
  const search: Pattern = compileSearch(pattern);
  return { name, isIn: (cell) => search.matches(cell) };
}

/** Bounded in length, and so linear. */
const IBAN = /(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])/g;
const CARD = /(?<![0-9])[3-6][0-9](?:[ -]?[0-9]){11,17}(?![0-9])/g;

const candidates = (cell: string, pattern: RegExp): readonly string[] =>
  [...cell.matchAll(pattern)].map(([text]) => text.replaceAll(/[ -]/g, ""));

/** ISO 13616: letters as numbers from 10, the first four characters last, and 1 as the remainder by 97. */
function isIban(text: string): boolean {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
  }
  return text.length >= 15 && text.length <= 34 && remainder === 1;
}

/** By Luhn's checksum (ISO/IEC 7812). */
function isCardNumber(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}
