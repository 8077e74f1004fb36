/**
 * A comment's sections: one for each key, such as a model or a leg of a matrix, written by different jobs. Hidden lines
 * around each say what it is. They count only in a comment of ours: whose comment it is depends on its author.
 */

import * as z from "zod";
import { MAX_SUGGESTED_GATES, type SuggestedGate } from "../policy/suggest-policy.ts";

/** Which verdict a section shows: of two, the one of the later run counts. */
export interface Revision {
  /** Id of the run that judged; it increases over all repositories, and a re-run keeps it. */
  readonly run: number;
  readonly attempt: number;
  /** The head commit it is about. */
  readonly head: string;
}

/** From the worst for a merge to the best. */
export const SECTION_STATES = ["blocked", "pending", "undecided", "reported", "ungated", "ready"] as const;
/**
 * `pending`: reported for an earlier commit, and not yet for this one. `reported`: the rules hold for numbers that a fork's run
 * reported, and that nobody else has measured. `ungated`: there are no rules.
 */
export type SectionState = (typeof SECTION_STATES)[number];

export interface Section {
  /** Chosen by the user where one workflow reports several results. */
  readonly key: string;
  /** Plain text that readers know the result by, instead of its key. */
  readonly title?: string;
  readonly revision: Revision;
  readonly state: SectionState;
  /** One line of Markdown, for example `all 3 rules pass`. */
  readonly summary: string;
  /** Markdown without hidden lines of ours; empty for one that is pending, or does not fit. */
  readonly text: string;
  /** What a first policy could say of it: the comment has one policy for all of its sections. */
  readonly suggested?: readonly SuggestedGate[];
}

/** The section's text between its hidden lines. @throws Error for a text that could end it */
export function formatSection({ key, title = "", revision, state, summary, text, suggested }: Section): string {
  const { run, attempt, head } = revision;
  if (OURS.test(text)) throw new Error(`the text of the section ${key} has a hidden line of ours`);
  const names = `key=${encodeHidden(key)} state=${state} run=${run} attempt=${attempt} head=${head}`;
  const named = title === "" ? "" : ` title=${encodeHidden(title)}`;
  const rules = suggested === undefined ? "" : ` rules=${encodeHidden(JSON.stringify(suggested))}`;
  return `<!-- ${NAME} ${names} summary=${encodeHidden(summary)}${named}${rules} -->\n\n${text === "" ? "" : `${text}\n\n`}${END}`;
}

/** All sections of a body, in its order. */
export function parseSections(body: string): readonly Section[] {
  const sections: Section[] = [];
  let open: { readonly begin: RegExpExecArray; readonly lines: string[] } | undefined;
  for (const line of body.split(/\r?\n/)) {
    const begin = BEGIN.exec(line);
    if (begin !== null) open = { begin, lines: [] };
    else if (line === END && open !== undefined) {
      sections.push(...toSection(open.begin, open.lines.join("\n").trim()));
      open = undefined;
    } else open?.lines.push(line);
  }
  return sections;
}

/** Without spaces, and without anything that could end an HTML comment. */
export const encodeHidden = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");

const OURS = /^<!-- mlops-actions\//m;
const NAME = "mlops-actions/section";
const END = "<!-- mlops-actions/end -->";
const BEGIN = new RegExp(
  `^<!-- ${NAME} key=(?<key>\\S*) state=(?<state>${SECTION_STATES.join("|")}) run=(?<run>\\d{1,15}) attempt=(?<attempt>\\d{1,9}) head=(?<head>[0-9a-f]{40}) summary=(?<summary>\\S*)(?: title=(?<title>\\S+))?(?: rules=(?<rules>\\S+))? -->$`,
);

const suggestedGate = z
  .object({ metric: z.string(), better: z.enum(["higher", "lower"]).optional(), measured: z.number() })
  .transform(({ metric, better, measured }): SuggestedGate => ({ metric, better, measured }));
const suggestedGates = z.array(suggestedGate).max(MAX_SUGGESTED_GATES);

function toSection({ groups = {} }: RegExpExecArray, text: string): readonly Section[] {
  const { key = "", title = "", state, run, attempt, head = "", summary = "", rules } = groups;
  try {
    return [
      {
        key: decodeURIComponent(key),
        ...(title !== "" && { title: decodeURIComponent(title) }),
        revision: { run: Number(run), attempt: Number(attempt), head },
        state: state as SectionState,
        summary: decodeURIComponent(summary),
        text,
        ...(rules !== undefined && { suggested: suggestedGates.parse(JSON.parse(decodeURIComponent(rules))) }),
      },
    ];
  } catch {
    // Somebody has edited it by hand.
    return [];
  }
}
