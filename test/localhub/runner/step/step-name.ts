/** The display name of a step. */
import { evaluateText, type Scope } from "../../workflow-language/evaluate.ts";
import type { Template } from "../../workflow-language/values.ts";
import type { PlannedStep } from "./planned-step.ts";
import { firstLine } from "./run-script.ts";
import type { StepStage } from "./step-call.ts";

/** `Run actions/checkout@v7`, `Run echo hi`, the step's own name; with `Pre` or `Post` before it for those stages. */
export function stepDisplayName({ definition }: PlannedStep, stage: StepStage, scope: Scope): string {
  const main =
    definition.name === undefined
      ? `Run ${firstLine(definition.kind === "run" ? expand(definition.run, scope) : definition.uses)}`
      : firstLine(expand(definition.name, scope));
  if (stage === "main") return main || "run";
  return `${stage === "pre" ? "Pre" : "Post"} ${main}`;
}

/** A name that cannot be evaluated yet is shown as it is written. */
function expand(template: Template, scope: Scope): string {
  try {
    return evaluateText(template, scope);
  } catch {
    return String(template);
  }
}
