/** Turns `INPUT_…` variables into one typed object, and reports all problems of all inputs at once. */

import { ActionError, type Problem } from "../problem/problem.ts";
import type { InputSpecs } from "./spec.ts";

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

export interface ParsedInputs {
  readonly values: Readonly<Record<string, unknown>>;
  /** What must never be printed. Known before anything is validated, so that no error message contains a secret. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

export function readInputs(
  spec: { readonly inputs: InputSpecs; readonly renamed: Readonly<Record<string, string>> },
  env: EnvironmentVariables,
): ParsedInputs {
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  const problems: Problem[] = [];
  const addInvalid = (name: string, error: string, fix: string): void => {
    problems.push({ code: "input-invalid", message: `input ${name}: ${error}`, fix });
  };

  for (const [old, name] of Object.entries(spec.renamed)) {
    if (readInputVariable(env, old) !== "") {
      problems.push({
        code: "input-renamed",
        message: `input ${old} is now called ${name}`,
        fix: `Rename it to ${name}`,
      });
    }
  }
  for (const [name, input] of Object.entries(spec.inputs)) {
    const raw = readInputVariable(env, name) || (input.default ?? "");
    if (input.secret && raw !== "") secrets.push(raw);
    if (raw === "" && input.default === undefined) {
      problems.push({
        code: "input-missing",
        message: `input ${name} is missing`,
        fix: `Add "${name}:" under "with:"`,
      });
      continue;
    }
    const parsed = input.parse(raw);
    if ("error" in parsed) addInvalid(name, input.secret ? "its value is not valid" : parsed.error, parsed.fix);
    else values[name] = parsed.value;
  }
  return { values: Object.freeze(values), secrets, problems };
}

/** @throws ActionError with all problems. */
export function assertNoProblems({ problems }: ParsedInputs): void {
  if (problems.length > 0) throw new ActionError("user-error", problems);
}

/** The runner's name for it: upper case, spaces to underscores, everything else unchanged. */
const readInputVariable = (env: EnvironmentVariables, name: string): string =>
  env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`]?.trim() ?? "";
