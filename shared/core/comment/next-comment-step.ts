/** The next step towards one comment. In whatever order writers act, they all end with the same comment. */
import type { Comment } from "./conversation.ts";
import { areSameSections, joinSections } from "./join-sections.ts";
import type { Section } from "./section.ts";

/** A comment that this suite wrote for this workflow. */
export interface OwnComment extends Comment {
  readonly sections: readonly Section[];
}

export type CommentStep =
  | { readonly do: "create"; readonly sections: readonly Section[] }
  /** With the newest sections that exist, some of which may be other writers'. */
  | { readonly do: "update"; readonly comment: OwnComment; readonly sections: readonly Section[] }
  | { readonly do: "remove"; readonly comments: readonly OwnComment[] }
  /** Nothing is left to do: `comment` is the only one, and shows `mine` or something newer. */
  | { readonly do: "finish"; readonly comment: OwnComment };

/**
 * The comment with the lowest id stays and gets all sections; the others are removed only then, so that the newest sections
 * exist at any time.
 *
 * @param mine about the current head of the pull request
 * @param alreadyWritten as for `joinSections`
 * @param seen other sections that were there before: a writer that had not seen them may have overwritten them
 * @param keepsWorst as for `joinSections`
 */
export function nextCommentStep(
  mine: Section,
  own: readonly OwnComment[],
  alreadyWritten: boolean,
  seen: readonly Section[] = [],
  keepsWorst = false,
): CommentStep {
  const [winner, ...losers] = own.toSorted((a, b) => a.id - b.id);
  const shown = [winner, ...losers].flatMap((comment) => comment?.sections ?? []);
  const sections = joinSections(mine, [...shown, ...seen], alreadyWritten, keepsWorst);
  if (winner === undefined) return { do: "create", sections };
  if (!areSameSections(winner.sections, sections)) return { do: "update", comment: winner, sections };
  return losers.length > 0 ? { do: "remove", comments: losers } : { do: "finish", comment: winner };
}
