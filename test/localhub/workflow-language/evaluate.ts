/** Templates - values of a file that may contain `${{ expressions }}` - evaluated in the scope of their position. */
import { callsStatusFunction, ExpressionError, evaluateExpression, type Scope } from "./expression.ts";
import { valueToText } from "./expression-data.ts";
import { conditionExpression, splitTemplate, wholeExpression } from "./template-text.ts";
import { isList, isMapping, type Json, type Template } from "./values.ts";

export { ExpressionError, type Scope } from "./expression.ts";

/**
 * The value of a template. A string that is one whole expression keeps the type of its value; text around expressions
 * makes a string. A key `${{ insert }}` is replaced by the entries of the mapping that is its value.
 * @throws ExpressionError with the expression and its location in the template.
 */
export function evaluate(template: Template, scope: Scope, location = ""): Json {
  if (typeof template === "string") return evaluateString(template, scope, location);
  if (isList(template)) return template.map((item, index) => evaluate(item, scope, `${location}[${index}]`));
  if (isMapping(template)) return evaluateMapping(template, scope, location);
  return template;
}

/**
 * The value as text, as GitHub writes it: empty for null; `true`, `1.5`; `Object` or `Array` for mappings and lists.
 */
export function evaluateText(template: Template | undefined, scope: Scope, location = ""): string {
  return valueToText(evaluate(template ?? null, scope, location));
}

/** @throws ExpressionError when the value is not a boolean: GitHub does not convert text to one, `fromJSON` does. */
export function evaluateBoolean(template: Template, scope: Scope, location = ""): boolean {
  const value = evaluate(template, scope, location);
  if (typeof value === "boolean") return value;
  throw unexpected(template, value, "a boolean", location);
}

/** @throws ExpressionError when the value is not a number: GitHub does not convert text to one, `fromJSON` does. */
export function evaluateNumber(template: Template, scope: Scope, location = ""): number {
  const value = evaluate(template, scope, location);
  if (typeof value === "number") return value;
  throw unexpected(template, value, "a number", location);
}

/** A mapping of texts, such as `env:` or `with:`. */
export function evaluateTexts(template: Template, scope: Scope, location = ""): Readonly<Record<string, string>> {
  const value = evaluate(template, scope, location);
  if (value === null) return {};
  if (!isMapping(value)) throw unexpected(template, value, "a mapping", location);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, valueToText(entry)]));
}

/** The `if:` of a job or step. Without a status function in it, it is true only while everything before succeeded. */
export function evaluateCondition(condition: string | undefined, scope: Scope): boolean {
  const source = conditionExpression(condition ?? "") || "success()";
  return isTrue(evaluateExpression(callsStatusFunction(source, scope) ? source : `success() && (${source})`, scope));
}

/** A condition to which no `success()` is added: `pre-if` and `post-if` of an action, `snapshot.if`. */
export function evaluateBareCondition(condition: string, scope: Scope): boolean {
  return isTrue(evaluateExpression(conditionExpression(condition), scope));
}

function evaluateString(template: string, scope: Scope, location: string): Json {
  if (!template.includes("${{")) return template;
  const whole = wholeExpression(template);
  if (whole !== undefined) return evaluateExpression(whole, scope, location);
  return splitTemplate(template)
    .map((segment) =>
      segment.kind === "text" ? segment.text : valueToText(evaluateExpression(segment.source, scope, location)),
    )
    .join("");
}

function evaluateMapping(template: Readonly<Record<string, Template>>, scope: Scope, location: string): Json {
  return Object.fromEntries(
    Object.entries(template).flatMap(([key, value]): [string, Json][] => {
      const at = location === "" ? key : `${location}.${key}`;
      const evaluated = evaluate(value, scope, at);
      if (!key.includes("${{")) return [[key, evaluated]];
      if (wholeExpression(key) !== "insert") return [[evaluateText(key, scope, at), evaluated]];
      if (!isMapping(evaluated)) throw unexpected(value, evaluated, "a mapping to insert", at);
      return Object.entries(evaluated);
    }),
  );
}

/** GitHub's falsy values: `false`, `0`, `-0`, `""`, `null`, `NaN`. Lists and mappings are always true. */
function isTrue(value: Json): boolean {
  return Boolean(value);
}

function unexpected(template: Template, value: Json, expected: string, location: string): ExpressionError {
  const expression = typeof template === "string" ? (wholeExpression(template) ?? template) : JSON.stringify(template);
  return new ExpressionError(
    expression,
    `Unexpected value '${valueToText(value)}' where ${expected} is expected`,
    location,
  );
}
