/**
 * One text for one JSON value: RFC 8785 (JSON Canonicalization Scheme). Digests of records are taken over it, so that
 * neither the order of keys nor whitespace changes the digest of a record.
 *
 * @throws TypeError for what JSON cannot express: NaN, Infinity, undefined, functions, lone surrogates. It is a bug.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    // Without a comparison, sort() orders by UTF-16 code units, as section 3.2.3 asks.
    const members = Object.keys(value)
      .sort()
      .map((key) => `${text(key)}:${canonicalJson((value as Readonly<Record<string, unknown>>)[key])}`);
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`${String(value)} has no canonical JSON`);
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError("a text with half a surrogate pair has no canonical JSON");
  return JSON.stringify(value);
}
