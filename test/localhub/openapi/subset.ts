/**
 * Extracts some operations, and what they refer to, from GitHub's OpenAPI description. Pure; `update.ts` does the I/O.
 */
import { type Description, METHODS } from "./description-types.ts";

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/** Keywords without rules: prose, examples and GitHub's own extensions. */
const PROSE = new Set(["description", "summary", "title", "tags", "example", "examples", "discriminator", "headers"]);
/** Keywords whose value is a map by name, so that a property called `description` is kept. */
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
 * The operations with those ids, with every component they refer to, once.
 * @throws Error with each id that GitHub's description does not have.
 */
export function extractSubset(
  source: JsonObject,
  operations: readonly string[],
  from: Description["source"],
): Description {
  const missing = new Set(operations);
  const paths: Record<string, Record<string, Json>> = {};
  for (const [path, item] of Object.entries(source["paths"] as Record<string, JsonObject>)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!isObject(operation) || !missing.delete(String(operation["operationId"]))) continue;
      paths[path] = { ...paths[path], [method]: withoutProse(operation) };
    }
  }
  if (missing.size > 0) throw new Error(`${from.package} ${from.version} has no operation ${[...missing].join(", ")}`);
  return { source: from, paths: sorted(paths), components: reachable(source, paths) } as unknown as Description;
}

function reachable(source: JsonObject, roots: Json): JsonObject {
  const components: Record<string, Record<string, Json>> = { parameters: {}, responses: {}, schemas: {} };
  const open = [...references(roots)];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const [, , kind = "", name = ""] = reference.split("/");
    const ofKind = components[kind];
    if (!ofKind) throw new Error(`${reference}: this kind of component is not kept in the subset; add it to subset.ts`);
    if (name in ofKind) continue;
    const component = (source["components"] as Record<string, Record<string, Json>>)[kind]?.[name];
    if (component === undefined) throw new Error(`${reference} does not exist in the description`);
    const stripped = withoutProse(component);
    ofKind[name] = stripped;
    open.push(...references(stripped));
  }
  return Object.fromEntries(Object.entries(components).map(([kind, named]) => [kind, sorted(named)]));
}

function withoutProse(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutProse);
  if (!isObject(node)) return node;
  const stripped: Record<string, Json> = {};
  for (const [key, value] of Object.entries(node)) {
    // One of GitHub's extensions is a rule: which operations notify people, and so count as creating content.
    if (key === "x-github" && isObject(value) && value["triggersNotification"] === true) stripped["x-notifies"] = true;
    if (PROSE.has(key) || key.startsWith("x-")) continue;
    if (key === "externalDocs" && isObject(value)) stripped[key] = { url: value["url"] };
    else if (DATA.has(key)) stripped[key] = value;
    else if (NAME_MAPS.has(key) && isObject(value)) stripped[key] = mapValues(value, withoutProse);
    else stripped[key] = withoutProse(value);
  }
  return stripped;
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

/** JSON with a line for each operation and component, so that a change by GitHub is a small difference. */
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
