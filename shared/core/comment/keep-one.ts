/** Keeps one comment on a pull request up to date while others do the same. GitHub has no compare-and-swap for comments. */
import { mistake, refusal } from "../../action/problem.ts";
import { ACTIONS_BOT, isSelf, type Self } from "./author.ts";
import { compareRevisions, type Draft, nextStep, type OwnComment } from "./converge.ts";
import type { Comment, Conversation } from "./conversation.ts";
import { type Place, readMarker } from "./marker.ts";

export interface Kept {
  readonly how: "created" | "updated" | "unchanged";
  readonly comment: Comment;
  /** Whom the token writes as, where that was found out only by writing: the user should say so. */
  readonly learnt: string | undefined;
}

/**
 * Milliseconds between a write and the look whether it lasted: more than another writer needs from its last look to its
 * write, so that whoever had not seen this write has overwritten it by then, and is found out.
 */
const SETTLE = 500;
/** How often a list may not show a write of ours before it is believed, each time after twice the wait. */
const LOOKS = 3;
/** One writer needs three. Each write of another one may cost two more. */
const MOST_ROUNDS = 64;

/**
 * Lets the pull request have exactly one comment of this place, showing `mine` or a newer judgement. Writes nothing when
 * that is so already.
 *
 * @param mine about the pull request's head as it was a moment ago; its body ends with the marker of `place`
 * @param author the login the token writes as, where the user says so
 * @throws ActionFailure `verdict-stale` when the head has moved; `comment-unsettled` when others never stop writing
 */
export async function keepOneComment(
  conversation: Conversation,
  place: Place,
  mine: Draft,
  author: string = ACTIONS_BOT,
): Promise<Kept> {
  const expected: Self = { kind: "bot", login: author };
  let self: Self | undefined;
  let how: Kept["how"] = "unchanged";
  let learnt: string | undefined;
  /** The last thing we wrote, until a list shows it. */
  let written: OwnComment | undefined;
  let looks = 0;
  const removed = new Set<number>();
  const wrote = (comment: OwnComment, what: "created" | "updated"): void => {
    [written, looks, how] = [comment, 0, what];
  };

  for (let round = 0; round < MOST_ROUNDS; round++) {
    const marked = marks(await conversation.list(), place);
    self ??= await findSelf(conversation, marked, expected);
    const own = ofSelf(marked, self).filter(({ id }) => !removed.has(id));
    if (written !== undefined && !shows(own, written)) {
      if (looks < LOOKS && !hasOlder(own, written)) {
        await conversation.wait(SETTLE * 2 ** looks);
        looks += 1;
        continue;
      }
      // Still unseen: if it is there, then beside or after what the list shows. Whether it is, the next write tells.
      if (!own.some(({ id }) => id === written?.id)) own.push(written);
    }
    await assertHead(conversation, own, mine);
    const step = nextStep(mine, own, how !== "unchanged");
    switch (step.do) {
      case "create": {
        const comment = await conversation.create(mine.body);
        if (!isSelf(comment.author, self) && comment.author !== null) {
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
        return { how, comment: step.comment, learnt };
    }
    await conversation.wait(SETTLE);
  }
  throw mistake({
    code: "comment-unsettled",
    message: "other runs keep writing the same comment",
    fix: 'Give the workflow a "concurrency:" group for each pull request, then re-run this job',
  });
}

/** The comments that carry the marker of the place, whoever wrote them. */
function marks(comments: readonly Comment[], place: Place): readonly OwnComment[] {
  return comments.flatMap((comment) => {
    const revision = readMarker(comment.body, place);
    return revision === undefined ? [] : [{ ...comment, revision }];
  });
}

const ofSelf = (marked: readonly OwnComment[], self: Self): OwnComment[] =>
  marked.filter(({ author }) => isSelf(author, self));

/** GitHub is asked whose the token is only when others' markers make that a question. */
async function findSelf(conversation: Conversation, marked: readonly OwnComment[], expected: Self): Promise<Self> {
  if (marked.length === 0 || ofSelf(marked, expected).length > 0) return expected;
  const id = await conversation.account();
  return id === undefined ? expected : { kind: "account", id };
}

/** Ours, or what a later run has put in its place since. */
const shows = (own: readonly OwnComment[], { id, revision }: OwnComment): boolean =>
  own.some((comment) => comment.id === id && compareRevisions(comment.revision, revision, revision.head) >= 0);

/** Ours is then a duplicate, seen or not. */
const hasOlder = (own: readonly OwnComment[], { id }: OwnComment): boolean => own.some((comment) => comment.id < id);

/** A comment of a later run about another commit: one of the two commits is not the head any more. */
async function assertHead(conversation: Conversation, own: readonly OwnComment[], { revision }: Draft): Promise<void> {
  const doubtful = own.some(
    (comment) => comment.revision.head !== revision.head && comment.revision.run > revision.run,
  );
  if (doubtful) assertFresh(revision.head, await conversation.head());
}

/** @throws ActionFailure `verdict-stale` */
export function assertFresh(judged: string, head: string): void {
  if (judged === head) return;
  throw refusal({
    code: "verdict-stale",
    message: `the verdict is about ${judged.slice(0, 7)}, and the pull request is at ${head.slice(0, 7)} by now`,
    fix: "Nothing to do: the run for the newer commit reports",
  });
}
