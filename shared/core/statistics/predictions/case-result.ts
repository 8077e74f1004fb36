/** What a model did with one case, as a row of a file says it. */

export interface CaseResult {
  readonly id: string;
  readonly label?: string;
  /** The predicted class or value. */
  readonly prediction?: string;
  /** How sure the model is of the positive class, or how good a judge found the answer. */
  readonly score?: number;
  /** The slice that the case belongs to. */
  readonly group?: string;
  readonly weight?: number;
  /** Cases with the same cluster are not independent: questions about one document, visits of one patient. */
  readonly cluster?: string;
  /** Which of several tries of the same case this is. */
  readonly repeat?: string;
  /** Why there is no result; such a row is no wrong answer. */
  readonly error?: string;
  /** From 1. */
  readonly line: number;
}

/** Which column has what; as in the policy's `statistics.predictions`. */
export type PredictionColumns = Readonly<Record<Exclude<keyof CaseResult, "line">, string>>;

export const DEFAULT_COLUMNS: PredictionColumns = {
  id: "id",
  label: "label",
  prediction: "prediction",
  score: "score",
  group: "group",
  weight: "weight",
  cluster: "cluster",
  repeat: "repeat",
  error: "error",
};
