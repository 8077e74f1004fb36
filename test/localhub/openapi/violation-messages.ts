/**
 * Words a request that does not fit the description as GitHub words it. GitHub checks bodies with JSON Schema and
 * answers with the first violation; places are places in the schema (`properties/body`, `items`), null is `nil`.
 * Seen in: magit/forge#748, github/maven-plugins#137, QasimWani/LeetHub#493.
 */
import type { Violation } from "./violation.ts";

/** The `message` of the 422 that GitHub answers. */
export function invalidRequestMessage(violations: readonly Violation[]): string {
  const choices = violations.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  const causes = violations.filter((violation) => !isAlternative(violation, choices));
  return `Invalid request.\n\n${causes.slice(0, 1).map(formatViolation).join("")}`;
}

/**
 * Why one alternative of a choice failed is no error of its own: GitHub reports the whole choice. The path in the
 * schema does not tell, since it starts anew behind a reference; what the schema with the choice holds beside it does.
 */
function isAlternative(violation: Violation, choices: readonly Violation[]): boolean {
  return choices.some(
    (choice) =>
      choice !== violation &&
      violation.instancePath.startsWith(choice.instancePath) &&
      !holds(choice.parentSchema, violation.parentSchema),
  );
}

/** Whether `wanted` stands in the schema outside of its choices. */
function holds(schema: unknown, wanted: unknown): boolean {
  if (schema === wanted) return true;
  if (typeof schema !== "object" || schema === null) return false;
  return Object.entries(schema).some(([key, value]) => key !== "anyOf" && key !== "oneOf" && holds(value, wanted));
}

function formatViolation(violation: Violation): string {
  const { keyword, params, data, parentSchema } = violation;
  const place = formatLocation(violation);
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

/** The last step to the place, as the schema names it: an element of a list is `items`. */
function formatLocation({ instancePath }: Violation): string {
  const step = instancePath.split("/").at(-1) ?? "";
  if (step === "") return "";
  return /^\d+$/.test(step) ? "For 'items', " : `For 'properties/${step}', `;
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
