/** A report before it is written: what there is to show, and what may be left out when there is no room. */
import type { Markdown } from "./markdown.ts";

export type Block =
  /** Always shown; made of few and short parts. */
  | { readonly kind: "lines"; readonly lines: readonly Markdown[] }
  | { readonly kind: "list"; readonly itemNoun: string; readonly items: readonly ListItem[] }
  | {
      readonly kind: "table";
      readonly itemNoun: string;
      readonly columns: readonly TableColumn[];
      readonly rows: readonly TableRow[];
    }
  | { readonly kind: "fold"; readonly title: Markdown; readonly open: boolean; readonly blocks: readonly Block[] }
  /** A drawing. Not every reader sees it, so that its numbers stand in a table of the same report. */
  | { readonly kind: "chart"; readonly rank: Rank; readonly mermaid: string };

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface ListItem {
  readonly rank: Rank;
  readonly text: Markdown;
}

export interface TableRow {
  readonly rank: Rank;
  readonly cells: readonly Markdown[];
}

/** How long something is kept: what has the highest rank is left out first, within a rank the last. */
export type Rank = (typeof RANK)[keyof typeof RANK];

export const RANK = { failing: 0, judged: 1, changed: 2, same: 3, extra: 4 } as const;

export interface ReportTree {
  readonly blocks: readonly Block[];
  /** Where all of it can be read, for a target that has no room for it. */
  readonly fullReport: Markdown | undefined;
  /** The last line, as it is: a marker. */
  readonly lastLine?: string;
}
