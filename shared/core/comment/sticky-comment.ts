/** Keeps one comment up to date while other runs do the same. GitHub has no compare-and-swap for comments. */
import { refused, userError } from "../../problem/problem.ts";
import type { Comment, Conversation } from "./conversation.ts";
import { type CommentIdentity, parseMarker } from "./marker.ts";
import { type CommentDraft, compareRevisions, nextCommentStep, type OwnComment } from "./next-comment-step.ts";
import { ACTIONS_BOT, isTokenIdentity, type TokenIdentity } from "./token-identity.ts";

export interface StickyCommentResult {
  readonly change: "created" | "updated" | "unchanged";
  readonly comment: Comment;
  /** The account that the token writes as, if only a write revealed it: the user should set it as an input. */
  readonly discoveredLogin: string | undefined;
}

/**
 * Milliseconds between a write and the check whether it is still there: more than another writer needs from its last read
 * to its write. A writer that had not seen this write has overwritten it by then, and the check shows that.
 */
const SETTLE_DELAY_MS = 500;
/** How many lists may lack our last write before a list counts as up to date. The wait doubles each time. */
const MAX_STALE_READS = 3;
/** A single writer needs three. Each write of another one may cost two more. */
const MAX_ROUNDS = 64;

/**
 * Leaves exactly one comment of this identity on the pull request, with `mine` or a newer revision. Writes nothing when
 * that is the case already.
 *
 * @param mine about the pull request's head as it was recently; its body ends with the marker of `identity`
 * @param author the login that the token writes as, if the user sets it
 * @throws ActionError `verdict-stale` when the head has changed; `comment-unsettled` when others do not stop writing
 */
export async function upsertStickyComment(
  conversation: Conversation,
  identity: CommentIdentity,
  mine: CommentDraft,
  author: string = ACTIONS_BOT,
): Promise<StickyCommentResult> {
  const expected: TokenIdentity = { kind: "bot", login: author };
  let self: TokenIdentity | undefined;
  let change: StickyCommentResult["change"] = "unchanged";
  let discoveredLogin: string | undefined;
  /** Our last write, until a list shows it. */
  let written: OwnComment | undefined;
  /** Comments that we have removed, or that GitHub calls missing, until a list agrees. */
  const gone = new Set<number>();
  let staleReads = 0;
  const recordWrite = (comment: OwnComment, what: "created" | "updated"): void => {
    [written, staleReads, change] = [comment, 0, what];
  };
  const recordGone = (id: number): void => {
    gone.add(id);
    staleReads = 0;
    if (id === written?.id) written = undefined;
  };

  for (let round = 0; round < MAX_ROUNDS; round++) {
    const marked = findMarked(await conversation.list(), identity);
    self ??= await findTokenIdentity(conversation, marked, expected);
    const own = filterOwn(marked, self);
    const lacksWrite = written !== undefined && !isReflected(own, written);
    const isDuplicate = written !== undefined && hasOlderComment(own, written);
    const showsGone = own.some(({ id }) => gone.has(id));
    if (staleReads < MAX_STALE_READS && (showsGone || (lacksWrite && !isDuplicate))) {
      await conversation.wait(SETTLE_DELAY_MS * 2 ** staleReads);
      staleReads += 1;
      continue;
    }
    // The list keeps showing them: they are there.
    gone.clear();
    if (written !== undefined && lacksWrite && !own.some(({ id }) => id === written?.id)) {
      const found = await conversation.read(written.id);
      // Not there either: the write had no effect, or another run has removed the comment.
      if (found === undefined) written = undefined;
      else own.push(...findMarked([found], identity));
    }
    await recheckHead(conversation, own, mine);
    const step = nextCommentStep(mine, own, change !== "unchanged");
    switch (step.do) {
      case "create": {
        const comment = await conversation.create(mine.body);
        if (!isTokenIdentity(comment.author, self) && comment.author !== null) {
          self = { kind: "account", id: comment.author.id };
          discoveredLogin = comment.author.login;
        }
        recordWrite({ ...comment, ...mine }, "created");
        break;
      }
      case "update": {
        const { comment, draft } = step;
        const outcome = await conversation.update(comment.id, draft.body);
        if (outcome === "missing") recordGone(comment.id);
        else if (outcome === "done") recordWrite({ ...comment, ...draft }, "updated");
        else change = "updated";
        break;
      }
      case "remove":
        for (const { id } of step.comments) {
          await conversation.remove(id);
          recordGone(id);
        }
        break;
      case "finish":
        return { change, comment: step.comment, discoveredLogin };
    }
    await conversation.wait(SETTLE_DELAY_MS);
  }
  throw userError({
    code: "comment-unsettled",
    message: "other runs keep writing the same comment",
    fix: 'Give the workflow a "concurrency:" group for each pull request, then re-run this job',
  });
}

/** The comments with the marker of this identity, whoever wrote them. */
function findMarked(comments: readonly Comment[], identity: CommentIdentity): readonly OwnComment[] {
  return comments.flatMap((comment) => {
    const revision = parseMarker(comment.body, identity);
    return revision === undefined ? [] : [{ ...comment, revision }];
  });
}

const filterOwn = (marked: readonly OwnComment[], self: TokenIdentity): OwnComment[] =>
  marked.filter(({ author }) => isTokenIdentity(author, self));

/** Requests the token's account only if there are markers, and none in a comment of the expected account. */
async function findTokenIdentity(
  conversation: Conversation,
  marked: readonly OwnComment[],
  expected: TokenIdentity,
): Promise<TokenIdentity> {
  if (marked.length === 0 || filterOwn(marked, expected).length > 0) return expected;
  const id = await conversation.account();
  return id === undefined ? expected : { kind: "account", id };
}

/** Whether the list shows our write, or what a later run has written over it since then. */
const isReflected = (own: readonly OwnComment[], { id, revision }: OwnComment): boolean =>
  own.some((comment) => comment.id === id && compareRevisions(comment.revision, revision, revision.head) >= 0);

/** Our comment is then a duplicate, listed or not. */
const hasOlderComment = (own: readonly OwnComment[], { id }: OwnComment): boolean =>
  own.some((comment) => comment.id < id);

/** If a later run has commented about another commit, one of the two commits is no longer the head: checks which. */
async function recheckHead(
  conversation: Conversation,
  own: readonly OwnComment[],
  { revision }: CommentDraft,
): Promise<void> {
  const hasNewerOfOtherCommit = own.some(
    (comment) => comment.revision.head !== revision.head && comment.revision.run > revision.run,
  );
  if (hasNewerOfOtherCommit) assertHeadCurrent(revision.head, await conversation.head());
}

/** @throws ActionError `verdict-stale` */
export function assertHeadCurrent(judged: string, head: string): void {
  if (judged === head) return;
  throw refused({
    code: "verdict-stale",
    message: `the verdict is about ${judged.slice(0, 7)}, but the pull request is now at ${head.slice(0, 7)}`,
    fix: "Nothing to do: the run for the newer commit will report",
  });
}
