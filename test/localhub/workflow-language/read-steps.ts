/** `steps:` of a job or of a composite action, once GitHub's parser has accepted them. */
import type { RunStep, StepDefinition, UsesStep } from "./model.ts";
import { plainText } from "./plain-text.ts";
import { conditionExpression } from "./template-text.ts";
import { isList, isMapping, type Json, type Template } from "./values.ts";

export function readSteps(steps: Json | undefined): readonly StepDefinition[] {
  return (isList(steps) ? steps : []).filter(isMapping).map(readStep);
}

function readStep(step: Readonly<Record<string, Json>>): StepDefinition {
  const shared = {
    id: optionalText(step["id"]),
    name: optionalText(step["name"]),
    if: readCondition(step["if"]),
    env: readTexts(step["env"]),
    continueOnError: step["continue-on-error"],
    timeoutMinutes: step["timeout-minutes"],
  };
  if (step["uses"] !== undefined) {
    const uses: UsesStep = {
      kind: "uses",
      ...shared,
      uses: plainText(step["uses"]),
      with: readTextMapping(step["with"]),
    };
    return uses;
  }
  const run: RunStep = {
    kind: "run",
    ...shared,
    run: plainText(step["run"]),
    shell: optionalText(step["shell"]),
    workingDirectory: optionalText(step["working-directory"]),
  };
  return run;
}

/** The expression of an `if:`; an empty one means the same as none. */
export function readCondition(condition: Json | undefined): string | undefined {
  return conditionExpression(plainText(condition)) || undefined;
}

export function optionalText(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : plainText(value);
}

/** A mapping whose values are text, such as `env:`; or one expression that gives the whole mapping. */
export function readTexts(value: Json | undefined): Template {
  return typeof value === "string" ? value : readTextMapping(value);
}

export function readTextMapping(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isMapping(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plainText(entry)]));
}
