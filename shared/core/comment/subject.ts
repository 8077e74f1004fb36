/** Which run judged, and which pull request that was about. All of it from what GitHub says, nothing from a record. */
import * as z from "zod";
import { mistake, refusal } from "../../action/problem.ts";
import type { Place, Revision } from "./marker.ts";

/** What a runner says about why it runs. */
export interface Occasion {
  readonly event: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  /** `owner/name` */
  readonly repository: string;
  /** `owner/name/.github/workflows/ci.yml@refs/…` */
  readonly workflow: string;
  readonly run: { readonly id: number; readonly attempt: number };
}

export type Subject =
  /** The judging run itself, with a pull request of this repository in its payload. */
  | { readonly kind: "pull-request"; readonly number: number; readonly judging: Judging }
  /** After the judging run, which could not write: its pull request has to be found. */
  | { readonly kind: "judged-run"; readonly source: Source; readonly judging: Judging }
  | { readonly kind: "none"; readonly why: string };

export interface Judging {
  readonly workflow: Place["workflow"];
  readonly revision: Revision;
  /** How the judging run ended, when it has. */
  readonly conclusion: string | undefined;
}

/** Where a run's commit came from. */
export interface Source {
  readonly owner: string;
  readonly branch: string;
  readonly repositoryId: number;
}

/** A pull request as lists have it. */
export interface Pull {
  readonly number: number;
  readonly open: boolean;
  readonly head: { readonly sha: string; readonly branch: string; readonly repositoryId: number | undefined };
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha, repo: z.object({ full_name: z.string() }).nullable() }),
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
    head_repository: z.object({ id: z.int(), owner: z.object({ login: z.string() }) }).nullable(),
  }),
});

/** @throws ActionFailure `event-unreadable` */
export function subjectOf({ event, repository, workflow, run }: Occasion): Subject {
  if (event.name === "pull_request") {
    const { number, head } = read(pullRequestEvent, event).pull_request;
    if (head.repo?.full_name.toLowerCase() !== repository.toLowerCase()) {
      return none("a fork's pull request has a token that cannot write; a workflow on workflow_run can comment for it");
    }
    const path = workflow.replace(/@.*$/, "").split("/").slice(2).join("/");
    const revision = { run: run.id, attempt: run.attempt, head: head.sha };
    return { kind: "pull-request", number, judging: { workflow: path, revision, conclusion: undefined } };
  }
  if (event.name === "workflow_run") {
    const judged = read(workflowRunEvent, event).workflow_run;
    const { id, run_attempt: attempt, head_sha: head, head_repository: home, head_branch: branch } = judged;
    if (judged.event !== "pull_request") return none(`the run before was for ${judged.event}, not for a pull request`);
    if (home === null || branch === null) return none("the pull request's repository or branch is gone");
    // Newer payloads put the ref behind the path.
    const judging = { workflow: judged.path.replace(/@.*$/, ""), revision: { run: id, attempt, head } };
    return {
      kind: "judged-run",
      source: { owner: home.owner.login, branch, repositoryId: home.id },
      judging: { ...judging, conclusion: judged.conclusion ?? undefined },
    };
  }
  return none(`${event.name} is not about a pull request`);
}

const none = (why: string): Subject => ({ kind: "none", why });

/**
 * The one pull request that a run was for. Two may share a commit, and a number in an artifact is whatever its maker
 * likes: only the branch that GitHub says the commit came from counts.
 *
 * @param candidates the pull requests from a branch of that name, as GitHub lists them
 * @throws ActionFailure when there is not exactly one, or when it has moved on
 */
export function choosePull(candidates: readonly Pull[], { branch, repositoryId }: Source, head: string): Pull {
  const same = candidates.filter((pull) => pull.head.repositoryId === repositoryId && pull.head.branch === branch);
  const open = same.filter((pull) => pull.open);
  const possible = open.length > 0 ? open : same;
  const [pull, ...more] = possible.filter((candidate) => candidate.head.sha === head);
  if (pull !== undefined && more.length === 0) return pull;
  const [moved] = possible;
  if (pull === undefined && moved !== undefined) {
    throw refusal({
      code: "verdict-stale",
      message: `the verdict is about ${head.slice(0, 7)}, and pull request ${moved.number} is at ${moved.head.sha.slice(0, 7)} by now`,
      fix: "Nothing to do: the run for the newer commit reports",
    });
  }
  throw refusal({
    code: pull === undefined ? "pull-request-not-found" : "pull-request-ambiguous",
    message:
      pull === undefined
        ? `no pull request comes from the branch of commit ${head.slice(0, 7)}`
        : `commit ${head.slice(0, 7)} is the head of ${more.length + 1} pull requests from one branch`,
    fix: "Look at the judging run's job summary: nothing says for sure which pull request it is about",
  });
}

function read<Schema extends z.ZodType>(schema: Schema, event: Occasion["event"]): z.infer<Schema> {
  const reading = schema.safeParse(event.payload);
  if (reading.success) return reading.data;
  const [issue] = reading.error.issues;
  throw mistake({
    code: "event-unreadable",
    message: `the payload of ${event.name} is not as GitHub describes it, at ${issue?.path.join(".") ?? "its root"}`,
    fix: "Check that nothing in the job changes GITHUB_EVENT_PATH",
  });
}
