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

/**
 * Puts the table of `schema` between the page's markers.
 * @throws Error for a page without them
 */
export function fillKeysTable(page: string, schema: z.ZodType): string {
  if (!MARKED.test(page)) throw new Error("the page has no markers for its table of keys");
  return page.replace(MARKED, (_, open: string, close: string) => `${open}${renderKeysTable(schema)}\n${close}`);
}

/** One row per key, in the order of the schema; `[]` means each entry of a list, `<name>` a name that the user chooses. */
export function renderKeysTable(schema: z.ZodType): string {
  const rows = keysInside(z.toJSONSchema(schema, { io: "input" }) as SchemaNode, "");
  return ["| Key | Value | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function keysInside(node: SchemaNode, path: string): readonly string[] {
  if (node.items) return keysInside(node.items, `${path}[]`);
  const named = Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const left = node.required?.includes(key) ? "**required**" : "";
    const fallback = value.default === undefined ? left : `\`${JSON.stringify(value.default)}\``;
    return [
      `| \`${here}\` | ${kindOf(value)} | ${fallback} | ${(value.description ?? "").replaceAll("|", "\\|")} |`,
      ...keysInside(value, here),
    ];
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

const plural = (kind: string): string => (kind === "text" ? "texts" : kind);

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "`true` or `false`",
  object: "mapping",
};
