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

/** `### ✅ Ready to merge: all 3 rules pass (5f2c9d1)` @param commit full SHA */
export function formatHeadline(state: SectionState, summary: Markdown, commit: string | undefined): Markdown {
  const about = commit === undefined ? EMPTY_MARKDOWN : md` (${inlineName(commit.slice(0, 7))})`;
  return md`### ${STATE_MARK[state]} ${STATE_TITLE[state]}: ${summary}${about}`;
}
