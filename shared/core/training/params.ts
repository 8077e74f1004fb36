/** The parameters of a training: flat, so that two trainings can be compared line by line. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";

export type TrainingParams = Readonly<Record<string, string | number | boolean>>;

/** Linux takes 128 KiB for one variable; half of it leaves room for characters of several bytes. */
const MAX_PARAMS_LENGTH = 65_536;

/** @throws ActionError `params-invalid` for each value that is no text, finite number, true or false; `params-too-long` */
export function validateTrainingParams(given: Readonly<Record<string, unknown>>): TrainingParams {
  const problems: Problem[] = [];
  const params = new Map<string, string | number | boolean>();
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "string" || typeof value === "boolean" || isFiniteNumber(value)) params.set(name, value);
    else problems.push(invalid(name, value));
  }
  const sound = Object.fromEntries(params);
  const length = JSON.stringify(sound).length;
  if (length > MAX_PARAMS_LENGTH) {
    problems.push({
      code: "params-too-long",
      message: `input params: it has ${length} characters, more than ${MAX_PARAMS_LENGTH}`,
      fix: "Keep a long configuration in a file of the repository, and pass its path",
    });
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
  return sound;
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
