/** What a text can be beyond a pattern that one would like to write. Each is decided in linear time. */
import { compilePattern } from "../../text/pattern/pattern.ts";

export interface TextFormat {
  /** Completes "should be …". */
  readonly expected: string;
  readonly accepts: (cell: string) => boolean;
}

const byPattern = (expected: string, pattern: string): TextFormat => {
  const compiled = compilePattern(pattern);
  return { expected, accepts: (cell) => compiled.matches(cell) };
};

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const HEX4 = "[0-9a-fA-F]{1,4}";

/** Each is made when a contract uses it. */
const FORMATS: Readonly<Record<string, () => TextFormat>> = {
  /** As a browser's field for it accepts (HTML, valid e-mail address), with a dot in the domain. */
  email: () => byPattern("an e-mail address", `[a-zA-Z0-9.!#$%&'*+/=?\\^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})+`),
  uuid: () => byPattern("a UUID", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
  /** RFC 3986 with a scheme, by its characters. */
  uri: () =>
    byPattern(
      "a URI with a scheme",
      "[a-zA-Z][a-zA-Z0-9+.-]*:(?:[a-zA-Z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9a-fA-F]{2})+",
    ),
  ipv4: () => byPattern("an IPv4 address", IPV4),
  ipv6: () => ({ expected: "an IPv6 address", accepts: isIpv6 }),
};

export const TEXT_FORMATS: readonly string[] = Object.keys(FORMATS);

/** Undefined for a name that is none. */
export const findTextFormat = (name: string): TextFormat | undefined =>
  Object.hasOwn(FORMATS, name) ? FORMATS[name]?.() : undefined;

/** RFC 4291: eight groups, of which `::` stands for some zeros, and the last two may be an IPv4 address. */
function isIpv6(cell: string): boolean {
  const embedded = cell.includes(".") ? cell.slice(cell.lastIndexOf(":") + 1) : undefined;
  if (embedded !== undefined && !ipv4().matches(embedded)) return false;
  const groups = embedded === undefined ? cell : `${cell.slice(0, -embedded.length)}0:0`;
  const halves = groups.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!parts.every((part) => hex().matches(part))) return false;
  return halves.length === 2 ? parts.length < 8 : parts.length === 8;
}

const once = <Value>(make: () => Value): (() => Value) => {
  let value: Value | undefined;
  return () => (value ??= make());
};
const ipv4 = once(() => compilePattern(IPV4));
const hex = once(() => compilePattern(HEX4));
