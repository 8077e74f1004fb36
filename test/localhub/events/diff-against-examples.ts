/**
 * Compares payloads with the real ones of `@octokit/webhooks-examples`: a key that every example of an event and action
 * has must be present with the same JSON type, and there must be no key that no example of the event has. Accounts,
 * repositories, organisations and apps look the same in every place, so they are compared with all of their kind.
 */
import examples from "@octokit/webhooks-examples" with { type: "json" };

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** A difference from the examples, and why it is right. */
export interface AllowedDifference {
  /** `event.action:path`, with `*` for anything. */
  readonly path: string;
  readonly reason: string;
}

const ALL: readonly { readonly name: string; readonly examples: readonly JsonObject[] }[] = JSON.parse(
  JSON.stringify(examples),
);

const KINDS: readonly ((value: JsonObject) => boolean)[] = [
  (value) => "full_name" in value,
  (value) => "login" in value && "members_url" in value,
  (value) => "login" in value && "received_events_url" in value,
  (value) => "external_url" in value && "owner" in value,
];

const pools = KINDS.map((isOfKind) =>
  ALL.flatMap((event) => event.examples.flatMap((one) => findObjects(one, isOfKind))),
);

/** @returns One line for each difference that is not allowed: where, and what. */
export function diffAgainstExamples(
  event: string,
  payload: unknown,
  allowed: readonly AllowedDifference[],
): readonly string[] {
  const sent: JsonObject = JSON.parse(JSON.stringify(payload));
  const action = typeof sent["action"] === "string" ? sent["action"] : "";
  const known = ALL.find(({ name }) => name === event)?.examples;
  if (known === undefined) throw new Error(`@octokit/webhooks-examples has no ${event}`);
  const same = known.filter((example) => event === "repository_dispatch" || (example["action"] ?? "") === action);
  return differences("", sent, { same: same.length > 0 ? same : known, known })
    .map((difference) => `${event}${action === "" ? "" : `.${action}`}:${difference}`)
    .filter((difference) => !allowed.some(({ path }) => pathPattern(path).test(difference)));
}

/** The values at one path in the examples of the same action, and in those of all actions of the event. */
interface Models<Value> {
  readonly same: readonly Value[];
  readonly known: readonly Value[];
}

function differences(path: string, value: Json, models: Models<Json>): readonly string[] {
  const expected = models.same.length > 0 ? models.same : models.known;
  const types = new Set(expected.map(typeOf));
  const nullable = types.delete("null");
  // Examples that have only null here do not show which other types are possible.
  if (types.size === 0) return [];
  if (value === null) return nullable ? [] : [`${path} is null, not ${[...types].join(" or ")}`];
  if (!types.has(typeOf(value))) return [`${path} is ${typeOf(value)}, not ${[...types].join(" or ")}`];
  if (isArray(value)) {
    const items = { same: models.same.filter(isArray).flat(), known: models.known.filter(isArray).flat() };
    return items.known.length === 0 ? [] : value.flatMap((item) => differences(`${path}[]`, item, items));
  }
  if (!isObject(value)) return [];
  return objectDifferences(path, value, { same: models.same.filter(isObject), known: models.known.filter(isObject) });
}

function objectDifferences(path: string, value: JsonObject, models: Models<JsonObject>): readonly string[] {
  const pool = pools[KINDS.findIndex((isOfKind) => models.known.some(isOfKind))];
  const { same, known } = pool === undefined ? models : { same: pool, known: pool };
  const required = Object.keys(same[0] ?? {}).filter((key) => same.every((model) => key in model));
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${at(key)} is missing`),
    ...Object.entries(value).flatMap(([key, inner]) => {
      const below = { same: valuesOf(same, key), known: valuesOf(known, key) };
      return below.known.length === 0 ? [`${at(key)} is in no example`] : differences(at(key), inner, below);
    }),
  ];
}

const valuesOf = (models: readonly JsonObject[], key: string): readonly Json[] =>
  models.flatMap((model) => {
    const value = model[key];
    return value === undefined ? [] : [value];
  });

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isArray(value);
}

function findObjects(value: Json, matches: (value: JsonObject) => boolean): readonly JsonObject[] {
  if (isArray(value)) return value.flatMap((item) => findObjects(item, matches));
  if (!isObject(value)) return [];
  const below = Object.values(value).flatMap((item) => findObjects(item, matches));
  return matches(value) ? [value, ...below] : below;
}

const pathPattern = (path: string): RegExp => new RegExp(`^${path.split("*").map(escaped).join(".*")}`);
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const typeOf = (value: Json): string => (value === null ? "null" : isArray(value) ? "array" : typeof value);
