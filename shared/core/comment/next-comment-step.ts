/** One step towards one comment. Every writer that follows it, in whatever order they act, ends at the same comment. */
import type { Comment } from "./conversation.ts";
import { comparableContent, type Revision } from "./marker.ts";

/** A body and the judgement it shows. */
export interface CommentDraft {
  readonly body: string;
  readonly revision: Revision;
}

/** A comment of ours. */
export interface OwnComment extends Comment, CommentDraft {}

export type CommentStep =
  | { readonly do: "create" }
  /** With the best body there is, which may be another writer's. */
  | { readonly do: "update"; readonly comment: OwnComment; readonly draft: CommentDraft }
  | { readonly do: "remove"; readonly comments: readonly OwnComment[] }
  /** Nothing: `comment` is the only one, and shows `mine` or something newer. */
  | { readonly do: "finish"; readonly comment: OwnComment };

/**
 * The comment with the lowest id stays and gets the best body; only then the others go, so that the best body is never
 * nowhere.
 *
 * @param mine about the pull request's head as of now
 * @param said whether mine was written already: of two bodies for one revision the later one stays, and the writer of
 *   the earlier one does not insist, or the two would never end
 */
export function nextCommentStep(mine: CommentDraft, own: readonly OwnComment[], said: boolean): CommentStep {
  const [winner, ...losers] = own.toSorted((a, b) => a.id - b.id);
  if (winner === undefined) return { do: "create" };
  const best = [winner, ...losers].reduce<CommentDraft>((best, draft) => {
    const more = compareRevisions(draft.revision, best.revision, mine.revision.head);
    return more > 0 || (more === 0 && best === mine && said) ? draft : best;
  }, mine);
  const shown = best === winner || comparableContent(best.body) === comparableContent(winner.body);
  if (!shown) return { do: "update", comment: winner, draft: { body: best.body, revision: best.revision } };
  return losers.length > 0 ? { do: "remove", comments: losers } : { do: "finish", comment: winner };
}

/**
 * Positive when `a` counts more than `b`. What is about the head as of now comes before all else: after a force push
 * back to an earlier commit, its older run is right and the newer one is not.
 */
export function compareRevisions(a: Revision, b: Revision, head: string): number {
  return Number(a.head === head) - Number(b.head === head) || a.run - b.run || a.attempt - b.attempt;
}
