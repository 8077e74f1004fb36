/** Responses that are not what GitHub sends for the request: other types, no content, far too much, links that mislead. */
import type { HttpResponse } from "../http/http-messages.ts";
import { type Fault, seededRandom } from "./faults.ts";

/** The response with the faults that change it. `url` is the request's own. */
export function distort(response: HttpResponse, faults: readonly Fault[], url: URL): HttpResponse {
  return faults.reduce((changed, fault) => distortOnce(changed, fault, url), response);
}

function distortOnce(response: HttpResponse, fault: Fault, url: URL): HttpResponse {
  switch (fault.kind) {
    case "wrong types":
      return withWrongType(response, seededRandom(fault.seed));
    case "foreign link":
      return { ...response, headers: { ...response.headers, link: `<${fault.to ?? url.href}>; rel="next"` } };
    case "huge":
      if (fault.megabytes === "endless" || response.body.length === 0) return response;
      return { ...response, body: Buffer.concat([Buffer.alloc(fault.megabytes * 1024 * 1024, " "), response.body]) };
    default:
      return response;
  }
}

type Holder = Record<string, unknown> | unknown[];

/** Only a part of a large response is chosen from: the places that clients read are not deep. */
const MAX_DEPTH = 4;

function withWrongType(response: HttpResponse, random: () => number): HttpResponse {
  const isJson = response.headers["content-type"]?.startsWith("application/json") ?? false;
  if (response.status >= 300 || response.body.length === 0 || !isJson) return response;
  const root: Holder = { response: JSON.parse(response.body.toString()) as unknown };
  const [holder, key] = pick(placesIn(root, 0), random);
  const value = pick(wrongValuesFor(Reflect.get(holder, key)), random);
  if (value !== undefined) Reflect.set(holder, key, value);
  else if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  // Without the root the body would be empty, which is a fault of its own.
  return { ...response, body: Buffer.from(JSON.stringify(root["response"] ?? null)) };
}

/** Another type each, `null`, or nothing at all. */
function wrongValuesFor(value: unknown): readonly unknown[] {
  const typeOf = (one: unknown): string => (Array.isArray(one) ? "array" : one === null ? "null" : typeof one);
  const others = [null, {}, [], "text", 7, true, undefined].filter((other) => typeOf(other) !== typeOf(value));
  return typeof value === "number" ? [...others, String(value)] : others;
}

function placesIn(value: unknown, depth: number): readonly (readonly [Holder, string])[] {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  const holder = value as Holder;
  return Object.entries(holder).flatMap(([key, item]) => [[holder, key] as const, ...placesIn(item, depth + 1)]);
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const index = Math.floor(random() * items.length);
  if (index >= items.length) throw new Error("there is nothing to choose from");
  return items[index] as Item;
}
