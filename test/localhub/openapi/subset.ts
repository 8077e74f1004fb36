/** Cuts GitHub's OpenAPI description down to some operations and what they reach. Pure; `update.ts` does the I/O. */
import { type Description, METHODS } from "./description-types.ts";

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Keywords that carry no rule: prose, examples and GitHub's own extensions. */
const PROSE = new Set(["description", "summary", "title", "tags", "example", "examples", "discriminator", "headers"]);
/** Keywords whose value maps names that people chose, so that a property called `description` is kept. */
const NAME_MAPS = new Set([
  "properties",
  "patternProperties",
  "responses",
  "content",
  "paths",
  "schemas",
  "parameters",
]);
/** Keywords whose value is data, not schema. */
const DATA = new Set(["enum", "default", "const", "required"]);

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The operations with those ids, with every component they reach, once.
 * @throws Error naming each id that GitHub's description does not have.
 */
export function extractSubset(
  source: JsonObject,
  operations: readonly string[],
  from: Description["source"],
): Description {
  const wanted = new Set(operations);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [path, item] of Object.entries(source["paths"] as Record<string, JsonObject>)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!isObject(operation) || !wanted.delete(String(operation["operationId"]))) continue;
      paths[path] = { ...paths[path], [method]: withoutProse(operation) };
    }
  }
  if (wanted.size > 0) throw new Error(`${from.package} ${from.version} has no operation ${[...wanted].join(", ")}`);
  return { source: from, paths: sorted(paths), components: reachable(source, paths) } as unknown as Description;
}

function reachable(source: JsonObject, roots: Json): JsonObject {
  const components: Record<string, Record<string, Json>> = { parameters: {}, responses: {}, schemas: {} };
  const open = [...references(roots)];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const [, , kind = "", name = ""] = reference.split("/");
    const known = components[kind];
    if (!known) throw new Error(`${reference}: this kind of component is not kept in the subset; add it to subset.ts`);
    if (name in known) continue;
    const component = (source["components"] as Record<string, Record<string, Json>>)[kind]?.[name];
    if (component === undefined) throw new Error(`${reference} points nowhere in the description`);
    const kept = withoutProse(component);
    known[name] = kept;
    open.push(...references(kept));
  }
  return Object.fromEntries(Object.entries(components).map(([kind, named]) => [kind, sorted(named)]));
}

function withoutProse(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutProse);
  if (!isObject(node)) return node;
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(node)) {
    // Of GitHub's extensions one is a rule: which operations notify people, and so count as creating content.
    if (key === "x-github" && isObject(value) && value["triggersNotification"] === true) kept["x-notifies"] = true;
    if (PROSE.has(key) || key.startsWith("x-")) continue;
    if (key === "externalDocs" && isObject(value)) kept[key] = { url: value["url"] };
    else if (DATA.has(key)) kept[key] = value;
    else if (NAME_MAPS.has(key) && isObject(value)) kept[key] = mapValues(value, withoutProse);
    else kept[key] = withoutProse(value);
  }
  return kept;
}

function* references(node: Json): Generator<string> {
  if (Array.isArray(node)) for (const item of node) yield* references(item);
  else if (isObject(node)) {
    for (const [key, value] of Object.entries(node)) {
      if (key === "$ref" && typeof value === "string") yield value;
      else yield* references(value);
    }
  }
}

const mapValues = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

const sorted = <Value>(object: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));

/** JSON with a line for each operation and component, so that a change of GitHub's shows as a small difference. */
export function formatDescription(description: Description): string {
  const block = (named: object): string =>
    Object.entries(named)
      .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(",\n");
  const components = Object.entries(description.components)
    .map(([kind, named]) => ` ${JSON.stringify(kind)}: {\n${block(named)}\n }`)
    .join(",\n");
  return `{\n"source": ${JSON.stringify(description.source)},\n"paths": {\n${block(description.paths)}\n},\n"components": {\n${components}\n}\n}\n`;
}
