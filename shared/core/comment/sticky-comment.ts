/** Keeps one comment up to date while other runs do the same. GitHub has no compare-and-swap for comments. */
import { refused, userError } from "../../problem/problem.ts";
import type { Comment, Conversation } from "./conversation.ts";
import { compareSections, lookTheSame } from "./join-sections.ts";
import { isMarked } from "./marker.ts";
import { nextCommentStep, type OwnComment } from "./next-comment-step.ts";
import { parseSections, type Section } from "./section.ts";
import { ACTIONS_BOT, isTokenIdentity, type TokenIdentity } from "./token-identity.ts";

export interface StickyCommentResult {
  readonly change: "created" | "updated" | "unchanged";
  /** `undefined`: there is none, and there may be no new one. */
  readonly comment: Comment | undefined;
  /** The account that the token writes as, if only a write revealed it: the user should set it as an input. */
  readonly discoveredLogin: string | undefined;
}

/**
 * Milliseconds between a write and the check whether it is still there: more than another writer needs from its last read
 * to its write, plus what a list may lag behind, twice. A writer that had not seen this write has overwritten it by then, and
 * the check shows that.
 */
const SETTLE_DELAY_MS = 750;
/** How many lists may lack our last write before a list counts as up to date. The wait doubles each time. */
const MAX_STALE_READS = 3;
/** A single writer needs three. Each write of another one may cost two more. */
const MAX_ROUNDS = 64;

/** The one comment of a workflow on a pull request. */
export interface StickyComment {
  /** Path of the workflow file that judges. */
  readonly workflow: string;
  /** The body that shows these sections; ends with the workflow's marker. */
  readonly compose: (sections: readonly Section[], workflow: string) => string;
  /** The login that the token writes as. */
  readonly author?: string;
  /**
   * Whether there may be a new one; an existing one is kept up to date in any case. By default there may. `if-current`: only
   * about the head as it is now, because a newer run may have had nothing to say, and left no comment that tells.
   */
  readonly mayCreate?: boolean | "if-current";
  /** As for `joinSections`. */
  readonly keepsWorst?: boolean;
}

/**
 * Leaves exactly one comment of this workflow on the pull request, with `mine` or a newer revision of its section, and with
 * the sections of others. Writes nothing when that is the case already.
 *
 * @param mine about the pull request's head as it was recently
 * @throws ActionError `verdict-stale` when the head has changed; `comment-unsettled` when others do not stop writing
 */
export async function upsertStickyComment(
  conversation: Conversation,
  { workflow, compose, author = ACTIONS_BOT, mayCreate = true, keepsWorst = false }: StickyComment,
  mine: Section,
): Promise<StickyCommentResult> {
  const expected: TokenIdentity = { kind: "bot", login: author };
  let self: TokenIdentity | undefined;
  let change: StickyCommentResult["change"] = "unchanged";
  let discoveredLogin: string | undefined;
  /** Our last write, until a list shows it. */
  let written: OwnComment | undefined;
  /** Comments that we have removed, or that GitHub calls missing, until a list agrees. */
  const gone = new Set<number>();
  /** Sections of other keys. Their writers may have finished, and do not look whether somebody overwrites them. */
  const seen: Section[] = [];
  let staleReads = 0;
  let hasWritten = false;
  const recordWrite = (comment: OwnComment): void => {
    [written, staleReads] = [comment, 0];
  };
  const recordGone = (id: number): void => {
    gone.add(id);
    staleReads = 0;
    if (id === written?.id) written = undefined;
  };

  for (let round = 0; round < MAX_ROUNDS; round++) {
    const marked = findMarked(await conversation.list(), workflow);
    self ??= await findTokenIdentity(conversation, marked, expected);
    const own = filterOwn(marked, self);
    const lacksWrite = written !== undefined && !isReflected(own, written, mine);
    const isDuplicate = written !== undefined && hasOlderComment(own, written);
    const hasNews = written !== undefined && showsMore(own, written, mine);
    const showsGone = own.some(({ id }) => gone.has(id));
    if (staleReads < MAX_STALE_READS && (showsGone || (lacksWrite && !isDuplicate && !hasNews))) {
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
      else own.push(...findMarked([found], workflow));
    }
    await recheckHead(conversation, own, mine);
    const step = nextCommentStep(mine, own, hasWritten, seen, keepsWorst);
    seen.push(...own.flatMap(({ sections }) => sections).filter(({ key }) => key !== mine.key));
    switch (step.do) {
      case "create": {
        if (!mayCreate && !hasWritten) return { change, comment: undefined, discoveredLogin };
        if (mayCreate === "if-current" && !hasWritten) assertHeadCurrent(mine.revision.head, await conversation.head());
        const comment = await conversation.create(compose(step.sections, workflow));
        if (!isTokenIdentity(comment.author, self) && comment.author !== null) {
          self = { kind: "account", id: comment.author.id };
          discoveredLogin = comment.author.login;
        }
        [hasWritten, change] = [true, "created"];
        recordWrite({ ...comment, sections: step.sections });
        break;
      }
      case "update": {
        const { comment, sections } = step;
        const outcome = await conversation.update(comment.id, compose(sections, workflow));
        if (outcome === "missing") {
          recordGone(comment.id);
          break;
        }
        hasWritten = true;
        if (!lookTheSame(comment.sections, sections)) change = "updated";
        if (outcome === "done") recordWrite({ ...comment, sections });
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

/** The comments with the marker of this workflow, whoever wrote them. */
const findMarked = (comments: readonly Comment[], workflow: string): readonly OwnComment[] =>
  comments
    .filter(({ body }) => isMarked(body, workflow))
    .map((comment) => ({ ...comment, sections: parseSections(comment.body) }));

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

/** Whether the list shows the section that we wrote, or what a later run has written over it since then. */
function isReflected(own: readonly OwnComment[], written: OwnComment, { key, revision }: Section): boolean {
  const sectionOf = ({ sections }: OwnComment): Section | undefined => sections.find((section) => section.key === key);
  const wanted = sectionOf(written);
  const shown = own.filter(({ id }) => id === written.id).map(sectionOf);
  return shown.some(
    (section) => section !== undefined && (!wanted || compareSections(section, wanted, revision.head) >= 0),
  );
}

/** Whether another writer's section is there that our write did not have: it is shown beside ours at once. */
const showsMore = (own: readonly OwnComment[], written: OwnComment, { key, revision }: Section): boolean =>
  own
    .flatMap(({ sections }) => sections)
    .filter((section) => section.key !== key)
    .some((section) => {
      const ours = written.sections.find((each) => each.key === section.key);
      return ours === undefined || compareSections(section, ours, revision.head) > 0;
    });

/** Our comment is then a duplicate, listed or not. */
const hasOlderComment = (own: readonly OwnComment[], { id }: OwnComment): boolean =>
  own.some((comment) => comment.id < id);

/** If a later run has commented about another commit, one of the two commits is no longer the head: checks which. */
async function recheckHead(
  conversation: Conversation,
  own: readonly OwnComment[],
  { revision }: Section,
): Promise<void> {
  const others = own.flatMap(({ sections }) => sections).map((section) => section.revision);
  if (others.some(({ head, run }) => head !== revision.head && run > revision.run)) {
    assertHeadCurrent(revision.head, await conversation.head());
  }
}

/** @throws ActionError `verdict-stale` */
function assertHeadCurrent(judged: string, head: string): void {
  if (judged === head) return;
  throw refused({
    code: "verdict-stale",
    message: `the verdict is about ${judged.slice(0, 7)}, but the pull request is now at ${head.slice(0, 7)}`,
    fix: "Nothing to do: the run for the newer commit will report",
  });
}
