/** The result of comparing a version's bytes, for the job summary. */
import { formatBytes } from "../core/training/preflight/check.ts";
import type { Problem } from "../problem/problem.ts";
import type { ModelVersionRecord } from "../records/model-version.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatCount, inlineName, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

interface Compared {
  readonly files: number;
  readonly bytes: number;
  readonly source: string;
}

export function renderVerification(
  { model, version, modelDigest }: ModelVersionRecord,
  { files, bytes, source }: Compared,
  problems: readonly Problem[],
): string {
  const name = md`${inlineName(model)} ${inlineName(version)}`;
  const title =
    problems.length === 0
      ? md`### ✅ ${name} is what was registered`
      : md`### ❌ These are not the bytes of ${name}: deploy nothing`;
  const facts: readonly (readonly [string, Markdown])[] = [
    ["Compared", md`${formatCount(files, "file")}, ${formatBytes(bytes)}`],
    ["From", md`${source}`],
    ["Model digest", inlineName(modelDigest)],
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [title] },
    {
      kind: "table",
      itemNoun: "fact",
      columns: ["", ""].map((heading) => ({ title: heading, align: "left" as const })),
      rows: facts.map(([label, value]) => ({ rank: RANK.judged, cells: [md`${label}`, value] })),
    },
    {
      kind: "list",
      itemNoun: "file",
      items: problems.map(({ message }) => ({ rank: RANK.failing, text: md`${message}` })),
    },
  ];
  return fitReport({ blocks, fullReport: md`the log` }, SUMMARY_LIMIT);
}
