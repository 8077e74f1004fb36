/**
 * Workflow commands in a line of output, by the rules of GitHub's runner: the `::name::` form must start the line, the
 * older `##[name]` form is found anywhere in it, and only currently known names are commands.
 */
export interface WorkflowCommand {
  readonly name: string;
  /** By lower-case name: properties are found without regard to case. */
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

/** Replacements are made one after the other, so the percent sign itself comes last. */
const DATA_ESCAPES = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%25", "%"],
] as const;
const PROPERTY_ESCAPES = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%3A", ":"],
  ["%2C", ","],
  ["%25", "%"],
] as const;
const LEGACY_ESCAPES = [
  ["%3B", ";"],
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%5D", "]"],
  ["%25", "%"],
] as const;

/** White space as .NET trims it: unlike JavaScript's `\s`, with U+0085 and without U+FEFF. */
const LEADING_SPACE = /^[\t-\r\u0085\u2028\u2029\p{Zs}]+/u;

/** The command in `line`; `undefined` when there is none. `isKnown` gets names in any case. */
export function parseCommand(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  return parseCurrent(line, isKnown) ?? parseLegacy(line, isKnown);
}

function parseCurrent(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const text = line.replace(LEADING_SPACE, "");
  if (!text.startsWith("::")) return undefined;
  const end = text.indexOf("::", 2);
  if (end < 0) return undefined;
  const [name, properties] = splitName(text.slice(2, end));
  if (!isKnown(name)) return undefined;
  return {
    name,
    properties: readProperties(properties.trim(), ",", PROPERTY_ESCAPES),
    data: decode(text.slice(end + 2), DATA_ESCAPES),
  };
}

function parseLegacy(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const start = line.indexOf("##[");
  if (start < 0) return undefined;
  const end = line.indexOf("]", start);
  if (end < 0) return undefined;
  const [name, properties] = splitName(line.slice(start + 3, end));
  if (!isKnown(name)) return undefined;
  return {
    name,
    properties: readProperties(properties, ";", LEGACY_ESCAPES),
    data: decode(line.slice(end + 1), LEGACY_ESCAPES),
  };
}

function splitName(info: string): readonly [name: string, properties: string] {
  const space = info.indexOf(" ");
  return space < 0 ? [info, ""] : [info.slice(0, space), info.slice(space + 1)];
}

type Escapes = readonly (readonly [escaped: string, plain: string])[];

function readProperties(text: string, separator: string, escapes: Escapes): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const pair of text.split(separator)) {
    // Empty parts are not a name or a value: `=a=b` and `a==b` both set a to b, and `a=` sets nothing.
    const [, name, value] = /^=*([^=]+)=+(.+)$/s.exec(pair) ?? [];
    if (name !== undefined && value !== undefined) properties.set(name.toLowerCase(), decode(value, escapes));
  }
  return properties;
}

function decode(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);
}
