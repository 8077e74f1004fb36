/**
 * Masks secrets in everything a job shows. Besides the value itself its common encodings are hidden, as by GitHub's
 * runner: base64 (also of the value shifted by one and two bytes), URI, JSON, XML, expression and shell quoting.
 */
export interface Masker {
  /** Hides the value, and each of its lines when it has several. */
  add(value: string): void;
  /** The text with `***` in place of every hidden value; values that touch or overlap become one. */
  mask(text: string): string;
}

const HIDDEN = "***";
/** Shorter pieces of a split secret would hide ordinary text (actions/runner, `ValueEncoders`). */
const MIN_PIECE_LENGTH = 6;
const MIN_QUOTED_LENGTH = 8;

export function createMasker(values: readonly string[] = []): Masker {
  const hidden = new Set<string>();

  function hide(value: string): void {
    if (value === "") return;
    hidden.add(value);
    for (const encode of ENCODINGS) {
      const encoded = encode(value);
      if (encoded !== "") hidden.add(encoded);
    }
  }

  const masker: Masker = {
    add(value) {
      hide(value);
      if (!/[\r\n]/.test(value)) return;
      for (const line of value.split(/[\r\n]+/)) hide(line.trim());
    },
    mask(text) {
      const ranges = [...hidden].flatMap((value) => rangesOf(value, text)).sort((one, other) => one[0] - other[0]);
      let masked = "";
      let position = 0;
      let covered = -1;
      for (const [start, end] of ranges) {
        if (start > covered) masked += text.slice(position, start) + HIDDEN;
        covered = Math.max(covered, end);
        position = covered;
      }
      return masked + text.slice(position);
    },
  };
  for (const value of values) masker.add(value);
  return masker;
}

function rangesOf(value: string, text: string): readonly (readonly [start: number, end: number])[] {
  const ranges: [number, number][] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) ranges.push([at, at + value.length]);
  return ranges;
}

const ENCODINGS: readonly ((value: string) => string)[] = [
  (value) => base64(value, 0),
  (value) => base64(value, 1),
  (value) => base64(value, 2),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => encodeUri(value),
  (value) => value.replace(/[&<>"']/g, (sign) => XML_ENTITIES[sign] ?? sign),
  (value) => (value.length > MIN_QUOTED_LENGTH && /^".*"$/s.test(value) ? value.slice(1, -1) : ""),
  beforeAmpersand,
  afterAmpersand,
];

const XML_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function base64(value: string, shift: number): string {
  const bytes = Buffer.from(value);
  return bytes.subarray(bytes.length > shift ? shift : 0).toString("base64");
}

/** RFC 3986: everything but unreserved characters is escaped. A lone surrogate becomes U+FFFD, as in UTF-8. */
function encodeUri(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** PowerShell prints a failing command in pieces, split at `&`: the piece before the split. */
function beforeAmpersand(value: string): string {
  const end = value.includes("&+") ? value.indexOf("&+") + 2 : value.lastIndexOf("&") + 1;
  return end >= MIN_PIECE_LENGTH ? value.slice(0, end) : "";
}

/** The piece after the split; with `&+` without its first letter, which is printed in colour. */
function afterAmpersand(value: string): string {
  if (!value.includes("&")) return "";
  const piece = value.slice(value.includes("&+") ? value.indexOf("&+") + 3 : value.lastIndexOf("&") + 1);
  return piece.length >= MIN_PIECE_LENGTH ? piece : "";
}
