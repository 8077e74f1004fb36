/**
 * After a push to a pull request: what its comments say of earlier commits says nothing of this one. A run that reports for it writes
 * over this; where none does, because the change deletes the step or the workflow, no earlier result stays.
 */
import type { Conversation } from "./conversation.ts";
import { toPending } from "./join-sections.ts";
import { parseMarker } from "./marker.ts";
import { parseSections, type Revision, type Section } from "./section.ts";
import type { StickyComment } from "./sticky-comment.ts";
import { ACTIONS_BOT, isTokenIdentity } from "./token-identity.ts";

interface Marking extends Pick<StickyComment, "compose" | "author"> {
  /** The head of the pull request, and the run that marks: writers of earlier runs see by it that theirs is over. */
  readonly revision: Omit<Revision, "attempt">;
}

/** @returns URLs of the comments that were changed */
export async function markOutdated(
  conversation: Conversation,
  { compose, author = ACTIONS_BOT, revision }: Marking,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const comment of await conversation.list()) {
    const workflow = parseMarker(comment.body);
    if (workflow === undefined || !isTokenIdentity(comment.author, { kind: "bot", login: author })) continue;
    const sections = parseSections(comment.body);
    const marked = sections.map((section) =>
      isOutdated(section, revision.head) ? toPending(section, revision) : section,
    );
    if (marked.every((section, at) => section === sections[at])) continue;
    const outcome = await conversation.update(comment.id, compose(marked, workflow));
    if (outcome !== "missing") changed.push(comment.url);
  }
  return changed;
}

/** One that is pending already stays as it is: the next report leaves it out, for a key that is no longer used. */
const isOutdated = ({ state, revision }: Section, head: string): boolean =>
  state !== "pending" && revision.head !== head;
