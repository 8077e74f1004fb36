/** The next step towards one comment. In whatever order writers act, they all end with the same comment. */
import type { Comment } from "./conversation.ts";
import { comparableContent, type Revision } from "./marker.ts";

/** A body and the judgement it shows. */
export interface CommentDraft {
  readonly body: string;
  readonly revision: Revision;
}

/** A comment that this action wrote. */
export interface OwnComment extends Comment, CommentDraft {}

export type CommentStep =
  | { readonly do: "create" }
  /** With the newest body that exists, which may be another writer's. */
  | { readonly do: "update"; readonly comment: OwnComment; readonly draft: CommentDraft }
  | { readonly do: "remove"; readonly comments: readonly OwnComment[] }
  /** Nothing is left to do: `comment` is the only one, and shows `mine` or something newer. */
  | { readonly do: "finish"; readonly comment: OwnComment };

/**
 * The comment with the lowest id stays and gets the newest body; the others are removed only then, so that the newest
 * body exists at any time.
 *
 * @param mine about the current head of the pull request
 * @param alreadyWritten whether `mine` was written before: of two bodies for one revision the later one stays, and the
 *   writer of the earlier one does not write again, or the two would overwrite each other without end
 */
export function nextCommentStep(mine: CommentDraft, own: readonly OwnComment[], alreadyWritten: boolean): CommentStep {
  const [winner, ...losers] = own.toSorted((a, b) => a.id - b.id);
  if (winner === undefined) return { do: "create" };
  const best = [winner, ...losers].reduce<CommentDraft>((best, draft) => {
    const more = compareRevisions(draft.revision, best.revision, mine.revision.head);
    return more > 0 || (more === 0 && best === mine && alreadyWritten) ? draft : best;
  }, mine);
  const shown = best === winner || comparableContent(best.body) === comparableContent(winner.body);
  if (!shown) return { do: "update", comment: winner, draft: { body: best.body, revision: best.revision } };
  return losers.length > 0 ? { do: "remove", comments: losers } : { do: "finish", comment: winner };
}

/**
 * Positive when `a` takes precedence over `b`. A revision of the current head comes first: after a force push back to an
 * earlier commit, the older run of that commit is right and the newer run of another commit is not.
 */
export function compareRevisions(a: Revision, b: Revision, head: string): number {
  return Number(a.head === head) - Number(b.head === head) || a.run - b.run || a.attempt - b.attempt;
}
