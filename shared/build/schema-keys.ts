/** The table of all keys of a file that users write, from its schema. */
import * as z from "zod";

/** The part of JSON Schema that zod writes for these files. */
interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const MARKED = /(<!-- generated:keys -->\n)[\s\S]*?(<!-- \/generated:keys -->)/;

export interface KeysTable {
  readonly schema: z.ZodType;
  /** The version before it, which is still read. */
  readonly before: z.ZodType;
  /** Keys that no release has yet, with all keys inside them. */
  readonly pending: readonly string[];
}

/**
 * Puts the table between the page's markers.
 * @throws Error for a page without them
 */
export function fillKeysTable(page: string, table: KeysTable): string {
  if (!MARKED.test(page)) throw new Error("the page has no markers for its table of keys");
  return page.replace(MARKED, (_, open: string, close: string) => `${open}${renderKeysTable(table)}\n${close}`);
}

/**
 * One row per key, in the order of the schema; `[]` means each entry of a list, `<name>` a name that the user chooses. The
 * last column says which versions have the key, and what is different in the one before.
 */
export function renderKeysTable({ schema, before, pending }: KeysTable): string {
  const earlier = new Map(keysOf(before).map((key) => [key.path, key]));
  const waits = pending.map((key) => key.replaceAll("*", "<name>"));
  const rows = keysOf(schema).map((key) => {
    const { path, kind, fallback, meaning } = key;
    const isPending = waits.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[]`));
    const versions = isPending ? "2, not yet" : describeVersions(key, earlier.get(path));
    return `| \`${path}\` | ${kind} | ${fallback} | ${meaning} | ${versions} |`;
  });
  return ["| Key | Value | Default | Meaning | Versions |", "|---|---|---|---|---|", ...rows].join("\n");
}

interface SchemaKey {
  readonly path: string;
  readonly kind: string;
  /** Its default, or that it is required. */
  readonly fallback: string;
  readonly meaning: string;
}

function describeVersions(now: SchemaKey, earlier: SchemaKey | undefined): string {
  if (earlier === undefined) return "2";
  const { kind, fallback } = earlier;
  // An empty list means the same as none.
  const isSame = fallback === now.fallback || (fallback === "`[]`" && now.fallback === "");
  const named = fallback === "**required**" ? fallback : `default ${fallback || "none"}`;
  const other = [...(kind === now.kind ? [] : [kind]), ...(isSame || fallback === "" ? [] : [named])];
  return other.length === 0 ? "1, 2" : `1, 2; in 1: ${other.join(", ")}`;
}

const keysOf = (schema: z.ZodType) => keysInside(z.toJSONSchema(schema, { io: "input" }) as SchemaNode, "");

function keysInside(node: SchemaNode, path: string): readonly SchemaKey[] {
  if (node.items) return keysInside(node.items, `${path}[]`);
  const named = Object.entries(node.properties ?? {}).flatMap(([key, value]): readonly SchemaKey[] => {
    const here = path === "" ? key : `${path}.${key}`;
    const left = node.required?.includes(key) ? "**required**" : "";
    const fallback = value.default === undefined ? left : `\`${JSON.stringify(value.default)}\``;
    const meaning = (value.description ?? "").replaceAll("|", "\\|");
    // A model of several has the keys that stand in the table anyway.
    const inner = here === "models" ? [] : keysInside(value, here);
    return [{ path: here, kind: kindOf(value), fallback, meaning }, ...inner];
  });
  const own = node.additionalProperties;
  return typeof own === "object" ? [...named, ...keysInside(own, `${path}.<name>`)] : named;
}

function kindOf(node: SchemaNode): string {
  const choices = node.const === undefined ? node.enum : [node.const];
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(" or ");
  if (node.anyOf) return node.anyOf.map(kindOf).join(" or ");
  if (node.items) return `list of ${node.items.properties ? "mappings" : plural(kindOf(node.items))}`;
  if (node.type === "integer" && node.maximum !== undefined && node.maximum < Number.MAX_SAFE_INTEGER) {
    return `whole number, ${node.minimum ?? 0} to ${node.maximum}`;
  }
  return KINDS[node.type ?? ""] ?? "anything";
}

const plural = (kind: string): string => (kind === "text" ? "texts" : kind.replace(/^whole number\b/, "whole numbers"));

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "`true` or `false`",
  object: "mapping",
  array: "list",
};
