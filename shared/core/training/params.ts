/** The parameters of a training: flat, so that two trainings can be compared line by line. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";

export type TrainingParams = Readonly<Record<string, string | number | boolean>>;

/** Linux accepts 128 KiB for one variable (`MAX_ARG_STRLEN`), its name and the zero at the end included. */
const MAX_PARAMS_BYTES = 128 * 1024 - 64;

/** @throws ActionError `params-invalid` for each value that is not a text, a finite number, true or false; `params-too-long` */
export function validateTrainingParams(params: Readonly<Record<string, unknown>>): TrainingParams {
  const problems: Problem[] = [];
  const valid = new Map<string, string | number | boolean>();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "string" || typeof value === "boolean" || isFiniteNumber(value)) valid.set(name, value);
    else problems.push(invalid(name, value));
  }
  const result = Object.fromEntries(valid);
  const bytes = new TextEncoder().encode(JSON.stringify(result)).length;
  if (bytes > MAX_PARAMS_BYTES) {
    problems.push({
      code: "params-too-long",
      message: `input params: it has ${bytes} bytes, more than ${MAX_PARAMS_BYTES}`,
      fix: "Keep a long configuration in a file of the repository, and pass its path",
    });
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
  return result;
}

const isFiniteNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function invalid(name: string, value: unknown): Problem {
  const what =
    value === null ? "null" : Array.isArray(value) ? "a list" : typeof value === "number" ? "too large" : "an object";
  return {
    code: "params-invalid",
    message: `input params: ${quoteText(name)} is ${what}`,
    fix: "Write a text, a finite number, true or false; for nested settings use names such as optimizer.lr",
  };
}
