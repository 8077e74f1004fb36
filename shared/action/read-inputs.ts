/** From `INPUT_…` variables to one typed object; every fault of every input at once. */

import { ActionFailure, type Problem } from "./problem.ts";
import type { InputSpecs } from "./spec.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadInputs {
  readonly values: Readonly<Record<string, unknown>>;
  /** What must never be printed. Known before anything is validated, so that no error text can hold a secret. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
}

export function readInputs(
  spec: { readonly inputs: InputSpecs; readonly renamed: Readonly<Record<string, string>> },
  env: Environment,
): ReadInputs {
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  const problems: Problem[] = [];
  const wrong = (name: string, what: string, fix: string): void => {
    problems.push({ code: "input-invalid", message: `input ${name}: ${what}`, fix });
  };

  for (const [old, name] of Object.entries(spec.renamed)) {
    if (given(env, old) !== "") {
      problems.push({
        code: "input-renamed",
        message: `input ${old} is now called ${name}`,
        fix: `Rename it to ${name}`,
      });
    }
  }
  for (const [name, input] of Object.entries(spec.inputs)) {
    const raw = given(env, name) || (input.default ?? "");
    if (input.secret && raw !== "") secrets.push(raw);
    if (raw === "" && input.default === undefined) {
      problems.push({
        code: "input-missing",
        message: `input ${name} is missing`,
        fix: `Add "${name}:" under "with:"`,
      });
      continue;
    }
    const reading = input.parse(raw);
    if ("wrong" in reading) wrong(name, input.secret ? "its value is not valid" : reading.wrong, reading.fix);
    else values[name] = reading.value;
  }
  return { values: Object.freeze(values), secrets, problems };
}

/** @throws ActionFailure with one problem for each fault. */
export function assertNoProblems(read: ReadInputs): void {
  if (read.problems.length > 0) throw new ActionFailure("mistake", read.problems);
}

/** As the runner names them: upper case, blanks to underscores, everything else kept. */
const given = (env: Environment, name: string): string =>
  env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`]?.trim() ?? "";
