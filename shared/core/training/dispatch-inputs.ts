/** From the inputs that a user wants to pass to a workflow to the inputs that are sent, or to all their problems. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { formatChoices, quoteText } from "../../text/document/document.ts";
import type { DeclaredInput, DispatchDeclaration } from "./dispatch-declaration.ts";

/** What this action itself passes to a workflow that declares inputs with these names. */
export interface ReservedInputs {
  readonly commit: string;
  /** A random id, for finding the run again by its title. */
  readonly request: string;
}

/** All inputs together (GitHub docs, "Create a workflow dispatch event", as measured). */
const MAX_INPUTS_LENGTH = 65_000;

/** @throws ActionError with every problem: `dispatch-input-unknown`, `-missing`, `-invalid`, `-reserved`, `dispatch-inputs-too-long` */
export function prepareDispatchInputs(
  wanted: Readonly<Record<string, unknown>>,
  reserved: ReservedInputs,
  { inputs }: DispatchDeclaration,
  file: string,
): Readonly<Record<string, string>> {
  const problems: Problem[] = [];
  const addProblem = (code: string, message: string, fix: string): void => {
    problems.push({ code, message, place: { file }, fix });
  };
  const known = new Map(inputs.map((input) => [input.name, input]));
  const sent = new Map<string, string>();
  for (const name of ["commit", "request"] as const) if (known.has(name)) sent.set(name, reserved[name]);

  for (const [name, value] of Object.entries(wanted)) {
    const input = known.get(name);
    if (name === "commit" || name === "request") {
      const fix = name === "commit" ? 'Use this action\'s input "commit"' : "Remove it: it is the random request ID";
      addProblem("dispatch-input-reserved", `the input ${quoteText(name)} is filled in by this action`, fix);
      continue;
    }
    if (input === undefined) {
      const names = [...known.keys()];
      const meant = findClosestMatch(name, names);
      const fix =
        names.length === 0
          ? "Declare it in that file, or do not pass it"
          : `Write ${meant ? quoteText(meant) : formatChoices(names)}`;
      addProblem("dispatch-input-unknown", `it declares no input ${quoteText(name)}`, fix);
      continue;
    }
    const text = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    const expected = expectedValue(input, text);
    if (expected === undefined) sent.set(name, text);
    else
      addProblem(
        "dispatch-input-invalid",
        `its input ${quoteText(name)} must be ${expected}, but is ${quoteText(text)}`,
        `Pass ${expected}`,
      );
  }
  for (const { name, required, hasDefault } of inputs) {
    if (!required || hasDefault || (sent.get(name) ?? "") !== "") continue;
    addProblem(
      "dispatch-input-missing",
      `it requires the input ${quoteText(name)}`,
      `Add ${quoteText(name)} to the inputs`,
    );
  }
  const length = JSON.stringify(Object.fromEntries(sent)).length;
  if (length > MAX_INPUTS_LENGTH) {
    addProblem(
      "dispatch-inputs-too-long",
      `the inputs have ${length} characters`,
      `Pass fewer than ${MAX_INPUTS_LENGTH}; put long values into a file and pass its path`,
    );
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
  return Object.fromEntries(sent);
}

/** What the value must be; `undefined` when it is valid. */
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
