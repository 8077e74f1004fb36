/** A training as a page: what the job summary says, with all curves drawn. */
import type { TrainingRecord } from "../../records/training-record.ts";
import { fitReport } from "../fit-report.ts";
import type { Html } from "../html.ts";
import { md } from "../markdown.ts";
import { plotsInPage } from "../plots/plot-blocks.ts";
import { trainingPlots } from "../resources.ts";
import { trainingBlocks } from "../training.ts";
import { figureLine, renderPage } from "./render-page.ts";

/** Of its text, in bytes; a drawing has some kB, and a record has at most 140 of them. */
const TEXT_LIMIT = 500_000;

export function renderTrainingPage(record: TrainingRecord): string {
  const figures: Html[] = [];
  const plots = plotsInPage(trainingPlots(record), (drawing) => figureLine(figures.push(drawing) - 1));
  const blocks = trainingBlocks(record, plots);
  const markdown = fitReport({ blocks, fullReport: md`the record` }, { bytes: TEXT_LIMIT });
  return renderPage({ title: `Training ${record.commit.slice(0, 7)}`, markdown, figures });
}
