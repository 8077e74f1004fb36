/** The comment on a pull request: one headline, the worst of its sections, and the sections. */
import { formatMarker } from "../core/comment/marker.ts";
import { formatSection, SECTION_STATES, type Section, type SectionState } from "../core/comment/section.ts";
import { fitReport } from "./fit-report.ts";
import { formatHeadline, STATE_MARK, titled } from "./headline.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import { suggestedRules } from "./suggested-rules.ts";

/**
 * @param sections at least one, as joined: they fit into a comment
 * @param workflow path of the workflow file
 */
export function composeComment(sections: readonly Section[], workflow: string): string {
  const parts = sections.length === 1 ? sections.map(formatSection) : inOrder(sections).flatMap(withHeading);
  const shown = [headlineOf(sections).markdown, ...parts].join("\n\n");
  const rules = rulesToBeginWith(sections);
  const fits = shown.length + rules.length <= MAX_LENGTH;
  return `${[shown, ...(fits && rules !== "" ? [rules] : []), formatMarker(workflow)].join("\n\n")}\n`;
}

/** GitHub's limit is 65,536 UTF-16 units; the marker needs a part. */
const MAX_LENGTH = 64_000;

/** One policy for all sections: it stands once in a repository, too. */
function rulesToBeginWith(sections: readonly Section[]): string {
  const suggestions = sections.map(({ key, suggested = [] }) => ({ key, gates: suggested }));
  return fitReport({ blocks: suggestedRules(suggestions), fullReport: undefined }, { bytes: MAX_LENGTH }).trim();
}

/** What a reviewer must look at first; of one state in the order of their names. */
const inOrder = (sections: readonly Section[]): readonly Section[] =>
  sections.toSorted((a, b) => SECTION_STATES.indexOf(a.state) - SECTION_STATES.indexOf(b.state));

/** Beside a result that is not ready, one that is would only be in the way. */
function withHeading(section: Section, _: number, all: readonly Section[]): readonly string[] {
  const heading = md`#### ${STATE_MARK[section.state]} ${nameOf(section)}: ${summaryOf(section)}`.markdown;
  const text = formatSection(section);
  const isFolded = section.state === "ready" && section.text !== "" && all.some(({ state }) => state !== "ready");
  return isFolded ? [heading, "<details><summary>What changed</summary>", text, "</details>"] : [heading, text];
}

/** What it is called: by its author's words, or by its key. */
const nameOf = ({ key, title }: Section): Markdown => (title ? md`${title}` : inlineName(key));

const summaryOf = ({ state, summary }: Section): Markdown =>
  state === "pending" ? md`not reported for this commit yet` : { markdown: summary };

function headlineOf(sections: readonly Section[]): Markdown {
  const [only] = sections;
  const commit = only?.revision.head;
  if (only !== undefined && sections.length === 1)
    return formatHeadline(only.state, titled(only.title, summaryOf(only)), commit);
  const worst = SECTION_STATES.find((state) => sections.some((section) => section.state === state)) ?? "blocked";
  return formatHeadline(worst, summarise(worst, sections), commit);
}

/** Of how many which are in the state that decides. */
function summarise(state: SectionState, sections: readonly Section[]): Markdown {
  const such = sections.filter((section) => section.state === state);
  if (such.length === sections.length && state === "ready")
    return md`all ${formatCount(such.length, "result")} are ready`;
  if (such.length === sections.length && state === "ungated")
    return md`nothing was gated, for all ${formatCount(such.length, "result")}`;
  const names = joinMarkdown(such.slice(0, MAX_NAMES).map(nameOf), ", ");
  const more = such.length > MAX_NAMES ? md` and ${such.length - MAX_NAMES} more` : md``;
  const share = md`${such.length} of ${formatCount(sections.length, "result")}, ${names}${more}`;
  return state === "ungated" ? md`nothing was gated for ${share}` : share;
}

const MAX_NAMES = 3;
