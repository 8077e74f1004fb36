/** Shows a result on its pull request: finds it, and keeps its section of the workflow's comment up to date. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { type CommentTarget, choosePullRequest, type ListedPullRequest } from "./comment-target.ts";
import type { Conversation } from "./conversation.ts";
import type { Section } from "./section.ts";
import { assertHeadCurrent, type StickyComment, upsertStickyComment } from "./sticky-comment.ts";

export interface CommentPorts {
  /** Left out: that the event's commit is still the head is taken from the event. A newer run's section is not overwritten. */
  readonly readPull?: (number: number) => Promise<ListedPullRequest>;
  readonly listPullsByHead: (owner: string, branch: string) => Promise<readonly ListedPullRequest[]>;
  readonly conversation: (number: number) => Conversation;
}

export interface SectionWriting extends Pick<StickyComment, "compose" | "author" | "mayCreate"> {
  readonly target: Exclude<CommentTarget, { kind: "none" }>;
  readonly section: Omit<Section, "revision">;
  readonly log: { info(text: string): void; notice(text: string): void; warn(problem: Problem): void };
}

export interface WrittenSection {
  /** `none`: the token may not comment, or there was nothing to say. */
  readonly comment: "created" | "updated" | "unchanged" | "none";
  readonly url: string;
}

/** @throws ActionError as `choosePullRequest` and `upsertStickyComment`; a token that may not comment is only a warning */
export async function writeSection(ports: CommentPorts, writing: SectionWriting): Promise<WrittenSection> {
  const { target, section, log, ...sticky } = writing;
  const { workflow, revision } = target.judgingRun;
  try {
    const number = await findPull(ports, target);
    const mine = { ...section, revision };
    const result = await upsertStickyComment(ports.conversation(number), { ...sticky, workflow }, mine);
    if (result.comment === undefined) return NOTHING;
    log.info(`The comment on pull request ${number} is ${result.change}: ${result.comment.url}`);
    if (result.discoveredLogin !== undefined)
      log.notice(`The token writes as ${result.discoveredLogin}. Set the input "author: ${result.discoveredLogin}".`);
    return { comment: result.change, url: result.comment.url };
  } catch (error) {
    // The gate's result does not depend on whether this comment could be written.
    const problem = error instanceof ActionError ? error.problems[0] : undefined;
    if (problem?.code !== "permission-missing") throw error;
    log.warn({
      code: "comment-forbidden",
      // In GitHub's words, too: a locked conversation and an archived repository are refused like a missing permission.
      message: `the token may not comment on this pull request; the job summary has the report (${problem.message})`,
      fix: 'If no reason is given there, add under "permissions:" of the job: "pull-requests: write". Forks and Dependabot never get it: for them use the workflow on workflow_run',
    });
    return NOTHING;
  }
}

const NOTHING: WrittenSection = { comment: "none", url: "" };

/** @throws ActionError `verdict-stale` when another commit is the head by now */
async function findPull(
  { readPull, listPullsByHead }: CommentPorts,
  target: SectionWriting["target"],
): Promise<number> {
  const { head } = target.judgingRun.revision;
  if (target.kind === "judged-run") {
    const { owner, branch } = target.source;
    return choosePullRequest(await listPullsByHead(owner, branch), target.source, head).number;
  }
  const pull = await readPull?.(target.number);
  if (pull !== undefined) assertHeadCurrent(head, pull.head.sha);
  return target.number;
}
