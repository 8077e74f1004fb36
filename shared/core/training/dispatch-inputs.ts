/** From what somebody wants to pass to a workflow to exactly what is sent, or all that is wrong with it. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { formatChoices, quoteText } from "../../text/document/document.ts";
import type { DeclaredInput, DispatchDeclaration } from "./dispatch-declaration.ts";

/** What this action itself can tell a workflow, when it declares inputs with these names. */
export interface ReservedInputs {
  readonly commit: string;
  /** A random id, for finding the run again by its title. */
  readonly request: string;
}

/** All inputs together (GitHub docs, "Create a workflow dispatch event", as measured). */
const MAX_INPUTS_LENGTH = 65_000;

/** @throws ActionError with every fault: `dispatch-input-unknown`, `-missing`, `-invalid`, `-reserved`, `dispatch-inputs-too-long` */
export function prepareDispatchInputs(
  wanted: Readonly<Record<string, unknown>>,
  offered: ReservedInputs,
  { inputs }: DispatchDeclaration,
  file: string,
): Readonly<Record<string, string>> {
  const problems: Problem[] = [];
  const wrong = (code: string, message: string, fix: string): void => {
    problems.push({ code, message, place: { file }, fix });
  };
  const known = new Map(inputs.map((input) => [input.name, input]));
  const sent = new Map<string, string>();
  for (const name of ["commit", "request"] as const) if (known.has(name)) sent.set(name, offered[name]);

  for (const [name, value] of Object.entries(wanted)) {
    const input = known.get(name);
    if (name === "commit" || name === "request") {
      const fix = name === "commit" ? 'Use this action\'s input "commit"' : "Remove it: it is a random id";
      wrong("dispatch-input-reserved", `the input ${quoteText(name)} is filled in by this action`, fix);
      continue;
    }
    if (input === undefined) {
      const names = [...known.keys()];
      const meant = findClosestMatch(name, names);
      const fix =
        names.length === 0
          ? "Declare it there, or do not pass it"
          : `Write ${meant ? quoteText(meant) : formatChoices(names)}`;
      wrong("dispatch-input-unknown", `it declares no input ${quoteText(name)}`, fix);
      continue;
    }
    const written = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    const must = expectedValue(input, written);
    if (must === undefined) sent.set(name, written);
    else
      wrong(
        "dispatch-input-invalid",
        `its input ${quoteText(name)} must be ${must}, but is ${quoteText(written)}`,
        `Pass ${must}`,
      );
  }
  for (const { name, required, hasDefault } of inputs) {
    if (!required || hasDefault || (sent.get(name) ?? "") !== "") continue;
    wrong("dispatch-input-missing", `it requires the input ${quoteText(name)}`, `Add ${quoteText(name)} to the inputs`);
  }
  const length = JSON.stringify(Object.fromEntries(sent)).length;
  if (length > MAX_INPUTS_LENGTH) {
    wrong(
      "dispatch-inputs-too-long",
      `the inputs have ${length} characters`,
      `Pass fewer than ${MAX_INPUTS_LENGTH}; name a file`,
    );
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
  return Object.fromEntries(sent);
}

/** What the value must be, when it is not. */
function expectedValue({ type, options }: DeclaredInput, value: string): string | undefined {
  switch (type) {
    case "boolean":
      return value === "true" || value === "false" ? undefined : "true or false";
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? undefined : "a finite number";
    case "choice":
      return options.includes(value) ? undefined : formatChoices(options);
    case "string":
    case "environment":
      return undefined;
  }
}

/** Whether a run of this workflow can be found by the request id: it takes one, and shows it in its title. */
export const isFindable = ({ inputs, runName }: DispatchDeclaration): boolean =>
  inputs.some(({ name }) => name === "request") && /\binputs\.request\b/.test(runName);
