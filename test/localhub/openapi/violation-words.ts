/**
 * Words a request that does not fit the description as GitHub words it. GitHub checks bodies with JSON Schema and
 * answers with the first violation; places are places in the schema (`properties/body`, `items`), null is `nil`.
 * Seen in: magit/forge#748, github/maven-plugins#137, QasimWani/LeetHub#493.
 */
import type { Violation } from "./violation.ts";

/** The `message` of the 422 that GitHub answers. */
export function invalidRequestMessage(violations: readonly Violation[]): string {
  return `Invalid request.\n\n${violations.filter(isCause).map(worded).slice(0, 1).join("")}`;
}

/** An alternative that failed inside `anyOf`/`oneOf` is no error of its own: GitHub reports the whole choice. */
function isCause(violation: Violation): boolean {
  return !/\/(anyOf|oneOf)\/\d+\//.test(violation.schemaPath);
}

function worded(violation: Violation): string {
  const { keyword, params, data, parentSchema } = violation;
  const place = placeOf(violation);
  switch (keyword) {
    case "required":
      return `${place}"${params["missingProperty"]}" wasn't supplied.`;
    case "additionalProperties":
      return `${place}"${params["additionalProperty"]}" is not a permitted key.`;
    case "type":
      return `${place}${inspected(data)} is not ${kinds(parentSchema?.["type"])}.`;
    case "enum":
      return `${place}${plain(data)} is not a member of ${inspected(params["allowedValues"])}.`;
    case "maxLength":
      return `${place}Only ${counted(params["limit"], "character")} allowed; ${was(String(data).length)} supplied.`;
    case "minLength":
      return `${place}At least ${counted(params["limit"], "character")} required; only ${was(String(data).length)} supplied.`;
    case "maxItems":
      return `${place}No more than ${counted(params["limit"], "item")} allowed; ${was((data as unknown[]).length)} supplied.`;
    case "minItems":
      return `${place}${counted(params["limit"], "item").replace(/ (is|are)$/, "")} required; only ${was((data as unknown[]).length)} supplied.`;
    case "minimum":
      return `${place}${plain(data)} must be greater than or equal to ${params["limit"]}.`;
    case "maximum":
      return `${place}${plain(data)} must be less than or equal to ${params["limit"]}.`;
    case "pattern":
      return `${place}${plain(data)} does not match /${params["pattern"]}/.`;
    case "format":
      return `${place}${plain(data)} is not a valid ${params["format"]}.`;
    case "anyOf":
    case "oneOf":
      return `${place}No subschema in "${keyword}" matched.`;
    default:
      return `${place}${violation.message}.`;
  }
}

/** The last named step of the schema: `#/properties/a/items/type` is reported as `items`. */
function placeOf(violation: Violation): string {
  const steps = violation.schemaPath
    .replace(/^.*#\//, "")
    .split("/")
    .slice(0, -1);
  const property = steps.lastIndexOf("properties");
  const items = steps.lastIndexOf("items");
  if (property < 0 && items < 0) return "";
  return items > property ? "For 'items', " : `For 'properties/${steps[property + 1]}', `;
}

function kinds(type: unknown): string {
  const names = Array.isArray(type) ? type : [type];
  return names.map((name, index) => (index === 0 ? `${/^[aio]/.test(name) ? "an" : "a"} ${name}` : name)).join(" or ");
}

/** As Ruby prints it. */
function inspected(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  if (Array.isArray(value)) return `[${value.map(inspected).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `"${key}"=>${inspected(inner)}`);
  return `{${pairs.join(", ")}}`;
}

const plain = (value: unknown): string => (typeof value === "string" ? value : inspected(value));
const counted = (count: unknown, noun: string): string => `${count} ${noun}${count === 1 ? " is" : "s are"}`;
const was = (count: number): string => `${count} ${count === 1 ? "was" : "were"}`;
