/** Keeps one comment on a pull request up to date while others do the same. GitHub has no compare-and-swap for comments. */
import { refused, userError } from "../../problem/problem.ts";
import type { Comment, Conversation } from "./conversation.ts";
import { type CommentIdentity, parseMarker } from "./marker.ts";
import { type CommentDraft, compareRevisions, nextCommentStep, type OwnComment } from "./next-comment-step.ts";
import { ACTIONS_BOT, isTokenIdentity, type TokenIdentity } from "./token-identity.ts";

export interface StickyCommentResult {
  readonly change: "created" | "updated" | "unchanged";
  readonly comment: Comment;
  /** Whom the token writes as, where that was found out only by writing: the user should say so. */
  readonly discoveredLogin: string | undefined;
}

/**
 * Milliseconds between a write and the look whether it lasted: more than another writer needs from its last look to its
 * write, so that whoever had not seen this write has overwritten it by then, and is found out.
 */
const SETTLE_DELAY_MS = 500;
/** How often a list may not show a write of ours before it is believed, each time after twice the wait. */
const MAX_STALE_READS = 3;
/** One writer needs three. Each write of another one may cost two more. */
const MAX_ROUNDS = 64;

/**
 * Lets the pull request have exactly one comment of this place, showing `mine` or a newer judgement. Writes nothing when
 * that is so already.
 *
 * @param mine about the pull request's head as it was a moment ago; its body ends with the marker of `place`
 * @param author the login the token writes as, where the user says so
 * @throws ActionError `verdict-stale` when the head has moved; `comment-unsettled` when others never stop writing
 */
export async function upsertStickyComment(
  conversation: Conversation,
  place: CommentIdentity,
  mine: CommentDraft,
  author: string = ACTIONS_BOT,
): Promise<StickyCommentResult> {
  const expected: TokenIdentity = { kind: "bot", login: author };
  let self: TokenIdentity | undefined;
  let how: StickyCommentResult["change"] = "unchanged";
  let learnt: string | undefined;
  /** The last thing we wrote, until a list shows it. */
  let written: OwnComment | undefined;
  let looks = 0;
  const removed = new Set<number>();
  const wrote = (comment: OwnComment, what: "created" | "updated"): void => {
    [written, looks, how] = [comment, 0, what];
  };

  for (let round = 0; round < MAX_ROUNDS; round++) {
    const marked = marks(await conversation.list(), place);
    self ??= await findTokenIdentity(conversation, marked, expected);
    const own = ofSelf(marked, self).filter(({ id }) => !removed.has(id));
    if (written !== undefined && !isReflected(own, written)) {
      if (looks < MAX_STALE_READS && !hasOlderComment(own, written)) {
        await conversation.wait(SETTLE_DELAY_MS * 2 ** looks);
        looks += 1;
        continue;
      }
      // Still unseen: if it is there, then beside or after what the list shows. Whether it is, the next write tells.
      if (!own.some(({ id }) => id === written?.id)) own.push(written);
    }
    await recheckHead(conversation, own, mine);
    const step = nextCommentStep(mine, own, how !== "unchanged");
    switch (step.do) {
      case "create": {
        const comment = await conversation.create(mine.body);
        if (!isTokenIdentity(comment.author, self) && comment.author !== null) {
          self = { kind: "account", id: comment.author.id };
          learnt = comment.author.login;
        }
        wrote({ ...comment, ...mine }, "created");
        break;
      }
      case "update": {
        const { comment, draft } = step;
        if ((await conversation.update(comment.id, draft.body)) === "gone") {
          removed.add(comment.id);
          written = undefined;
        } else wrote({ ...comment, ...draft }, "updated");
        break;
      }
      case "remove":
        for (const { id } of step.comments) {
          await conversation.remove(id);
          removed.add(id);
          if (id === written?.id) written = undefined;
        }
        break;
      case "finish":
        return { change: how, comment: step.comment, discoveredLogin: learnt };
    }
    await conversation.wait(SETTLE_DELAY_MS);
  }
  throw userError({
    code: "comment-unsettled",
    message: "other runs keep writing the same comment",
    fix: 'Give the workflow a "concurrency:" group for each pull request, then re-run this job',
  });
}

/** The comments that carry the marker of the place, whoever wrote them. */
function marks(comments: readonly Comment[], place: CommentIdentity): readonly OwnComment[] {
  return comments.flatMap((comment) => {
    const revision = parseMarker(comment.body, place);
    return revision === undefined ? [] : [{ ...comment, revision }];
  });
}

const ofSelf = (marked: readonly OwnComment[], self: TokenIdentity): OwnComment[] =>
  marked.filter(({ author }) => isTokenIdentity(author, self));

/** GitHub is asked whose the token is only when others' markers make that a question. */
async function findTokenIdentity(
  conversation: Conversation,
  marked: readonly OwnComment[],
  expected: TokenIdentity,
): Promise<TokenIdentity> {
  if (marked.length === 0 || ofSelf(marked, expected).length > 0) return expected;
  const id = await conversation.account();
  return id === undefined ? expected : { kind: "account", id };
}

/** Ours, or what a later run has put in its place since. */
const isReflected = (own: readonly OwnComment[], { id, revision }: OwnComment): boolean =>
  own.some((comment) => comment.id === id && compareRevisions(comment.revision, revision, revision.head) >= 0);

/** Ours is then a duplicate, seen or not. */
const hasOlderComment = (own: readonly OwnComment[], { id }: OwnComment): boolean =>
  own.some((comment) => comment.id < id);

/** A comment of a later run about another commit: one of the two commits is not the head any more. */
async function recheckHead(
  conversation: Conversation,
  own: readonly OwnComment[],
  { revision }: CommentDraft,
): Promise<void> {
  const doubtful = own.some(
    (comment) => comment.revision.head !== revision.head && comment.revision.run > revision.run,
  );
  if (doubtful) assertHeadCurrent(revision.head, await conversation.head());
}

/** @throws ActionError `verdict-stale` */
export function assertHeadCurrent(judged: string, head: string): void {
  if (judged === head) return;
  throw refused({
    code: "verdict-stale",
    message: `the verdict is about ${judged.slice(0, 7)}, and the pull request is at ${head.slice(0, 7)} by now`,
    fix: "Nothing to do: the run for the newer commit reports",
  });
}
