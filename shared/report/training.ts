/** A training record as a report. */
import type { TrainingRecord } from "../records/training-record.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { EMPTY_MARKDOWN, formatCount, inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { plotsInComment } from "./plots/plot-blocks.ts";
import { type Block, RANK } from "./report-tree.ts";
import { gpuTable, resourceFacts, trainingPlots } from "./resources.ts";

const HEADLINE = {
  success: "✅ Trained",
  failure: "❌ The training failed",
  cancelled: "⚪ The training was cancelled",
  "timed-out": "❌ The training ran out of time",
} as const;

/** As a job summary: GitHub draws the first charts. */
export const renderTraining = (record: TrainingRecord): string =>
  fitReport(
    { blocks: trainingBlocks(record, plotsInComment(trainingPlots(record))), fullReport: md`the record` },
    SUMMARY_LIMIT,
  );

/** @param plots what is drawn of it */
export function trainingBlocks(record: TrainingRecord, plots: readonly Block[]): readonly Block[] {
  const { outcome, commit, startedAt, endedAt, metrics, model, dataDigest, environment, exit } = record;
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
  const exitText = exit.signal ?? (exit.code === null ? "" : `exit code ${exit.code}`);
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Commit", shortHash(commit)],
    [
      "Took",
      md`${formatCount(seconds, "second")}${exitText === "" || outcome === "success" ? EMPTY_MARKDOWN : md`, ${exitText}`}`,
    ],
    ["Data", dataDigest === null ? md`not declared` : shortHash(dataDigest)],
    ["Model", model === null ? md`none` : md`${shortHash(model.digest)} in ${formatCount(model.files.length, "file")}`],
    ["Runner", md`${environment.runner} (${environment.os}, ${environment.arch})`],
    ["GPUs", environment.gpus.length === 0 ? md`none` : md`${environment.gpus.join(", ")}`],
    ...resourceFacts(record),
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${HEADLINE[outcome]}`] },
    { kind: "lines", lines: whyLines(record) },
    preflightList(record),
    {
      kind: "table",
      itemNoun: "fact",
      columns: columns("", ""),
      rows: facts.map(([label, value]) => row([md`${label}`, value])),
    },
    {
      kind: "table",
      itemNoun: "metric",
      columns: columns("Metric", "Slice", "Value"),
      rows: metrics.map((metric) =>
        row([
          inlineName(metric.name),
          metric.slice === null ? EMPTY_MARKDOWN : inlineName(metric.slice),
          md`${metric.value}`,
        ]),
      ),
    },
  ];
  const shown = metrics.length === 0 ? blocks.slice(0, 4) : blocks;
  return [...shown, ...gpuTable(record), ...plots, ...logSection(record)];
}

/** Why it failed, the line that shows it, and what to do. */
function whyLines({ diagnosis, problems = [] }: TrainingRecord): readonly Markdown[] {
  if (diagnosis === undefined) return [];
  const { kind, message, evidence, retry } = diagnosis;
  const shown = evidence === undefined ? EMPTY_MARKDOWN : md`: ${inlineName(evidence.line)}`;
  const fix = problems.at(-1)?.fix;
  const next = fix === undefined ? EMPTY_MARKDOWN : md`**Next:** ${fix}. `;
  return [md`**Why:** ${message} (${inlineName(kind)})${shown}`, EMPTY_MARKDOWN, md`${next}${RETRY_ADVICE[retry]}.`];
}

/** What the machine lacked, or might. */
const preflightList = ({ preflight = [] }: TrainingRecord): Block => ({
  kind: "list",
  itemNoun: "check",
  items: preflight
    .filter(({ outcome }) => outcome === "fail" || outcome === "warn")
    .map(({ outcome, message }) => ({
      rank: RANK.failing,
      text: md`${outcome === "fail" ? "❌" : "⚠️"} Machine: ${message}.`,
    })),
});

const RETRY_ADVICE = {
  no: "Running it again without a change will end the same way",
  once: "Running it again once may help",
  "same-runner": "Running it again on this runner may help",
  "other-runner": "Run it again on another runner",
} as const;

/** How its log ended: in view when that may say why it failed. */
function logSection({ log, outcome }: TrainingRecord): readonly Block[] {
  if (log === undefined || log.tail.length === 0) return [];
  const where = log.path === undefined ? EMPTY_MARKDOWN : md` of ${inlineName(log.path)}`;
  const title = md`The last ${formatCount(log.tail.length, "line")}${where}`;
  const blocks = [{ kind: "code", language: "", text: log.tail.join("\n") } as const];
  return [{ kind: "section", title, open: outcome !== "success", blocks }];
}

const columns = (...titles: readonly string[]) => titles.map((title) => ({ title, align: "left" }) as const);

const row = (cells: readonly Markdown[]) => ({ rank: RANK.same, cells });
