/** The inputs of an action: those the step sets, and the defaults of the rest. */
import { evaluateText, type Scope } from "../../workflow-language/evaluate.ts";
import type { ActionFile } from "../../workflow-language/model.ts";
import type { Template } from "../../workflow-language/values.ts";
import type { StepLog } from "../log/step-log.ts";

/**
 * By the name as written in the step, or in the action for defaults. For GitHub's runner a
 * missing required input is not an error: the action has to check it.
 */
export function resolveInputs(
  given: Readonly<Record<string, Template>>,
  file: ActionFile,
  scope: Scope,
  log: StepLog,
): Readonly<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) inputs[name] = evaluateText(value, scope, `with.${name}`);
  const known = new Map(Object.keys(file.inputs).map((name) => [name.toLowerCase(), name]));

  for (const name of Object.keys(given)) {
    const message = file.inputs[known.get(name.toLowerCase()) ?? ""]?.deprecationMessage;
    if (message) log.annotate("warning", `Input '${name}' has been deprecated with message: ${message}`);
  }
  const isGiven = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  for (const [name, input] of Object.entries(file.inputs)) {
    if (!isGiven.has(name.toLowerCase())) inputs[name] = evaluateText(input.default, scope, `inputs.${name}.default`);
  }
  const unexpected = Object.keys(given).filter((name) => !known.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    const valid = [...known.values()].join("', '");
    log.annotate("warning", `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid}']`);
  }
  return inputs;
}

/** The inputs as variables for JavaScript actions: spaces become underscores, other characters stay. */
export function inputVariables(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`, value]),
  );
}
