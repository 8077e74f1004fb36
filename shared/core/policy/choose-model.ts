/** Which of a policy's models an action works on. */
import { type ActionError, userError } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { formatChoices, quoteText } from "../../text/document/document.ts";
import type { PolicyReader } from "./not-supported-yet.ts";
import type { Policy } from "./policy.ts";

/** What an action was told about its policy. */
export interface PolicyReading {
  /** The action that reads it: it refuses the keys that it would need and lacks. */
  readonly reader: PolicyReader;
  /** Its input `model`; left out or empty: the only one. */
  readonly model?: string | undefined;
  /** How people say it elsewhere than in a workflow, for messages. */
  readonly option?: string;
}

/** train-model had an input "model" before there were several. */
const optionOf = ({ reader, option }: PolicyReading): string =>
  option ?? `the input "${reader === "train-model" ? "model-name" : "model"}" of ${reader}`;

/**
 * @param models of the policy; one without a name where it describes none
 * @param file its path, for messages
 * @throws ActionError `model-not-named` where there are several, `model-unknown`
 */
export function chooseModel(policy: Policy, file: string, reading: PolicyReading): Policy {
  const { model: wanted = "" } = reading;
  const names = policy.models.flatMap(({ model }) => (model === null ? [] : [model.name]));
  const [only] = policy.models;
  if (wanted === "") {
    if (policy.models.length > 1) throw modelNotNamed(names, file, reading);
    return policy;
  }
  const chosen = policy.models.find(({ model }) => model?.name === wanted);
  if (chosen === undefined) throw modelUnknown(names, file, reading);
  return chosen === only && policy.models.length === 1 ? policy : { ...policy, models: [chosen], chosen: wanted };
}

export const modelNotNamed = (names: readonly string[], file: string, reading: PolicyReading): ActionError =>
  userError({
    code: "model-not-named",
    message: `the policy has several models, and nothing says which of them is meant: ${list(names)}`,
    place: { file },
    fix: `Set ${optionOf(reading)} to ${formatChoices(names.slice(0, MAX_LISTED))}`,
  });

export function modelUnknown(names: readonly string[], file: string, reading: PolicyReading): ActionError {
  const { model: wanted = "" } = reading;
  const meant = findClosestMatch(wanted, names);
  const there = names.length === 0 ? "it names none" : `it has ${list(names)}`;
  const set = `Set ${optionOf(reading)} to ${meant === undefined ? "one of these" : quoteText(meant)}`;
  return userError({
    code: "model-unknown",
    message: `the policy has no model ${quoteText(wanted)}: ${there}`,
    place: { file },
    fix: `${set}; a new model must be in the policy of the base branch before anything is done with it`,
  });
}

/** More would hide what to do. */
const MAX_LISTED = 20;

function list(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map(quoteText).join(", ");
  return names.length > MAX_LISTED ? `${shown} and ${names.length - MAX_LISTED} more` : shown;
}
