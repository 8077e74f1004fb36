/** The first line of a report, and what the sections of a comment say together: can this be merged? */
import type { SectionState } from "../core/comment/section.ts";
import { EMPTY_MARKDOWN, inlineName, type Markdown, md } from "./markdown.ts";

export const STATE_MARK: Readonly<Record<SectionState, string>> = {
  blocked: "❌",
  pending: "⏳",
  undecided: "⚠️",
  reported: "☑️",
  ungated: "📊",
  ready: "✅",
};

const STATE_TITLE: Readonly<Record<SectionState, string>> = {
  blocked: "Not ready to merge",
  pending: "Not decided yet",
  undecided: "Not decided",
  reported: "Reported, not verified",
  ungated: "No rules yet",
  ready: "Ready to merge",
};

/** What has no pull request, such as a push to main, is not about to be merged. */
const MERGED_TITLE: Readonly<Partial<Record<SectionState, string>>> = { blocked: "Gate closed", ready: "Gate open" };

/** Of a heading that is not ours: only ours begin with one, and readers look for them. */
export const withoutStateMarks = (text: string): string => text.replaceAll(STATE_MARKS, "").trim();

/** A title as its author chose it, made fit for a headline. */
export const toTitle = (text: string): string => withoutStateMarks([...text].slice(0, MAX_TITLE_LENGTH).join(""));

/** In characters. */
const MAX_TITLE_LENGTH = 120;
const STATE_MARKS = new RegExp(Object.values(STATE_MARK).join("|"), "gu");

/** `Visits by region: all 3 rules pass` @param title plain text that its author chose */
export const titled = (title: string | undefined, summary: Markdown): Markdown =>
  title === undefined || title === "" ? summary : md`${title}: ${summary}`;

/** `### ✅ Ready to merge: all 3 rules pass (5f2c9d1)` @param commit full SHA */
export function formatHeadline(
  state: SectionState,
  summary: Markdown,
  commit: string | undefined,
  isMerged = false,
): Markdown {
  const about = commit === undefined ? EMPTY_MARKDOWN : md` (${inlineName(commit.slice(0, 7))})`;
  const title = (isMerged ? MERGED_TITLE[state] : undefined) ?? STATE_TITLE[state];
  return md`### ${STATE_MARK[state]} ${title}: ${summary}${about}`;
}
