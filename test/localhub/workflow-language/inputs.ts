/** The values of `workflow_dispatch` and `workflow_call` inputs, by their definitions. */
import { valueToText } from "./expression-data.ts";
import type { InputDefinition } from "./model.ts";
import type { Json, Template } from "./values.ts";

type Definitions = Readonly<Record<string, InputDefinition>>;

export type ResolvedInputs =
  | {
      readonly kind: "resolved";
      /** The `inputs` context, typed as defined. */
      readonly inputs: Readonly<Record<string, Json>>;
      /** `github.event.inputs`: the same as text. */
      readonly texts: Readonly<Record<string, string>>;
    }
  | { readonly kind: "refused"; readonly message: string };

/**
 * The inputs of a dispatch. Messages are those of GitHub's dispatch API (cli/cli#5246, benc-uk/workflow-dispatch#80),
 * except for numbers, for which GitHub publishes none.
 */
export function resolveDispatchInputs(
  definitions: Definitions,
  given: Readonly<Record<string, unknown>>,
): ResolvedInputs {
  const unexpected = Object.keys(given).filter((name) => !Object.hasOwn(definitions, name));
  if (unexpected.length > 0) {
    return refused(`Unexpected inputs provided: [${unexpected.map((name) => JSON.stringify(name)).join(", ")}]`);
  }
  const texts: Record<string, string> = {};
  const inputs: Record<string, Json> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const value = given[name] ?? null;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean" && value !== null) {
      return refused(`Provided value for input '${name}' must be a string, a number or a boolean`);
    }
    const text = valueToText(value) || defaultText(definition);
    if (text === "" && definition.required) return refused(`Required input '${name}' not provided`);
    const message = text === "" ? undefined : inputValueError(name, definition, text);
    if (message !== undefined) return refused(message);
    texts[name] = text;
    inputs[name] = typed(definition.type, text);
  }
  return { kind: "resolved", inputs, texts };
}

/**
 * The inputs of a called workflow. `given` is evaluated already; `evaluateDefault` evaluates a default in the scope
 * of the called workflow. Messages are those of GitHub's service (actions/runner, WorkflowTemplateConverter).
 */
export function resolveCallInputs(
  definitions: Definitions,
  given: Readonly<Record<string, Json>>,
  evaluateDefault: (template: Template) => Json,
): ResolvedInputs {
  const names = new Map(Object.keys(definitions).map((name) => [name.toLowerCase(), name]));
  const unknown = Object.keys(given).find((name) => !names.has(name.toLowerCase()));
  if (unknown !== undefined) {
    return refused(`Invalid input, ${unknown} is not defined in the referenced workflow.`);
  }
  const byName = new Map(Object.entries(given).map(([name, value]) => [names.get(name.toLowerCase()), value]));
  const inputs: Record<string, Json> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const value = byName.get(name);
    if (value === undefined && definition.required) {
      return refused(`Input ${name} is required, but not provided while calling.`);
    }
    const chosen = value ?? (definition.default === undefined ? null : evaluateDefault(definition.default));
    const converted = chosen === null ? typed(definition.type, "") : asDefined(definition.type, chosen);
    if (converted === undefined) {
      return refused(`Unexpected value '${valueToText(chosen)}': input ${name} must be a ${definition.type}`);
    }
    inputs[name] = converted;
  }
  const texts = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, valueToText(value)]));
  return { kind: "resolved", inputs, texts };
}

/** A boolean without a value is false: the API fills it in, like an unchecked box on the page. */
function defaultText({ type, default: value }: InputDefinition): string {
  return valueToText(value ?? null) || (type === "boolean" ? "false" : "");
}

function inputValueError(name: string, { type, options }: InputDefinition, text: string): string | undefined {
  const allowed = type === "boolean" ? ["true", "false"] : type === "choice" ? options : [text];
  if (!allowed.includes(text)) return `Provided value '${text}' for input '${name}' not in the list of allowed values`;
  if (type === "number" && Number.isNaN(Number(text)))
    return `Provided value '${text}' for input '${name}' is not a number`;
  return undefined;
}

function typed(type: InputDefinition["type"], text: string): Json {
  if (type === "boolean") return text === "true";
  return type === "number" ? Number(text) : text;
}

/** GitHub converts numbers and booleans to text where text is expected, and never text to a number or boolean. */
function asDefined(type: InputDefinition["type"], value: Json): Json | undefined {
  if (type === "boolean" || type === "number") return typeof value === type ? value : undefined;
  return typeof value === "object" ? undefined : valueToText(value);
}

function refused(message: string): ResolvedInputs {
  return { kind: "refused", message };
}
