/** `docs/reference/records.md`: which keys each record has, in which version. What is inside them is in the JSON Schemas. */
import { FORMATS } from "./record-schemas.ts";

interface SchemaNode {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly SchemaNode[];
}

/** @param schemas as `buildRecordSchemas` makes them */
export function renderRecordsPage(schemas: Readonly<Record<string, unknown>>): string {
  const sections = FORMATS.map(({ kind, writer }) => {
    const [before, now] = [1, 2].map((version) => keysOf(schemas[`${kind}-${version}`] as SchemaNode));
    const names = new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])]);
    const rows = [...names].map((name) => {
      const versions = [before?.has(name) ? "1" : "", now?.has(name) ? "2" : ""].filter((version) => version !== "");
      const { meaning = "", required = false } = now?.get(name) ?? before?.get(name) ?? {};
      return `| \`${name}\` | ${required ? "always" : ""} | ${versions.join(", ")} | ${meaning.replaceAll("|", "\\|")} |`;
    });
    return [
      `## ${kind}\n`,
      `Written by ${writer}: [version 1](../../shared/schemas/${kind}-1.json), [version 2](../../shared/schemas/${kind}-2.json).\n`,
      "| Key | | Versions | Meaning |",
      "|---|---|---|---|",
      ...rows,
      "",
    ].join("\n");
  });
  return [HEAD, ...sections].join("\n");
}

interface RecordKey {
  readonly meaning: string;
  readonly required: boolean;
}

/** Of a ledger entry, which is one of several types: the keys of all of them. */
function keysOf(root: SchemaNode): ReadonlyMap<string, RecordKey> {
  const alternatives = root.oneOf ?? [root];
  const keys = new Map<string, RecordKey>();
  for (const { properties = {} } of alternatives) {
    for (const [name, { description }] of Object.entries(properties)) {
      const required = alternatives.every((node) => node.required?.includes(name));
      const meaning = keys.get(name)?.meaning || (description ?? "");
      keys.set(name, { meaning, required });
    }
  }
  return keys;
}

const HEAD = `<!-- Generated from shared/records by "npm run generate". -->
# Records

What flows between the actions: JSON with a kind and a version, for example \`"schema": "mlops-actions/verdict@2"\`. The
version that is written is the \`version\` of the policy; both are read. Everything inside a key, with its meaning, is in the
JSON Schemas. Why, and what happens when two releases meet:
[policy 2 and records 2](../decisions/policy-2-records-2.md).
`;
