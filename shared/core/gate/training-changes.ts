/** What else differs between two trainings than their results: their parameters and their data, as both records say. */
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";

/** What a comparison needs of a training record. */
export type TrainingBasis = Pick<TrainingRecord, "params" | "dataDigest">;

type Changes = NonNullable<Verdict["changes"]>;

const MAX_PARAMS = 100;
const MAX_LENGTH = 200;

/** @returns `undefined` where one of the two is not known */
export function describeTrainingChanges(
  now: TrainingBasis | undefined,
  before: TrainingBasis | undefined,
): Changes | undefined {
  if (now === undefined || before === undefined) return undefined;
  const names = [...new Set([...Object.keys(before.params), ...Object.keys(now.params)])].sort();
  const params = names
    .map((name) => ({ name, before: textOf(before.params, name), after: textOf(now.params, name) }))
    .filter((param) => param.before !== param.after);
  const isKnown = now.dataDigest !== null && before.dataDigest !== null;
  return { params: params.slice(0, MAX_PARAMS), data: isKnown ? now.dataDigest !== before.dataDigest : null };
}

/** As JSON, so that the text `1` is not the number; null: there is none of that name. */
function textOf(params: TrainingBasis["params"], name: string): string | null {
  if (!Object.hasOwn(params, name)) return null;
  const text = JSON.stringify(params[name]) ?? "";
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
