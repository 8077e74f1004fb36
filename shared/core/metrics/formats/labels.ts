/** What tells rows about several things apart: the text that names the model, the dataset or the command of each. */

/** Columns that name what is measured, as leaderboards, comparisons and benchmarks have them. */
const SUBJECTS = new Set(
  "model model_name method algorithm command class dataset task split subset metric measure name".split(" "),
);
/** Part of a label wherever they are: without it the name of a value would not say what was measured. */
const MEASURES = new Set(["metric", "measure"]);
/** Rows of a list of examples are no results. */
const EXAMPLES = new Set(
  "id label target true pred actual y_true y_pred prediction predicted true_label question_id sample_id example_id image_id doc_id query_id".split(
    " ",
  ),
);
/** Words in the names of columns that only examples have: what goes into a model and comes out of it, and people. */
const EXAMPLE_WORDS =
  /(?:^|[_ ])(?:filename|image|audio|prompt|question|query|text|sentence|input|output|response|answer|reference|hypothesis|expected|generated|transcript|message|comment|user|patient|customer|email|participant)(?:$|[_ ])/i;
/** Rows of these are repeats of one measurement, of which none is the result, or nothing that was measured. */
const REPEATS =
  /^(?:param|parameter|hyperparameter|folds?|resample|replicate|repeat|repetition|run|run_id|seed|trial|trial_id|number|random_state)$/i;

export const MAX_LABELS = 200;
/** For a column of any name: a table that is longer, or has longer texts, may well be a list of examples. */
const MAX_ROWS_OF_UNKNOWN = 60;
const MAX_LABEL = 60;

/** Not an amount with a unit, a date or a time, and no yes or no. */
const isLabel = (text: string): boolean =>
  text.length <= MAX_LABEL &&
  /\p{L}/u.test(text) &&
  !/^[-+]?\d[\d.,:/ T-]*\s*\p{L}{0,5}$/u.test(text) &&
  !/^(?:true|false|yes|no|nan|na|n\/a|none|null)$/i.test(text) &&
  !/[\r\n]|[.?!]\s|[?!]$|\d:\d\d/.test(text);

export interface Labels {
  /** The columns that they are made of. */
  readonly columns: ReadonlySet<number>;
  readonly labels: readonly string[];
}

/**
 * @param textOf the text in a cell; `undefined` for anything else, such as a number
 * @returns `undefined` unless texts tell all rows apart; for a list of examples, and for repeats of one measurement
 */
export function labelRows(
  names: readonly string[],
  rows: number,
  textOf: (row: number, column: number) => string | undefined,
): Labels | undefined {
  const keys = names.map((name) => name.toLowerCase());
  if (rows < 2 || rows > MAX_LABELS || keys.some((key) => EXAMPLES.has(key))) return undefined;
  const texts = names.map((_, column) => Array.from({ length: rows }, (__, row) => textOf(row, column)));
  const isOfText = (column: number): boolean =>
    texts[column]?.every((text) => text !== undefined && text !== "") === true;
  const known = keys.flatMap((key, at) => (SUBJECTS.has(key) && isOfText(at) ? [at] : []));
  const of = (columns: readonly number[]): Labels | undefined => {
    const labels = Array.from({ length: rows }, (_, row) => columns.flatMap((at) => texts[at]?.[row] || []).join("."));
    return new Set(labels).size === rows && !labels.includes("") ? { columns: new Set(columns), labels } : undefined;
  };
  const byKnown = known.length === 0 ? undefined : of(known);
  if (byKnown !== undefined) return byKnown;
  if (rows > MAX_ROWS_OF_UNKNOWN || keys.some((key) => EXAMPLE_WORDS.test(key) || REPEATS.test(key))) return undefined;
  const others = keys.flatMap((key, at) => (isOfLabels(texts[at] ?? []) || MEASURES.has(key) ? [at] : []));
  const measures = others.filter((at) => MEASURES.has(keys[at] ?? ""));
  const rest = others.filter((at) => !measures.includes(at));
  for (const at of rest) {
    const one = of([at, ...measures]);
    if (one !== undefined) return one;
  }
  return rest.length === 0 ? undefined : of([...rest, ...measures]);
}

/** Cells may be empty, as locust leaves the kind of request of the total. */
function isOfLabels(texts: readonly (string | undefined)[]): boolean {
  return (
    texts.some((text) => text !== "") && texts.every((text) => text === "" || (text !== undefined && isLabel(text)))
  );
}
