/** Templates - values of a file that may hold `${{ expressions }}` - evaluated in the scope of their place. */
import { callsStatusFunction, ExpressionError, evaluateExpression, type Scope } from "./expression.ts";
import { valueToText } from "./expression-data.ts";
import { conditionExpression, splitTemplate, wholeExpression } from "./template-text.ts";
import { isList, isMapping, type Json, type Template } from "./values.ts";

export { ExpressionError, type Scope } from "./expression.ts";

/**
 * The value of a template. A string that is one whole expression keeps the type of its value; text around expressions
 * makes a string. A key `${{ insert }}` is replaced by the entries of the mapping that is its value.
 * @throws ExpressionFault naming the expression and where in the template it stands.
 */
export function evaluate(template: Template, scope: Scope, place = ""): Json {
  if (typeof template === "string") return evaluateString(template, scope, place);
  if (isList(template)) return template.map((item, index) => evaluate(item, scope, `${place}[${index}]`));
  if (isMapping(template)) return evaluateMapping(template, scope, place);
  return template;
}

/** The value as text, as GitHub writes it: nothing for null, `true`, `1.5`, and `Object` or `Array` for those. */
export function evaluateText(template: Template | undefined, scope: Scope, place = ""): string {
  return valueToText(evaluate(template ?? null, scope, place));
}

/** @throws ExpressionFault when the value is no boolean: GitHub turns no text into one, `fromJSON` does. */
export function evaluateBoolean(template: Template, scope: Scope, place = ""): boolean {
  const value = evaluate(template, scope, place);
  if (typeof value === "boolean") return value;
  throw unexpected(template, value, "a boolean", place);
}

/** @throws ExpressionFault when the value is no number: GitHub turns no text into one, `fromJSON` does. */
export function evaluateNumber(template: Template, scope: Scope, place = ""): number {
  const value = evaluate(template, scope, place);
  if (typeof value === "number") return value;
  throw unexpected(template, value, "a number", place);
}

/** A mapping of texts, such as `env:` or `with:`. */
export function evaluateTexts(template: Template, scope: Scope, place = ""): Readonly<Record<string, string>> {
  const value = evaluate(template, scope, place);
  if (value === null) return {};
  if (!isMapping(value)) throw unexpected(template, value, "a mapping", place);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, valueToText(entry)]));
}

/** The `if:` of a job or step. Without a status function in it, it holds only while everything before succeeded. */
export function evaluateCondition(condition: string | undefined, scope: Scope): boolean {
  const source = conditionExpression(condition ?? "") || "success()";
  return isTrue(evaluateExpression(callsStatusFunction(source, scope) ? source : `success() && (${source})`, scope));
}

/** A condition taken as it is: `pre-if` and `post-if` of an action, `snapshot.if`. */
export function evaluateBareCondition(condition: string, scope: Scope): boolean {
  return isTrue(evaluateExpression(conditionExpression(condition), scope));
}

function evaluateString(template: string, scope: Scope, place: string): Json {
  if (!template.includes("${{")) return template;
  const whole = wholeExpression(template);
  if (whole !== undefined) return evaluateExpression(whole, scope, place);
  return splitTemplate(template)
    .map((segment) =>
      segment.kind === "text" ? segment.text : valueToText(evaluateExpression(segment.source, scope, place)),
    )
    .join("");
}

function evaluateMapping(template: Readonly<Record<string, Template>>, scope: Scope, place: string): Json {
  return Object.fromEntries(
    Object.entries(template).flatMap(([key, value]): [string, Json][] => {
      const at = place === "" ? key : `${place}.${key}`;
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

function unexpected(template: Template, value: Json, wanted: string, place: string): ExpressionError {
  const expression = typeof template === "string" ? (wholeExpression(template) ?? template) : JSON.stringify(template);
  return new ExpressionError(expression, `Unexpected value '${valueToText(value)}' where ${wanted} is wanted`, place);
}
