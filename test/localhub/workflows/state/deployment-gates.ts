/**
 * The gate of an environment: a job may continue when the wait timer has ended and, where reviewers are required, one
 * of them has approved. Timer and approval run in parallel.
 */

import { reviewersOf } from "../../operations/deployments/environments.ts";
import { isCollaborator } from "../../operations/people/access.ts";
import { roleOf } from "../../operations/people/repositories.ts";
import { ApiError, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Environment } from "../../world/deployments.ts";
import type { Account } from "../../world/identity.ts";
import type { Job, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { PendingDeployment, ReviewDecision } from "../service.ts";
import { StoppedError, waitUnlessStopped } from "../waiting/stopped-error.ts";

/** GitHub docs, "Reviewing deployments": a job that is not approved within this time fails. */
const MAX_WAIT_DAYS = 30;

const REJECTED = "The deployment was rejected or didn't satisfy other protection rules.";

export interface GatedJob {
  readonly job: Job;
  readonly attempt: RunAttempt;
  readonly environment: Environment;
}

export interface DeploymentGates {
  /** Whether the environment's rules make the job wait at all. */
  requiresWait(environment: Environment): boolean;
  /** Resolves when the job may enter. @throws StoppedError when it was rejected, waited too long, or was stopped. */
  waitUntilOpen(gated: GatedJob, signal: AbortSignal): Promise<void>;
  pendingDeployments(run: WorkflowRun, account: Account): readonly PendingDeployment[];
  reviewDeployments(run: WorkflowRun, environments: readonly number[], decision: ReviewDecision, caller: Caller): void;
  bypassProtectionRules(run: WorkflowRun, environments: readonly number[], caller: Caller): void;
}

interface PendingJob extends GatedJob {
  readonly since: Date;
  readonly opened: PromiseWithResolvers<void>;
  approved: boolean;
  timerEnded: boolean;
}

export function createDeploymentGates(world: World): DeploymentGates {
  const waiting = new Set<PendingJob>();

  const pendingJobsOf = (run: WorkflowRun): readonly PendingJob[] =>
    [...waiting].filter((each) => each.job.run === run);

  function openIfReady(entry: PendingJob): void {
    if (entry.approved && entry.timerEnded) entry.opened.resolve();
  }

  /** @throws ApiError 422 with the environments that no job waits for. */
  function pendingJobsFor(run: WorkflowRun, ids: readonly number[]): readonly PendingJob[] {
    const found = pendingJobsOf(run).filter((each) => ids.includes(each.environment.id));
    const missing = ids.filter((id) => !found.some((each) => each.environment.id === id));
    if (ids.length === 0 || missing.length > 0) {
      throw unprocessable(
        `No pending deployment requests to approve or reject for the environments: ${missing.join(", ")}`,
      );
    }
    return found;
  }

  return {
    requiresWait: (environment) => environment.reviewers.length > 0 || environment.waitTimer > 0,

    async waitUntilOpen(gated, signal) {
      const { environment } = gated;
      const entry: PendingJob = {
        ...gated,
        since: world.clock.now(),
        opened: Promise.withResolvers(),
        approved: environment.reviewers.length === 0,
        timerEnded: environment.waitTimer === 0,
      };
      using _timer = world.clock.after(environment.waitTimer * 60_000, () => {
        entry.timerEnded = true;
        openIfReady(entry);
      });
      using _expiry = world.clock.after(MAX_WAIT_DAYS * 86_400_000, () => {
        entry.opened.reject(new StoppedError("failure", `Nobody approved within ${MAX_WAIT_DAYS} days. ${REJECTED}`));
      });
      waiting.add(entry);
      try {
        openIfReady(entry);
        await waitUnlessStopped(signal, entry.opened.promise);
      } finally {
        waiting.delete(entry);
      }
    },

    pendingDeployments(run, account) {
      const byEnvironment = new Map(pendingJobsOf(run).map((each) => [each.environment, each]));
      return [...byEnvironment].map(([environment, entry]) => ({
        id: environment.id,
        name: environment.name,
        waitTimer: environment.waitTimer,
        waitTimerStartedAt: environment.waitTimer > 0 ? entry.since : null,
        currentUserCanApprove: mayReview(entry, account),
        refusal: mayReview(entry, account) ? undefined : reviewRefusalReason(entry, account),
        reviewers: [...reviewersOf(environment)].map(({ login }) => login),
      }));
    },

    reviewDeployments(run, environments, decision, caller) {
      if (caller.token?.kind === "actions") throw new ApiError(403, "Resource not accessible by integration");
      const entries = pendingJobsFor(run, environments);
      const refused = entries.find((entry) => !mayReview(entry, caller.actor));
      if (refused) throw unprocessable(reviewRefusalReason(refused, caller.actor));
      const names = [...new Set(entries.map((entry) => entry.environment.name))];
      run.approvals.push({
        state: decision.state,
        comment: decision.comment,
        user: caller.actor,
        environments: names,
      });
      for (const entry of entries) {
        entry.approved = true;
        if (decision.state === "rejected") entry.opened.reject(new StoppedError("failure", REJECTED));
        else openIfReady(entry);
      }
    },

    bypassProtectionRules(run, environments, caller) {
      const entries = pendingJobsFor(run, environments);
      if (roleOf(run.repository, caller.actor) !== "admin") {
        throw new ApiError(403, "Must have admin rights to Repository.");
      }
      const strict = entries.find((entry) => !entry.environment.adminsCanBypass);
      if (strict) {
        throw new ApiError(
          403,
          `The protection rules of ${strict.environment.name} do not let administrators bypass them`,
        );
      }
      for (const entry of entries) entry.opened.resolve();
    },
  };
}

/** "Self" is who started the attempt; GitHub docs, "Required reviewers". */
function mayReview({ environment, attempt }: GatedJob, account: Account): boolean {
  const isSelf = environment.preventSelfReview && account === attempt.triggeringActor;
  return reviewersOf(environment).has(account) && !isSelf;
}

function reviewRefusalReason({ environment, job }: GatedJob, account: Account): string {
  if (reviewersOf(environment).has(account)) {
    return `${account.login} started this run, and ${environment.name} does not allow reviewing one's own deployment`;
  }
  const outsider = !isCollaborator(job.run.repository, account) ? " and not a collaborator of the repository" : "";
  return `${account.login} is not a required reviewer of ${environment.name}${outsider}`;
}
