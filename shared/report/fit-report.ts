/** Makes a report fit its target. A target accepts a text completely or not at all, and the verdict must never be omitted. */
import type { ReportTree } from "./report-tree.ts";
import { listParts, type ReportPart, serializeReport } from "./serialize-report.ts";

/** How much a target accepts: both limits apply. */
export interface SizeLimit {
  /** UTF-16 units, as GitHub counts characters; unlimited when absent. */
  readonly utf16Units?: number;
  /** Bytes in UTF-8. */
  readonly bytes: number;
}

/**
 * GitHub refuses comments of more than 65,536 characters with 422 "Body is too long", and keeps them in a column of
 * 262,144 bytes. A part is left for headings, hidden lines and what GitHub adds.
 */
export const SECTION_LIMIT: SizeLimit = { utf16Units: 58_000, bytes: 230_000 };

/** A step's summary of more than 1,048,576 bytes is dropped completely (actions/runner, `AttachmentSizeLimit`). */
export const SUMMARY_LIMIT: SizeLimit = { bytes: 1_000_000 };

/** The report with as many of its parts as fit; the least important ones are omitted first. */
export function fitReport(report: ReportTree, limit: SizeLimit): string {
  const parts = [...listParts(report.blocks)];
  const complete = serializeReport(report, () => true);
  if (fits(complete, limit)) return complete;

  const byRank = parts.map((part, at) => ({ part, at })).sort((a, b) => a.part.rank - b.part.rank || a.at - b.at);
  const positions = new Map<ReportPart, number>(byRank.map(({ part }, position) => [part, position]));
  const withFirst = (number: number): string => serializeReport(report, (part) => (positions.get(part) ?? 0) < number);
  // The largest number of parts that fits, by bisection. One more part is one more line; only the notes on omitted parts do
  // not grow with it, and their few characters can only make the result slightly smaller than possible.
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(withFirst(middle), limit)) low = middle;
    else high = middle - 1;
  }
  const text = withFirst(low);
  if (!fits(text, limit)) throw new Error("a report without its parts does not fit: its lines are too long");
  return text;
}

const fits = (text: string, { utf16Units, bytes }: SizeLimit): boolean =>
  (utf16Units === undefined || text.length <= utf16Units) &&
  (text.length * 3 <= bytes || encoder.encode(text).length <= bytes);

const encoder = new TextEncoder();
