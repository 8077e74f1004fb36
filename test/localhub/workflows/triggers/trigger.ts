/**
 * What a domain event is to GitHub Actions: the event name, the commit its workflow files come from, and the commit,
 * branch and pull request it is about. Source: GitHub docs, "Events that trigger workflows", for each event its SHA and
 * ref.
 */
import { ZERO_SHA } from "../../git/git-repository.ts";
import type { DomainEvent } from "../../world/domain-events.ts";
import type { PullRequest, Repository, WorkflowRun } from "../../world/repository.ts";
import { refKind } from "./ref-kind.ts";

export interface Trigger {
  readonly event: string;
  readonly action: string | undefined;
  readonly repository: Repository;
  /** `github.ref`; empty for a deployment of a bare commit. */
  readonly ref: string;
  /** `github.sha`, and the commit the workflow files are read from. */
  readonly sha: string;
  /** The commit that gets the run's checks. */
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly headRepository: Repository | undefined;
  readonly pulls: readonly number[];
  /** The run's title where the workflow has no `run-name`; `undefined`: the workflow's name. */
  readonly title: string | undefined;
  /** The commits that `paths` filters compare: from the first (where there is one) to the second. */
  readonly changes: { readonly from: string | undefined; readonly to: string } | undefined;
  /** The branch that `branches` filters check where it is not the ref's own. */
  readonly filterBranch: string | undefined;
  /** The run that a `workflow_run` is about. */
  readonly sourceRun: WorkflowRun | undefined;
}

type EventOf<Event extends DomainEvent["event"]> = Extract<DomainEvent, { event: Event }>;
type TriggerTarget = Omit<Trigger, "event" | "action" | "repository">;

/**
 * None, one, or (for a pull request) two triggers. Call it as soon as the event is published: it reads what may change
 * before it waits for anything.
 */
export async function triggersOf(domainEvent: DomainEvent): Promise<readonly Trigger[]> {
  const { event, repository } = domainEvent;
  const action = "action" in domainEvent ? domainEvent.action : undefined;
  const found = (await targetsOf(domainEvent)) ?? [];
  return found.map(([as, target]) => ({ ...target, event: as ?? event, action, repository }));
}

type NamedTarget = readonly [event: string | undefined, target: TriggerTarget];

async function targetsOf(domainEvent: DomainEvent): Promise<readonly NamedTarget[] | undefined> {
  const { repository } = domainEvent;
  const one = async (target: Promise<TriggerTarget | undefined>): Promise<readonly NamedTarget[]> => {
    const found = await target;
    return found ? [[undefined, found]] : [];
  };
  switch (domainEvent.event) {
    case "push":
      return one(ofPush(domainEvent));
    case "create":
      return one(atRef(repository, `refs/${domainEvent.refType === "branch" ? "heads" : "tags"}/${domainEvent.ref}`));
    case "pull_request":
      return ofPull(domainEvent);
    case "pull_request_review":
      return one(Promise.resolve(ofTestMerge(domainEvent.pull)));
    case "issues":
    case "issue_comment":
      return one(targetOnDefaultBranch(repository, domainEvent.issue.title));
    case "label":
    case "delete":
    case "status":
    case "check_run":
    case "check_suite":
      return one(targetOnDefaultBranch(repository, undefined));
    case "deployment":
      return one(ofDeployment(domainEvent));
    case "deployment_status":
      return domainEvent.status.state === "inactive" ? undefined : one(ofDeployment(domainEvent));
    case "release":
      return domainEvent.release.draft ? undefined : one(ofRelease(domainEvent));
    case "merge_group":
      return domainEvent.action === "checks_requested" ? one(ofMergeGroup(domainEvent)) : undefined;
    case "workflow_run":
      return one(ofWorkflowRun(domainEvent));
    case "workflow_job":
      return undefined;
  }
}

/** A deleted ref starts no run. */
async function ofPush({ repository, ref, before, after }: EventOf<"push">): Promise<TriggerTarget | undefined> {
  if (after === ZERO_SHA) return undefined;
  const { git, defaultBranch } = repository;
  const pulls = openPullsFrom(repository, ref);
  const sha = (await git.resolve(after)) ?? after;
  const isBranch = ref.startsWith("refs/heads/");
  const known = before === ZERO_SHA ? undefined : before;
  // GitHub docs, "Git diff comparisons": a new branch is compared with the commit where it left the default branch.
  const trunk = known === undefined && isBranch ? await git.resolve(`refs/heads/${defaultBranch}`) : undefined;
  const from = known ?? (trunk !== undefined && trunk !== sha ? await git.mergeBase(trunk, sha) : undefined);
  const commit = await git.commit(sha);
  const target = { ...triggerForCommit(repository, ref, sha), pulls, title: commit && firstLine(commit.message) };
  return isBranch ? { ...target, changes: { from, to: sha } } : target;
}

/** The open pull requests of a branch of this repository. */
function openPullsFrom(repository: Repository, ref: string): readonly number[] {
  const own = [...repository.pulls.values()].filter(
    (pull) => pull.head === repository && ref === `refs/heads/${pull.headRef}`,
  );
  return own.map(({ number }) => number).filter((number) => repository.issues.get(number)?.state === "open");
}

/**
 * `pull_request` runs on the test merge and not at all while there is a conflict; `pull_request_target` always runs.
 */
async function ofPull({ pull, repository, action }: EventOf<"pull_request">): Promise<readonly NamedTarget[]> {
  const about = aboutPull(pull);
  const merge = action === "closed" && pull.merged ? pull.mergeCommitSha : null;
  // GitHub docs, `github.ref`: of a merged pull request it is the branch it was merged into.
  const own = merge === null ? ofTestMerge(pull) : { ...about, ref: `refs/heads/${pull.baseRef}`, sha: merge };
  // Since 2025-12-08 the workflow and the ref are the default branch's, whatever the pull request's base is.
  const defaultTarget = await targetOnDefaultBranch(repository, undefined);
  const named: NamedTarget[] = [];
  if (own) named.push(["pull_request", own]);
  if (defaultTarget) named.push(["pull_request_target", { ...defaultTarget, ...about }]);
  return named;
}

function ofTestMerge(pull: PullRequest): TriggerTarget | undefined {
  const sha = pull.comparison?.mergeSha;
  return sha === undefined ? undefined : { ...aboutPull(pull), ref: `refs/pull/${pull.number}/merge`, sha };
}

function aboutPull(pull: PullRequest): Omit<TriggerTarget, "ref" | "sha"> {
  return {
    headSha: pull.headSha,
    headBranch: pull.headRef,
    headRepository: pull.head,
    pulls: [pull.number],
    title: pull.base.issues.get(pull.number)?.title,
    changes: { from: pull.comparison?.mergeBase ?? pull.baseSha, to: pull.headSha },
    filterBranch: pull.baseRef,
    sourceRun: undefined,
  };
}

async function ofDeployment({
  repository,
  deployment,
}: EventOf<"deployment" | "deployment_status">): Promise<TriggerTarget> {
  const { ref, sha } = deployment;
  for (const full of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`]) {
    if (full.startsWith("refs/") && (await repository.git.ref(full))) return triggerForCommit(repository, full, sha);
  }
  return { ...triggerForCommit(repository, "", sha), headBranch: null };
}

async function ofRelease({ repository, release }: EventOf<"release">): Promise<TriggerTarget | undefined> {
  const { tag, name } = release;
  const target = await atRef(repository, `refs/tags/${tag}`);
  return target && { ...target, title: name ?? tag };
}

async function ofMergeGroup({ repository, entry }: EventOf<"merge_group">): Promise<TriggerTarget> {
  const target = triggerForCommit(repository, entry.ref, entry.headSha);
  const commit = await repository.git.commit(entry.headSha);
  return { ...target, title: commit && firstLine(commit.message), pulls: [entry.pull], filterBranch: entry.base };
}

async function ofWorkflowRun({ repository, run }: EventOf<"workflow_run">): Promise<TriggerTarget | undefined> {
  const target = await targetOnDefaultBranch(repository, undefined);
  return target && { ...target, filterBranch: run.headBranch ?? undefined, sourceRun: run };
}

async function targetOnDefaultBranch(
  repository: Repository,
  title: string | undefined,
): Promise<TriggerTarget | undefined> {
  const target = await atRef(repository, `refs/heads/${repository.defaultBranch}`);
  return target && { ...target, title };
}

async function atRef(repository: Repository, ref: string): Promise<TriggerTarget | undefined> {
  const sha = await repository.git.resolve(ref);
  return sha === undefined ? undefined : triggerForCommit(repository, ref, sha);
}

/** A trigger for a commit, without a pull request, title or filters. */
export function triggerForCommit(repository: Repository, ref: string, sha: string): TriggerTarget {
  return {
    ref,
    sha,
    headSha: sha,
    headBranch: refKind(ref).name,
    headRepository: repository,
    pulls: [],
    title: undefined,
    changes: undefined,
    filterBranch: undefined,
    sourceRun: undefined,
  };
}

const firstLine = (message: string): string => message.split("\n", 1)[0] ?? "";
