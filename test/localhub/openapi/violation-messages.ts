/**
 * GitHub's messages for requests that do not fit the description. GitHub checks bodies with JSON Schema and reports the
 * first violation; locations are those in the schema (`properties/body`, `items`), null is `nil`. Seen in:
 * magit/forge#748, github/maven-plugins#137, QasimWani/LeetHub#493.
 */
import type { Violation } from "./violation.ts";

/** The `message` of GitHub's 422 response. */
export function invalidRequestMessage(violations: readonly Violation[]): string {
  const choices = violations.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const causes = violations.filter((violation) => !isAlternative(violation, choices));
  return `Invalid request.\n\n${causes.slice(0, 1).map(formatViolation).join("")}`;
}

/**
 * Whether the violation is in one alternative of a choice: GitHub reports only the whole choice. The schema path does
 * not show this, since it starts again after a reference; so the schema around the choice is searched.
 */
function isAlternative(violation: Violation, choices: readonly Violation[]): boolean {
  return choices.some(
    (choice) =>
      choice !== violation &&
      violation.instancePath.startsWith(choice.instancePath) &&
      !contains(choice.parentSchema, violation.parentSchema),
  );
}

/** Whether `target` is in the schema outside of its choices. */
function contains(schema: unknown, target: unknown): boolean {
  if (schema === target) return true;
  if (typeof schema !== "object" || schema === null) return false;
  return Object.entries(schema).some(([key, value]) => key !== "anyOf" && key !== "oneOf" && contains(value, target));
}

function formatViolation(violation: Violation): string {
  const { keyword, params, data, parentSchema } = violation;
  const location = formatLocation(violation);
  switch (keyword) {
    case "required":
      return `${location}"${params["missingProperty"]}" wasn't supplied.`;
    case "additionalProperties":
      return `${location}"${params["additionalProperty"]}" is not a permitted key.`;
    case "type":
      return `${location}${inspected(data)} is not ${kinds(parentSchema?.["type"])}.`;
    case "enum":
      return `${location}${plain(data)} is not a member of ${inspected(params["allowedValues"])}.`;
    case "maxLength":
      return `${location}Only ${counted(params["limit"], "character")} allowed; ${was(String(data).length)} supplied.`;
    case "minLength":
      return `${location}At least ${counted(params["limit"], "character")} required; only ${was(String(data).length)} supplied.`;
    case "maxItems":
      return `${location}No more than ${counted(params["limit"], "item")} allowed; ${was((data as unknown[]).length)} supplied.`;
    case "minItems":
      return `${location}${counted(params["limit"], "item").replace(/ (is|are)$/, "")} required; only ${was((data as unknown[]).length)} supplied.`;
    case "minimum":
      return `${location}${plain(data)} must be greater than or equal to ${params["limit"]}.`;
    case "maximum":
      return `${location}${plain(data)} must be less than or equal to ${params["limit"]}.`;
    case "pattern":
      return `${location}${plain(data)} does not match /${params["pattern"]}/.`;
    case "format":
      return `${location}${plain(data)} is not a valid ${params["format"]}.`;
    case "anyOf":
    case "oneOf":
      return `${location}No subschema in "${keyword}" matched.`;
    default:
      return `${location}${violation.message}.`;
  }
}

/** The last step of the path, in the form of the schema: an element of a list is `items`. */
function formatLocation({ instancePath }: Violation): string {
  const step = instancePath.split("/").at(-1) ?? "";
  if (step === "") return "";
  return /^\d+$/.test(step) ? "For 'items', " : `For 'properties/${step}', `;
}

function kinds(type: unknown): string {
  const names = Array.isArray(type) ? type : [type];
  return names.map((name, index) => (index === 0 ? `${/^[aio]/.test(name) ? "an" : "a"} ${name}` : name)).join(" or ");
}

/** Formatted as Ruby does. */
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
