/** Shows a result on its pull request: keeps its section of the workflow's comment up to date. */
import { isMissingPermission, type Problem } from "../../problem/problem.ts";
import { choosePullRequest, type JudgedTarget, type ListedPullRequest } from "./comment-target.ts";
import type { Conversation } from "./conversation.ts";
import type { Section } from "./section.ts";
import { type StickyComment, upsertStickyComment } from "./sticky-comment.ts";

export interface CommentPorts {
  readonly listPullsByHead: (owner: string, branch: string) => Promise<readonly ListedPullRequest[]>;
  readonly conversation: (number: number) => Conversation;
}

/** The pull request, as GitHub says it. */
export interface FoundPullRequest extends Pick<ListedPullRequest, "number" | "base" | "author"> {
  /** Its own branch. */
  readonly branch: string;
}

/** @throws ActionError as `choosePullRequest` */
export async function findPullRequest(
  { listPullsByHead }: Pick<CommentPorts, "listPullsByHead">,
  target: JudgedTarget,
): Promise<FoundPullRequest> {
  if (target.kind === "pull-request") return target;
  const { owner, branch } = target.source;
  const pulls = await listPullsByHead(owner, branch);
  return { ...choosePullRequest(pulls, target.source, target.judgingRun.revision.head), branch };
}

export interface SectionWriting extends Pick<StickyComment, "compose" | "author" | "mayCreate" | "keepsWorst"> {
  /** Of the pull request. */
  readonly number: number;
  readonly judgingRun: JudgedTarget["judgingRun"];
  readonly section: Omit<Section, "revision">;
  readonly log: { info(text: string): void; notice(text: string): void; warn(problem: Problem): void };
}

export interface WrittenSection {
  /** `none`: the token may not comment, or there was nothing to say. */
  readonly comment: "created" | "updated" | "unchanged" | "none";
  readonly url: string;
}

/** @throws ActionError as `upsertStickyComment`; a token that may not comment is only a warning */
export async function writeSection(
  { conversation }: Pick<CommentPorts, "conversation">,
  { number, judgingRun, section, log, ...sticky }: SectionWriting,
): Promise<WrittenSection> {
  const { workflow, revision } = judgingRun;
  const written = await ifPermitted(log, async () => {
    const result = await upsertStickyComment(conversation(number), { ...sticky, workflow }, { ...section, revision });
    if (result.comment === undefined) return [];
    log.info(`The comment on pull request ${number} is ${result.change}: ${result.comment.url}`);
    if (result.discoveredLogin !== undefined)
      log.notice(`The token writes as ${result.discoveredLogin}. Set the input "author: ${result.discoveredLogin}".`);
    return [{ comment: result.change, url: result.comment.url }];
  });
  return written[0] ?? NOTHING;
}

/** @returns what was written; nothing, with a warning, when the token may not comment */
export async function ifPermitted<Written>(
  log: Pick<SectionWriting["log"], "warn">,
  write: () => Promise<readonly Written[]>,
): Promise<readonly Written[]> {
  try {
    return await write();
  } catch (error) {
    // The gate's result does not depend on whether this comment could be written.
    if (!isMissingPermission(error)) throw error;
    log.warn({
      code: "comment-forbidden",
      // In GitHub's words, too: a locked conversation and an archived repository are refused like a missing permission.
      message: `the token may not comment on this pull request; the job summary has the report. GitHub says: ${error.problems[0]?.message}`,
      fix: 'If no reason is given there, add under "permissions:" of the job: "pull-requests: write". Forks and Dependabot never get it: for them use the workflow on workflow_run',
    });
    return [];
  }
}

export const NOTHING: WrittenSection = { comment: "none", url: "" };
