/** Which run judged which pull request. All of it comes from GitHub, nothing from a record. */
import * as z from "zod";
import { refused, userError } from "../../problem/problem.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";
import type { Revision } from "./section.ts";

export type CommentTrigger = Pick<TriggerEvent, "event" | "repository" | "workflow" | "run">;

export type CommentTarget =
  /** The judging run itself, with a pull request of this repository in its payload. */
  | {
      readonly kind: "pull-request";
      readonly number: number;
      readonly base: string;
      readonly author: string | undefined;
      readonly branch: string;
      readonly judgingRun: JudgingRun;
    }
  /** A run after the judging run, which could not write: its pull request must be looked up. */
  | { readonly kind: "judged-run"; readonly source: CommitSource; readonly judgingRun: JudgingRun }
  | { readonly kind: "none"; readonly reason: string };

/** There is a pull request. */
export type JudgedTarget = Exclude<CommentTarget, { kind: "none" }>;

interface JudgingRun {
  /** Path of its workflow file. */
  readonly workflow: string;
  readonly revision: Revision;
  /** How the judging run ended, if it has. */
  readonly conclusion: string | undefined;
}

/** Where a run's commit comes from. */
export interface CommitSource {
  readonly owner: string;
  readonly branch: string;
  readonly repositoryId: number;
  readonly isFork: boolean;
}

/** A pull request as GitHub lists it. */
export interface ListedPullRequest {
  readonly number: number;
  readonly open: boolean;
  /** The branch that it is to be merged into. */
  readonly base: string;
  /** Login; a deleted account has none. */
  readonly author: string | undefined;
  readonly head: { readonly sha: string; readonly branch: string; readonly repositoryId: number | undefined };
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.int().positive(),
    base: z.object({ ref: z.string().min(1) }),
    user: z.object({ login: z.string() }).nullish(),
    head: z.object({ sha, ref: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
  }),
});
const workflowRunEvent = z.object({
  workflow_run: z.object({
    id: z.int().positive(),
    run_attempt: z.int().positive(),
    path: z.string(),
    event: z.string(),
    conclusion: z.string().nullable(),
    head_sha: sha,
    head_branch: z.string().nullable(),
    head_repository: z
      .object({ id: z.int(), full_name: z.string(), owner: z.object({ login: z.string() }) })
      .nullable(),
  }),
});

/** @throws ActionError `event-unreadable` */
export function resolveCommentTarget({ event, repository, workflow, run }: CommentTrigger): CommentTarget {
  if (event.name === "pull_request") {
    const { number, base, user, head } = parsePayload(pullRequestEvent, event).pull_request;
    if (head.repo === null || !isSameRepository(head.repo.full_name, repository)) {
      return none("a fork's pull request has a token that cannot write; a workflow on workflow_run can comment for it");
    }
    const path = workflow.replace(/@.*$/, "").split("/").slice(2).join("/");
    const revision = { run: run.id, attempt: run.attempt, head: head.sha };
    return {
      kind: "pull-request",
      ...{ number, base: base.ref, author: user?.login, branch: head.ref },
      judgingRun: { workflow: path, revision, conclusion: undefined },
    };
  }
  if (event.name === "workflow_run") {
    const judged = parsePayload(workflowRunEvent, event).workflow_run;
    const { id, run_attempt: attempt, head_sha: head, head_repository: from, head_branch: branch } = judged;
    if (judged.event !== "pull_request") return none(`the judging run was for ${judged.event}, not for a pull request`);
    if (from === null || branch === null) return none("the pull request's repository or branch was deleted");
    return {
      kind: "judged-run",
      source: {
        ...{ owner: from.owner.login, branch, repositoryId: from.id },
        isFork: !isSameRepository(from.full_name, repository),
      },
      judgingRun: {
        // Newer payloads append the ref to the path.
        workflow: judged.path.replace(/@.*$/, ""),
        revision: { run: id, attempt, head },
        conclusion: judged.conclusion ?? undefined,
      },
    };
  }
  return none(`${event.name} is not an event of a pull request`);
}

/** The pull request of a `pull_request_target`. @throws ActionError `event-unreadable` */
export function readTargetedPull({ event }: Pick<CommentTrigger, "event">): {
  readonly number: number;
  readonly head: string;
} {
  const { number, head } = parsePayload(pullRequestEvent, event).pull_request;
  return { number, head: head.sha };
}

const none = (reason: string): CommentTarget => ({ kind: "none", reason });

/**
 * The one pull request that a run was for. Two may share a commit, and the writer of an artifact can put any number into
 * it: only the branch that GitHub names as the source of the commit counts.
 *
 * @param candidates the pull requests from a branch of that name, as GitHub lists them
 * @throws ActionError when there is not exactly one, or when its head has changed
 */
export function choosePullRequest(
  candidates: readonly ListedPullRequest[],
  { branch, repositoryId }: CommitSource,
  head: string,
): ListedPullRequest {
  const same = candidates.filter((pull) => pull.head.repositoryId === repositoryId && pull.head.branch === branch);
  const open = same.filter((pull) => pull.open);
  const possible = open.length > 0 ? open : same;
  const [pull, ...more] = possible.filter((candidate) => candidate.head.sha === head);
  if (pull !== undefined && more.length === 0) return pull;
  const [moved] = possible;
  if (pull === undefined && moved !== undefined) {
    throw refused({
      code: "verdict-stale",
      message: `the verdict is about ${head.slice(0, 7)}, but pull request ${moved.number} is now at ${moved.head.sha.slice(0, 7)}`,
      fix: "Nothing to do: the run for the newer commit will report",
    });
  }
  throw refused({
    code: pull === undefined ? "pull-request-not-found" : "pull-request-ambiguous",
    message:
      pull === undefined
        ? `no pull request comes from the branch of commit ${head.slice(0, 7)}`
        : `commit ${head.slice(0, 7)} is the head of ${more.length + 1} pull requests from one branch`,
    fix: "Read the judging run's job summary: its pull request cannot be determined",
  });
}

function parsePayload<Schema extends z.ZodType>(schema: Schema, event: CommentTrigger["event"]): z.infer<Schema> {
  const parsed = schema.safeParse(event.payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw userError({
    code: "event-unreadable",
    message: `the payload of ${event.name} is not as GitHub documents it, at ${issue?.path.join(".") ?? "its root"}`,
    fix: "Check that nothing in the job changes GITHUB_EVENT_PATH",
  });
}
