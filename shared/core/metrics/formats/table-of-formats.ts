/** Every kind of object that is recognised, the most particular first. */
import { actionBenchmark, bencher, hyperfine, k6, promptfoo, pyperf, pytestBenchmark } from "./benchmarks.ts";
import { classificationReport } from "./classification-report.ts";
import type { MetricFormat } from "./format.ts";
import { lmEval } from "./lm-eval.ts";
import { nested } from "./nested.ts";
import { pandasFrame, pandasSplit, pandasTable } from "./pandas.ts";
import { evidently, kubeflow, mlflowDictionary, mlflowRun, sagemaker } from "./registries.ts";
import { history, resultList, trainerState } from "./training-logs.ts";

export const FORMATS: readonly MetricFormat[] = [
  classificationReport,
  lmEval,
  trainerState,
  mlflowRun,
  mlflowDictionary,
  sagemaker,
  kubeflow,
  evidently,
  pytestBenchmark,
  pyperf,
  hyperfine,
  k6,
  promptfoo,
  pandasFrame,
  pandasSplit,
  pandasTable,
  bencher,
  history,
  actionBenchmark,
  resultList,
  nested,
];

/** Kinds that are told by their text. */
export const TEXT_KINDS = [
  "JSON",
  "JSON Lines",
  "YAML",
  "TOML",
  "CSV or TSV",
  "Prometheus text",
  "JUnit XML",
  "a model card with model-index",
  "a metric file of MLflow",
] as const;
