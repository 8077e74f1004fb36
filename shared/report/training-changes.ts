/** Parameters and data that differ from the baseline's training: often the reason for the difference above. */
import type { Verdict } from "../records/verdict.ts";
import { formatCount, inlineName, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

/** @returns `undefined` where nothing differs, or it is not known */
export function trainingChanges({ changes }: Pick<Verdict, "changes">): Block | undefined {
  const { params = [], data = null } = changes ?? {};
  if (params.length === 0 && data !== true) return undefined;
  const count = params.length === 0 ? "" : formatCount(params.length, "other parameter");
  const title = [count, data === true ? "other data" : ""].filter((part) => part !== "").join(", ");
  const trained = "The training record names other data than the baseline's, by digest.";
  return {
    kind: "section",
    title: md`Trained with ${title}`,
    open: false,
    blocks: [
      ...(data === true ? [{ kind: "lines", lines: [md`${trained}`] } as const] : []),
      ...(params.length === 0
        ? []
        : [
            {
              kind: "table",
              itemNoun: "parameter",
              columns: [
                { title: "Parameter", align: "left" },
                { title: "Before", align: "left" },
                { title: "Now", align: "left" },
              ],
              rows: params.map(({ name, before, after }) => ({
                rank: RANK.extra,
                cells: [inlineName(name), cellOf(before), cellOf(after)],
              })),
            } as const,
          ]),
    ],
  };
}

const cellOf = (value: string | null): Markdown => (value === null ? md`–` : inlineName(value));
