/** What model registries and pipelines return or keep: MLflow, SageMaker, Kubeflow, Evidently. */
import {
  type FoundValue,
  found,
  isList,
  isObject,
  type JsonObject,
  type MetricFormat,
  type MetricSource,
  optional,
  valueAt,
} from "./format.ts";
import { flatten } from "./nested.ts";

/** MLflow `runs/get`, and `runs/search` with one run: of each metric the value of the last step. */
export const mlflowRun: MetricFormat = {
  name: "MLflow run",
  recognises: (value) => isList(valueAt(runOf(value).value, "data", "metrics")),
  read(source) {
    const { value: run, path } = runOf(source.value);
    const metrics = valueAt(run, "data", "metrics");
    const last = new Map<string, FoundValue & { readonly step?: number }>();
    for (const [at, entry] of (isList(metrics) ? metrics : []).entries()) {
      const [name, step] = [valueAt(entry, "key"), Number(valueAt(entry, "step") ?? 0)];
      if (typeof name !== "string" || (last.get(name)?.step ?? 0) > step) continue;
      const where = [...path, "data", "metrics", at, "value"];
      const place = found(source, where, name, valueAt(entry, "value"), { ...optional("step", step) });
      last.set(name, place as FoundValue & { readonly step?: number });
    }
    return [...last.values()];
  },
};

function runOf(value: unknown): { readonly value: unknown; readonly path: readonly (string | number)[] } {
  const runs = valueAt(value, "runs");
  if (isList(runs) && runs.length === 1) return { value: runs[0], path: ["runs", 0] };
  return { value: valueAt(value, "run"), path: ["run"] };
}

/** MLflow's `run.to_dictionary()`. */
export const mlflowDictionary: MetricFormat = {
  name: "MLflow run.to_dictionary()",
  recognises: (value) => isObject(valueAt(value, "data", "metrics")) && isObject(valueAt(value, "info")),
  read(source) {
    const metrics = valueAt(source.value, "data", "metrics");
    return Object.entries(isObject(metrics) ? metrics : {}).map(([name, value]) =>
      found(source, ["data", "metrics", name], name, value),
    );
  },
};

/** SageMaker `evaluation.json`: `<kind>_metrics.<metric>.value`, or the bare number. */
export const sagemaker: MetricFormat = {
  name: "SageMaker evaluation",
  recognises: (value) =>
    isObject(value) &&
    Object.keys(value).some((key) =>
      /^(?:multiclass_classification|binary_classification|regression)_metrics$/.test(key),
    ),
  read: (source) =>
    Object.entries(isObject(source.value) ? source.value : {}).flatMap(([group, metrics]) =>
      Object.entries(isObject(metrics) ? metrics : {}).flatMap(([name, entry]) => {
        if (!isObject(entry)) return [found(source, [group, name], name, entry)];
        if (!Object.hasOwn(entry, "value")) return flatten(source, entry, [group, name], 1);
        return [found(source, [group, name, "value"], name, entry["value"])];
      }),
    ),
};

/** Kubeflow Pipelines `mlpipeline-metrics.json`. */
export const kubeflow: MetricFormat = {
  name: "Kubeflow metrics",
  recognises(value) {
    const metrics = valueAt(value, "metrics");
    return isList(metrics) && metrics.length > 0 && metrics.every((one) => valueAt(one, "numberValue") !== undefined);
  },
  read(source) {
    const metrics = valueAt(source.value, "metrics");
    return (isList(metrics) ? metrics : []).map((entry, at) =>
      found(source, ["metrics", at, "numberValue"], String(valueAt(entry, "name")), valueAt(entry, "numberValue")),
    );
  },
};

/** Evidently, `snapshot.dict()` and the older `report.as_dict()`; of its tests the numbers by outcome. */
export const evidently: MetricFormat = {
  name: "Evidently report",
  recognises(value) {
    const metrics = valueAt(value, "metrics");
    return isList(metrics) && metrics.length > 0 && metrics.every((one) => nameOfResult(one) !== undefined);
  },
  read(source) {
    const metrics = valueAt(source.value, "metrics");
    const results = (isList(metrics) ? metrics : []).flatMap((entry, at): readonly FoundValue[] => {
      const name = nameOfResult(entry) ?? "";
      const key = valueAt(entry, "value") === undefined ? "result" : "value";
      const value = valueAt(entry, key);
      const path = ["metrics", at, key];
      if (!isObject(value)) return [found(source, path, name, value)];
      return flatten(source, value, path, path.length).map((one) => ({ ...one, name: `${name}.${one.name}` }));
    });
    return [...results, ...countTests(source.value).map(([name, value]) => found(source, ["tests"], name, value))];
  },
};

function nameOfResult(entry: unknown): string | undefined {
  const [id, metric] = [valueAt(entry, "metric_id") ?? valueAt(entry, "metric_name"), valueAt(entry, "metric")];
  if (typeof id === "string" && valueAt(entry, "value") !== undefined) return id;
  return typeof metric === "string" && valueAt(entry, "result") !== undefined ? metric : undefined;
}

/** A test that could not be run did not pass. */
function countTests(value: unknown): readonly (readonly [string, number])[] {
  const tests = valueAt(value, "tests");
  if (!isList(tests) || tests.length === 0) return [];
  const passed = tests.filter((test) => valueAt(test, "status") === "SUCCESS").length;
  return [
    ["tests.passed", passed],
    ["tests.failed", tests.length - passed],
  ];
}

/** `dvc metrics show --json` of one revision: the names as they are in the files. */
export const dvcMetrics: MetricFormat = {
  name: "dvc metrics show --json",
  recognises: (value) => dvcFiles(value) !== undefined,
  read: (source) => (dvcFiles(source.value) ?? []).flatMap(([path, values]) => flattenParts(source, path, values)),
};

function dvcFiles(value: unknown): readonly (readonly [readonly string[], JsonObject])[] | undefined {
  const revisions = Object.entries(isObject(value) ? value : {});
  const [revision, files] = revisions.length === 1 ? [revisions[0]?.[0] ?? "", valueAt(revisions[0]?.[1], "data")] : [];
  if (revision === undefined || !isObject(files) || Object.keys(files).length === 0) return undefined;
  const found = Object.entries(files).map(([file, one]) => {
    const values = valueAt(one, "data");
    return isObject(values) ? ([[revision, "data", file, "data"], values] as const) : undefined;
  });
  return found.every((one) => one !== undefined) ? found : undefined;
}

const flattenParts = (source: MetricSource, path: readonly string[], values: JsonObject): readonly FoundValue[] =>
  Object.entries(values).flatMap(([key, value]) => flatten(source, value, [...path, key], path.length));
