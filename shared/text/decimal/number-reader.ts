/** Numbers as other countries and programs write them, in the one form that this project compares. */
import { isNumber } from "./decimal.ts";

export interface NumberSpelling {
  readonly decimal: "." | ",";
  /** One character that stands between groups of three digits; null where there is none. */
  readonly thousands: string | null;
  /** Whether `.5` is a number. */
  readonly leadingDot: boolean;
}

/** A number in the form of `isNumber`, digit by digit as it was written; undefined for what is no number. */
export type NumberReader = (text: string) => string | undefined;

export function numberReader({ decimal, thousands, leadingDot }: NumberSpelling): NumberReader {
  if (decimal === "." && thousands === null && !leadingDot) return (text) => (isNumber(text) ? text : undefined);
  const literal = (mark: string): string => mark.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  const groups = thousands === null ? "" : `|[1-9]\\d{0,2}(?:${literal(thousands)}\\d{3})+`;
  const whole = `(?:0|[1-9]\\d*${groups})`;
  const number = new RegExp(
    `^(-?)(${whole}${leadingDot ? `|(?=${literal(decimal)})` : ""})(?:${literal(decimal)}(\\d+))?([eE].+)?$`,
  );
  return (text) => {
    const parts = number.exec(text);
    if (parts === null) return undefined;
    const [, minus, written = "", fraction, exponent = ""] = parts;
    const digits = thousands === null ? written : written.replaceAll(thousands, "");
    const plain = `${minus}${digits || "0"}${fraction === undefined ? "" : `.${fraction}`}${exponent}`;
    return isNumber(plain) ? plain : undefined;
  };
}
