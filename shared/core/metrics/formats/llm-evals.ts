/** Evaluations of language models beside lm-evaluation-harness: HELM, Inspect, and the speed that llama-bench measures. */
import { type FoundValue, found, isFiniteNumber, isList, isObject, type MetricFormat, valueAt } from "./format.ts";
import { findColumn, foundAt, numberAt, type Row, type Table, textAt } from "./rows.ts";

/** HELM's `stats.json`: means over the instances of a split; what is measured on perturbed inputs is a slice. */
export const helm: MetricFormat = {
  name: "HELM stats",
  recognises: (value) =>
    isList(value) &&
    value.length > 0 &&
    value.every((one) => typeof valueAt(one, "name", "name") === "string" && isFiniteNumber(valueAt(one, "count"))),
  read: (source) =>
    (isList(source.value) ? source.value : []).flatMap((entry, at) => {
      // Nothing was measured.
      if (valueAt(entry, "count") === 0) return [];
      const part = (key: string): string => {
        const text = valueAt(entry, "name", key);
        return typeof text === "string" ? text : "";
      };
      const split = part("split");
      const name = [split === "test" ? "" : split, part("sub_split"), part("name")].filter((text) => text !== "");
      return [found(source, [at, "mean"], name.join("."), valueAt(entry, "mean"), { slice: perturbationOf(entry) })];
    }),
};

function perturbationOf(entry: unknown): string | null {
  const perturbation = valueAt(entry, "name", "perturbation");
  if (!isObject(perturbation)) return null;
  const [name, computedOn] = [valueAt(perturbation, "name"), valueAt(perturbation, "computed_on")];
  return typeof computedOn === "string" ? `${String(name)} (${computedOn})` : String(name);
}

/** A log of Inspect: `results.scores[].metrics.<metric>.value`. One that did not end well has no result. */
export const inspect: MetricFormat = {
  name: "Inspect log",
  recognises: (value) =>
    isList(valueAt(value, "results", "scores")) && typeof valueAt(value, "eval", "task") === "string",
  read(source) {
    const status = valueAt(source.value, "status");
    const scores = valueAt(source.value, "results", "scores");
    return (isList(scores) ? scores : []).flatMap((score, at): readonly FoundValue[] => {
      const metrics = valueAt(score, "metrics");
      const reducer = valueAt(score, "reducer");
      const scorer = [String(valueAt(score, "name")), ...(typeof reducer === "string" ? [reducer] : [])].join(".");
      return Object.entries(isObject(metrics) ? metrics : {}).flatMap(([name, metric]) => {
        if (name === "stderr") return [];
        const stderr = valueAt(metrics, "stderr", "value");
        const isKnown = (name === "accuracy" || name === "mean") && isFiniteNumber(stderr) && stderr >= 0;
        const value =
          status === "success" ? valueAt(metric, "value") : `of an evaluation with status ${String(status)}`;
        return [
          found(source, ["results", "scores", at, "metrics", name, "value"], `${scorer}.${name}`, value, {
            ...(isKnown && { stderr }),
          }),
        ];
      });
    });
  },
};

/** What tells tests of llama-bench apart beside their lengths, where it differs. */
const SETTINGS = ["n_batch", "n_ubatch", "n_threads", "type_k", "type_v", "n_gpu_layers", "split_mode", "flash_attn"];

/** llama-bench, as JSON, JSON Lines or CSV: tokens in a second, under the names of its own table (`pp512`, `tg128 @ d4096`). */
export function readLlamaBench(table: Table): readonly FoundValue[] | undefined {
  const [prompt, gen, speed, spread] = ["n_prompt", "n_gen", "avg_ts", "stddev_ts"].map((key) =>
    findColumn(table, key),
  );
  if (prompt === undefined || gen === undefined || speed === undefined || spread === undefined) return undefined;
  if (Math.min(prompt, gen, speed, spread) < 0) return undefined;
  const differing = ["model_filename", ...SETTINGS]
    .map((key) => ({ key, column: findColumn(table, key) }))
    .filter(({ column }) => new Set(table.rows.map((row) => cellText(row, column))).size > 1);
  const [samples, depth] = [findColumn(table, "samples_ts"), findColumn(table, "n_depth")];
  return table.rows.map((row) => {
    const amount = (column: number): number => numberAt(table, row, column) ?? 0;
    const parts = [
      ...(amount(prompt) > 0 ? [`pp${amount(prompt)}`] : []),
      ...(amount(gen) > 0 ? [`tg${amount(gen)}`] : []),
    ];
    const settings = differing.map(({ key, column }) =>
      key === "model_filename" ? cellText(row, column).replace(/^.*[\\/]/, "") : `${key}=${cellText(row, column)}`,
    );
    const at = amount(depth) > 0 ? ` @ d${amount(depth)}` : "";
    const measured = row.cells.at(samples);
    const deviation = numberAt(table, row, spread);
    const isKnown =
      samples >= 0 && isList(measured) && measured.length > 1 && deviation !== undefined && deviation >= 0;
    return foundAt(table, row, speed, {
      name: [`${parts.join("+")}${at}`, ...(settings.length === 0 ? [] : [`(${settings.join(", ")})`])].join(" "),
      unit: "tokens/s",
      ...(isKnown && { n: measured.length, stderr: deviation / Math.sqrt(measured.length) }),
    });
  });
}

const cellText = (row: Row, column: number): string => {
  const cell = column < 0 ? undefined : row.cells.at(column);
  return typeof cell === "boolean" ? String(cell) : textAt(row, column);
};
