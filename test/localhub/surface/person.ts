/** The actions of a user in a repository. All of them are checked against this user's rights. */

import { createComment } from "../operations/conversations/comments.ts";
import { issueByNumber } from "../operations/conversations/issues.ts";
import { enqueue } from "../operations/merging/merge-queue.ts";
import { type MergeOptions, mergePull } from "../operations/merging/merging.ts";
import { classicToken } from "../operations/people/tokens.ts";
import { openPull, pullByNumber } from "../operations/pulls/pulls.ts";
import { createReview } from "../operations/pulls/reviews.ts";
import { commitFiles } from "../operations/refs/contents.ts";
import { type ApiParameters, type ApiResponse, callApi } from "../rest/api-client.ts";
import type { ActionsService, ReviewDecision } from "../workflows/service.ts";
import type { Workflow } from "../world/actions.ts";
import type { Caller } from "../world/caller.ts";
import type { Account } from "../world/identity.ts";
import type { IssueComment } from "../world/issues.ts";
import type { Review } from "../world/pulls.ts";
import type { PullRequest, Repository, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";

export interface Person {
  readonly login: string;
  readonly repository: Repository;
  /** A classic token of this person. */
  readonly token: string;
  /** The same person in another repository, for example their fork. */
  inRepository(repository: Repository): Person;

  /**
   * Commits files on a branch (a new one is created from the default branch) and pushes; `null` deletes. Returns the
   * commit.
   */
  push(change: Push): Promise<string>;
  /** From a branch, or from `owner:branch` of a fork, into the default branch unless `base` is given. */
  openPullRequest(options: NewPullRequest): Promise<PullRequest>;
  comment(number: number, body: string): IssueComment;
  review(number: number, event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT", body?: string): Promise<Review>;
  /** @throws ApiError in GitHub's words when something blocks it. */
  merge(number: number, how?: MergeOptions): Promise<string>;
  /** Puts a pull request into the merge queue of its base branch. */
  enqueue(number: number): Promise<void>;

  /** Dispatches a workflow, by file name, and waits until it has completed or needs a review. */
  run(workflow: string, options?: RunOptions): Promise<WorkflowRun>;
  /** Dispatches a workflow and does not wait. */
  dispatch(workflow: string, options?: RunOptions): Promise<WorkflowRun>;
  /** Approves an environment that the run waits for, and waits until the run has ended or waits again. */
  approve(run: WorkflowRun, environment: string, comment?: string): Promise<void>;
  reject(run: WorkflowRun, environment: string, comment?: string): Promise<void>;
  cancel(run: WorkflowRun): void;
  rerun(run: WorkflowRun, which?: "all" | "failed"): Promise<void>;

  /** Calls the REST API as this user: `request("GET /repos/{owner}/{repo}/pulls", { state: "all" })`. */
  request(route: string, parameters?: ApiParameters): Promise<ApiResponse>;
}

export interface Push {
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly branch?: string;
  readonly message?: string;
}

export interface NewPullRequest {
  readonly head: string;
  readonly base?: string;
  readonly title?: string;
  readonly body?: string;
  readonly draft?: boolean;
}

export interface RunOptions {
  readonly ref?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export function createPerson(world: World, actions: ActionsService, account: Account, repository: Repository): Person {
  const caller: Caller = { actor: account, token: undefined };
  const pull = (number: number): PullRequest => pullByNumber(repository, number);
  let token: string | undefined;

  const person: Person = {
    login: account.login,
    repository,
    get token() {
      token ??= classicToken(world, account).value;
      return token;
    },
    inRepository: (other) => createPerson(world, actions, account, other),

    push: (change) =>
      commitFiles(
        world,
        repository,
        {
          branch: change.branch ?? repository.defaultBranch,
          files: change.files,
          message: change.message ?? `Change ${Object.keys(change.files).join(", ")}`,
        },
        caller,
      ),
    openPullRequest: (options) =>
      openPull(
        world,
        repository,
        { ...options, title: options.title ?? options.head, base: options.base ?? repository.defaultBranch },
        caller,
      ),
    comment: (number, body) => createComment(world, repository, issueByNumber(repository, number), body, caller),
    review: (number, event, body) =>
      createReview(world, pull(number), { event, ...(body !== undefined && { body }) }, caller),
    merge: (number, how = {}) => mergePull(world, pull(number), how, caller),
    enqueue: async (number) => {
      await enqueue(world, pull(number), caller);
    },

    dispatch: async (workflow, { ref = repository.defaultBranch, inputs = {} } = {}) => {
      await actions.refreshWorkflows(repository);
      return actions.dispatch({ repository, workflow: workflowNamed(repository, workflow), ref, inputs, caller });
    },
    run: async (workflow, options) => {
      const run = await person.dispatch(workflow, options);
      await actions.waitUntilIdle(repository);
      return run;
    },
    approve: (run, environment, comment = "") => review(run, environment, { state: "approved", comment }),
    reject: (run, environment, comment = "") => review(run, environment, { state: "rejected", comment }),
    cancel: (run) => actions.cancel(run, caller),
    rerun: (run, which = "all") => actions.rerun(run, which, caller, false),

    request: (route, parameters = {}) => {
      const own = { owner: repository.owner.login, repo: repository.name };
      return callApi(world.urls.api, person.token, route, { ...own, ...parameters });
    },
  };

  async function review(run: WorkflowRun, environment: string, decision: ReviewDecision): Promise<void> {
    const waiting = actions.pendingDeployments(run, account);
    const pending = waiting.find(({ name }) => name.toLowerCase() === environment.toLowerCase());
    if (pending === undefined) {
      const names = waiting.map(({ name }) => name).join(", ") || "no environment";
      throw new Error(`run ${run.id} does not wait for "${environment}"; it waits for ${names}`);
    }
    actions.reviewDeployments(run, [pending.id], decision, caller);
    await actions.waitUntilIdle(repository);
  }

  return person;
}

function workflowNamed(repository: Repository, name: string): Workflow {
  const all = [...repository.actions.workflows.values()];
  const found = all.find(({ path }) => path === name || path.endsWith(`/${name}`));
  if (found) return found;
  const known = all.map(({ path }) => path).join(", ") || "no workflow";
  throw new Error(`${repository.fullName} has no workflow "${name}" on its default branch; it has ${known}`);
}
