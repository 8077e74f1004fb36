/** The comment on a pull request: one headline, the worst of its sections, and the sections. */
import { formatMarker } from "../core/comment/marker.ts";
import { formatSection, SECTION_STATES, type Section, type SectionState } from "../core/comment/section.ts";
import { formatHeadline, STATE_MARK, titled } from "./headline.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";

/**
 * @param sections at least one, as joined: they fit into a comment
 * @param workflow path of the workflow file
 */
export function composeComment(sections: readonly Section[], workflow: string): string {
  const parts = sections.length === 1 ? sections.map(formatSection) : sections.flatMap(withHeading);
  return `${[headlineOf(sections).markdown, ...parts, formatMarker(workflow)].join("\n\n")}\n`;
}

const withHeading = (section: Section): readonly string[] => [
  md`#### ${STATE_MARK[section.state]} ${nameOf(section)}: ${summaryOf(section)}`.markdown,
  formatSection(section),
];

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
  const names = joinMarkdown(such.slice(0, MAX_NAMES).map(nameOf), ", ");
  const more = such.length > MAX_NAMES ? md` and ${such.length - MAX_NAMES} more` : md``;
  const share = md`${names}${more}, ${such.length} of ${formatCount(sections.length, "result")}`;
  return state === "ungated" ? md`nothing was gated for ${share}` : share;
}

const MAX_NAMES = 3;
