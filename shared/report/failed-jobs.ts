/** Why a dispatched training failed, as a job summary. */
import type { TrainingRecord } from "../records/training-record.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { EMPTY_MARKDOWN, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** Empty for a record that says nothing about it. */
export function renderFailure({ problems = [], log }: Pick<TrainingRecord, "problems" | "log">): string {
  if (problems.length === 0) return "";
  const items = problems.map(({ message, place }) => ({
    rank: RANK.failing,
    text: md`${message}${place === undefined ? EMPTY_MARKDOWN : md` (${place.file}${place.line === undefined ? "" : `:${place.line}`})`}`,
  }));
  const lines: Block = { kind: "list", itemNoun: "problem", items };
  const tail = log?.tail.map(toCodeLine).join("\n") ?? "";
  const code: readonly Block[] =
    tail === ""
      ? []
      : [
          {
            kind: "section",
            title: md`The last lines of its log`,
            open: false,
            blocks: [{ kind: "code", language: "text", text: tail }],
          },
        ];
  return fitReport({ blocks: [lines, ...code], fullReport: md`the record` }, SUMMARY_LIMIT);
}

/** Four spaces keep a fence from ending the code that it stands in. */
const toCodeLine = (line: string): string => line.replace(/\p{Cc}/gu, " ").replace(/^ {0,3}(?=```|~~~)/, "    ");
