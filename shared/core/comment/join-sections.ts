/**
 * What a comment must show, from all that its writers know: in whatever order they write and read, they come to the same.
 */
import { formatSection, type Revision, SECTION_STATES, type Section } from "./section.ts";

/**
 * The newest section of every key, ordered by key. A section of an earlier commit becomes pending, so that the comment is not
 * called ready before that key has reported too; and is gone with the commit after that, for a key that is no longer used.
 *
 * @param mine about the current head of the pull request
 * @param known what the comments show
 * @param alreadyWritten whether `mine` was written before: of two for one revision the later one stays, and the writer of the
 *   earlier one does not write again, or the two would overwrite each other without end
 * @param keepsWorst of two for one revision the worse one stays instead: where each key has one writer, the other is a mistake
 */
export function joinSections(
  mine: Section,
  known: readonly Section[],
  alreadyWritten: boolean,
  keepsWorst = false,
): readonly Section[] {
  const byKey = new Map<string, Section>();
  for (const section of known.flatMap((each) => carryOver(each, mine))) {
    const other = byKey.get(section.key);
    if (other === undefined || compareSections(section, other, mine.revision.head) > 0) byKey.set(section.key, section);
  }
  const theirs = byKey.get(mine.key);
  if (theirs === undefined || isShownOver(mine, theirs, alreadyWritten, keepsWorst)) byKey.set(mine.key, mine);
  return fitSections(byKeys([...byKey.values()]));
}

const byKeys = (sections: readonly Section[]): readonly Section[] =>
  sections.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

function isShownOver(mine: Section, theirs: Section, alreadyWritten: boolean, keepsWorst: boolean): boolean {
  const order = compareSections(mine, theirs, mine.revision.head);
  const worse = SECTION_STATES.indexOf(theirs.state) - SECTION_STATES.indexOf(mine.state);
  if (order !== 0 || !keepsWorst || worse === 0) return order > 0 || (order === 0 && !alreadyWritten);
  return worse > 0;
}

/** GitHub's limits for a comment are 65,536 UTF-16 units and 262,144 bytes; the headings need a part. */
const MAX_SECTIONS_LENGTH = 60_000;
const MAX_SECTIONS_BYTES = 240_000;

/** Without the longest texts, as long as all together do not fit into a comment. */
function fitSections(sections: readonly Section[]): readonly Section[] {
  const whole = sections.map(formatSection).join("\n\n");
  if (whole.length <= MAX_SECTIONS_LENGTH && new TextEncoder().encode(whole).length <= MAX_SECTIONS_BYTES)
    return sections;
  const longest = sections.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  if (longest.text === "") return sections;
  return fitSections(sections.map((section) => (section === longest ? { ...section, text: "" } : section)));
}

function carryOver(section: Section, { key, revision }: Section): readonly Section[] {
  if (section.revision.head === revision.head) return [section];
  if (section.key === key || section.state === "pending") return [];
  return [toPending(section, revision)];
}

/** @param revision of which it has not been reported yet */
export function toPending({ suggested: _, ...section }: Section, revision: Omit<Revision, "attempt">): Section {
  return { ...section, revision: { ...revision, attempt: 0 }, state: "pending", summary: "", text: "" };
}

/** Positive when `a` takes precedence over `b`: whatever was reported over what is pending, then the later run. */
export const compareSections = (a: Section, b: Section, head: string): number =>
  Number(a.state !== "pending") - Number(b.state !== "pending") || compareRevisions(a.revision, b.revision, head);

/**
 * Positive when `a` takes precedence over `b`. A revision of the current head comes first: after a force push back to an
 * earlier commit, the older run of that commit is right and the newer run of another commit is not.
 */
export function compareRevisions(a: Revision, b: Revision, head: string): number {
  return Number(a.head === head) - Number(b.head === head) || a.run - b.run || a.attempt - b.attempt;
}

/** Whether two comments show the same, word for word and of the same runs, in whatever order. */
export const areSameSections = (some: readonly Section[], others: readonly Section[]): boolean =>
  JSON.stringify(byKeys(some).map(toFields)) === JSON.stringify(byKeys(others).map(toFields));

/** Whether readers see the same: links to runs, which differ in every run, aside. */
export const lookTheSame = (some: readonly Section[], others: readonly Section[]): boolean =>
  JSON.stringify(byKeys(some).map(toVisible)) === JSON.stringify(byKeys(others).map(toVisible));

const toFields = ({
  key,
  title,
  revision: { run, attempt, head },
  state,
  summary,
  text,
  suggested,
}: Section): readonly unknown[] => [key, title, run, attempt, head, state, summary, text, suggested];

const toVisible = ({ key, title, state, summary, text, suggested }: Section): readonly unknown[] => [
  key,
  title,
  state,
  summary,
  suggested,
  text.replaceAll(/\/actions\/runs\/\d+(?:\/attempts\/\d+)?/g, "/actions/runs"),
];
