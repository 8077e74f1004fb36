/** A report before it is serialised: what to show, and what may be omitted if it does not fit. */
import type { Markdown } from "./markdown.ts";

export type Block =
  /** Always shown; few and short lines. */
  | { readonly kind: "lines"; readonly lines: readonly Markdown[] }
  | { readonly kind: "list"; readonly itemNoun: string; readonly items: readonly ListItem[] }
  /** Blocks of several lines, as the author of a text wrote them one after the other. */
  | { readonly kind: "prose"; readonly itemNoun: string; readonly items: readonly ListItem[] }
  | {
      readonly kind: "table";
      readonly itemNoun: string;
      readonly columns: readonly TableColumn[];
      readonly rows: readonly TableRow[];
    }
  /** A collapsible section. */
  | { readonly kind: "section"; readonly title: Markdown; readonly open: boolean; readonly blocks: readonly Block[] }
  /** Text to copy, or as a program printed it. */
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  /** A chart. Not every reader can see it, so a table of the same report contains its numbers. */
  | { readonly kind: "chart"; readonly rank: Rank; readonly language: "mermaid" | "text"; readonly text: string };

export interface TableColumn {
  /** Markdown; text is encoded in it. */
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

/** What is omitted first: the parts with the highest rank; of one rank, the last ones. */
export type Rank = (typeof RANK)[keyof typeof RANK];

export const RANK = { failing: 0, judged: 1, changed: 2, same: 3, extra: 4 } as const;

export interface ReportTree {
  readonly blocks: readonly Block[];
  /** Where the full report can be read, for a target that it does not fit. */
  readonly fullReport: Markdown | undefined;
  /** The last line, not encoded: a marker. */
  readonly lastLine?: string;
}
