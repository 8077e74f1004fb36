/** Makes a report fit. A target takes all of a text or none of it, and the verdict must never be what is cut. */
import type { ReportTree } from "./report-tree.ts";
import { listParts, type ReportPart, serializeReport } from "./serialize-report.ts";

/** How much a target takes: both limits hold. */
export interface SizeLimit {
  /** UTF-16 units, as GitHub counts characters; unlimited when absent. */
  readonly utf16Units?: number;
  /** Bytes in UTF-8. */
  readonly bytes: number;
}

/**
 * GitHub refuses comments of more than 65,536 characters with 422 "Body is too long", and keeps them in a column of
 * 262,144 bytes. A little is left free for what GitHub adds.
 */
export const COMMENT_LIMIT: SizeLimit = { utf16Units: 65_000, bytes: 262_144 };

/** A step's summary of more than 1,048,576 bytes is dropped whole (actions/runner, `AttachmentSizeLimit`). */
export const SUMMARY_LIMIT: SizeLimit = { bytes: 1_000_000 };

/** The report with as many of its parts as there is room for, the least important left out first. */
export function fitReport(report: ReportTree, room: SizeLimit): string {
  const parts = [...listParts(report.blocks)];
  const everything = serializeReport(report, () => true);
  if (fits(everything, room)) return everything;

  const byWorth = parts.map((part, at) => ({ part, at })).sort((a, b) => a.part.rank - b.part.rank || a.at - b.at);
  const worth = new Map<ReportPart, number>(byWorth.map(({ part }, place) => [part, place]));
  const first = (number: number): string => serializeReport(report, (part) => (worth.get(part) ?? 0) < number);
  // The largest number of parts that fits. One part more is one line more, but for the words on what is left out: their
  // few characters can only make the answer a little smaller than it could be.
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(first(middle), room)) low = middle;
    else high = middle - 1;
  }
  const text = first(low);
  if (!fits(text, room)) throw new Error("a report without its parts does not fit: its lines are too long");
  return text;
}

const fits = (text: string, { utf16Units: units, bytes }: SizeLimit): boolean =>
  (units === undefined || text.length <= units) && (text.length * 3 <= bytes || encoder.encode(text).length <= bytes);

const encoder = new TextEncoder();
