/** A report before it is written: what there is to show, and what may be left out when there is no room. */
import type { Md } from "./markdown.ts";

export type Block =
  /** Always shown; made of few and short parts. */
  | { readonly kind: "lines"; readonly lines: readonly Md[] }
  | { readonly kind: "list"; readonly of: string; readonly items: readonly Item[] }
  | { readonly kind: "table"; readonly of: string; readonly columns: readonly Column[]; readonly rows: readonly Row[] }
  | { readonly kind: "fold"; readonly title: Md; readonly open: boolean; readonly blocks: readonly Block[] }
  /** A drawing. Not every reader sees it, so that its numbers stand in a table of the same report. */
  | { readonly kind: "chart"; readonly rank: Rank; readonly mermaid: string };

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface Item {
  readonly rank: Rank;
  readonly text: Md;
}

export interface Row {
  readonly rank: Rank;
  readonly cells: readonly Md[];
}

/** How long something is kept: what has the highest rank is left out first, within a rank the last. */
export type Rank = (typeof RANK)[keyof typeof RANK];

export const RANK = { failing: 0, judged: 1, changed: 2, same: 3, extra: 4 } as const;

export interface Report {
  readonly blocks: readonly Block[];
  /** Where all of it can be read, for a target that has no room for it. */
  readonly whole: Md | undefined;
  /** The last line, as it is: a marker. */
  readonly last?: string;
}
