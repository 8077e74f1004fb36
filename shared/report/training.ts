/** A training record as a job summary. */
import type { TrainingRecord } from "../records/training-record.ts";
import { fit, SUMMARY } from "./fit.ts";
import { count, EMPTY, type Md, md, name, short } from "./markdown.ts";
import { type Block, RANK } from "./tree.ts";

const HEADLINE = {
  success: "✅ Trained",
  failure: "❌ The training failed",
  cancelled: "⚪ The training was cancelled",
  "timed-out": "❌ The training's time was up",
} as const;

export function renderTraining(record: TrainingRecord): string {
  const { outcome, commit, startedAt, endedAt, metrics, model, dataDigest, environment, exit } = record;
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
  const end = exit.signal ?? (exit.code === null ? "" : `exit code ${exit.code}`);
  const facts: readonly (readonly [string, Md])[] = [
    ["Commit", short(commit)],
    ["Took", md`${count(seconds, "second")}${end === "" || outcome === "success" ? EMPTY : md`, ${end}`}`],
    ["Data", dataDigest === null ? md`not declared` : short(dataDigest)],
    ["Model", model === null ? md`none` : md`${short(model.digest)} in ${count(model.files.length, "file")}`],
    ["Runner", md`${environment.runner} (${environment.os}, ${environment.arch})`],
    ["GPUs", environment.gpus.length === 0 ? md`none` : md`${environment.gpus.join(", ")}`],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${HEADLINE[outcome]}`] },
    { kind: "table", of: "fact", columns: columns("", ""), rows: facts.map(([what, is]) => row([md`${what}`, is])) },
    {
      kind: "table",
      of: "metric",
      columns: columns("Metric", "Slice", "Value"),
      rows: metrics.map((metric) =>
        row([name(metric.name), metric.slice === null ? EMPTY : name(metric.slice), md`${metric.value}`]),
      ),
    },
  ];
  return fit({ blocks: metrics.length === 0 ? blocks.slice(0, 2) : blocks, whole: md`the record` }, SUMMARY);
}

const columns = (...titles: readonly string[]) => titles.map((title) => ({ title, align: "left" }) as const);

const row = (cells: readonly Md[]) => ({ rank: RANK.same, cells });
