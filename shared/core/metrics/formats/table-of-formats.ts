/** Every kind of object that is recognised, the most particular first. */
import { actionBenchmark, bencher, hyperfine, k6, promptfoo, pyperf, pytestBenchmark } from "./benchmarks.ts";
import { classificationReport } from "./classification-report.ts";
import type { MetricFormat } from "./format.ts";
import { helm, inspect } from "./llm-evals.ts";
import { lmEval } from "./lm-eval.ts";
import { asv, criterion, googleBenchmark, jmh } from "./microbenchmarks.ts";
import { nested } from "./nested.ts";
import { pandasFrame, pandasSplit, pandasTable } from "./pandas.ts";
import { dvcMetrics, evidently, kubeflow, mlflowDictionary, mlflowRun, sagemaker } from "./registries.ts";
import { catboostTraining, history, resultList, trainerState } from "./training-logs.ts";

export const FORMATS: readonly MetricFormat[] = [
  classificationReport,
  lmEval,
  helm,
  inspect,
  trainerState,
  catboostTraining,
  mlflowRun,
  mlflowDictionary,
  sagemaker,
  kubeflow,
  evidently,
  dvcMetrics,
  pytestBenchmark,
  pyperf,
  googleBenchmark,
  jmh,
  criterion,
  asv,
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
  "a table in Markdown",
  "what go test -bench prints",
  "a table in columns of spaces",
  "lines such as accuracy: 0.9",
] as const;
