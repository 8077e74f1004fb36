/** Maps paths to views; the paths are those of github.com, so that every `html_url` works here. */
import { readFileSync } from "node:fs";
import { issueByNumber } from "../operations/conversations/issues.ts";
import { mergeBlockers } from "../operations/pulls/merge-blockers.ts";
import { artifactExpired, fileNameOf } from "../operations/runs/artifacts.ts";
import type { Account } from "../world/identity.ts";
import type { PullRequest, Repository, WorkflowRun } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { type Html, html } from "./html.ts";
import type { LayoutProps } from "./layout.ts";
import type { ReferenceUrls } from "./references.ts";
import type { PageServices } from "./services.ts";
import { renderDeploymentsPage } from "./views/deployments.ts";
import { findProposableBranches, openPullForm } from "./views/open-pull.ts";
import { hubOverview, newestFirst, repositoryOverview } from "./views/overview.ts";
import { type PullView, renderPullPage } from "./views/pull.ts";
import { pullList } from "./views/pull-list.ts";
import { renderJobPage, renderRunPage } from "./views/run.ts";
import { runList } from "./views/run-list.ts";
import { runWorkflowForms } from "./views/run-workflow.ts";

export type View =
  | ({ readonly kind: "page"; readonly body: Html } & Pick<LayoutProps, "title" | "repository" | "tab">)
  | { readonly kind: "file"; readonly name: string; readonly body: Uint8Array };

/** The view of a path as `actor` sees it; `undefined` for an unknown path. */
export async function resolveView(
  services: PageServices,
  path: string,
  actor: Account | undefined,
): Promise<View | undefined> {
  const { world } = services;
  if (path === "/") return { kind: "page", title: "local GitHub", body: hubOverview(world) };

  const file = /^\/-\/artifacts\/([^/]+\/[^/]+)\/(\d+)$/.exec(path);
  if (file) return artifactFile(world, file[1] ?? "", Number(file[2]));

  const [, fullName = "", rest = ""] = /^\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  const repository = world.repositories.get(fullName.toLowerCase());
  if (repository === undefined) return undefined;
  const show = (tab: LayoutProps["tab"], title: string, body: Html): View => ({
    kind: "page",
    title: `${title} · ${repository.fullName}`,
    repository,
    ...(tab !== undefined && { tab }),
    body,
  });

  if (rest === "" || rest === "/") return show("code", "Overview", repositoryOverview(repository));
  if (rest === "/pulls") {
    const form = openPullForm(repository, await findProposableBranches(repository));
    return show("pulls", "Pull requests", html`${pullList(repository, "all")}${form}`);
  }
  if (rest === "/deployments") return show("deployments", "Deployments", renderDeploymentsPage(repository));
  if (rest === "/actions") {
    const runs = [...repository.actions.runs.values()].sort(newestFirst);
    const forms = runWorkflowForms(
      repository,
      await services.actions.dispatchForms(repository),
      await branches(repository),
    );
    return show("actions", "Actions", html`${runList(repository, runs)}${forms}`);
  }

  // As a comment may link to it: GitHub sends a reader with an account to the archive.
  const linked = /^\/actions\/runs\/\d+\/artifacts\/(\d+)$/.exec(rest)?.[1];
  if (linked !== undefined) return artifactFile(world, fullName, Number(linked));

  const number = Number(/^\/(?:pull|issues)\/(\d+)$/.exec(rest)?.[1]);
  const pull = repository.pulls.get(number);
  if (pull) {
    const view = await pullView(world, repository, pull, actor);
    return show("pulls", view.issue.title, renderPullPage(view));
  }

  const [, runId, attempt, jobId] = /^\/actions\/runs\/(\d+)(?:\/attempts\/(\d+))?(?:\/job\/(\d+))?$/.exec(rest) ?? [];
  const run = repository.actions.runs.get(Number(runId));
  if (run === undefined) return undefined;
  const job = repository.actions.jobs.get(Number(jobId));
  if (job) return show("actions", job.name, renderJobPage(repository, job));
  return runView(services, repository, run, attempt, actor, show);
}

/** The default branch first. */
async function branches({ git, defaultBranch }: Repository): Promise<readonly string[]> {
  const names = (await git.refs("refs/heads/")).map(({ name }) => name.replace("refs/heads/", ""));
  return [...names.filter((name) => name === defaultBranch), ...names.filter((name) => name !== defaultBranch)];
}

function runView(
  { world, actions }: PageServices,
  repository: Repository,
  run: WorkflowRun,
  number: string | undefined,
  actor: Account | undefined,
  show: (tab: LayoutProps["tab"], title: string, body: Html) => View,
): View | undefined {
  const attempt =
    number === undefined ? run.attempts.at(-1) : run.attempts.find((entry) => entry.number === Number(number));
  if (attempt === undefined) return undefined;
  const pending = actor === undefined ? [] : actions.pendingDeployments(run, actor);
  const references = referencesOf(world, repository);
  return show("actions", run.displayTitle, renderRunPage({ repository, run, attempt, references, pending }));
}

async function pullView(
  world: World,
  repository: Repository,
  pull: PullRequest,
  actor: Account | undefined,
): Promise<PullView> {
  const blockers = await mergeBlockers(world, pull, actor);
  return {
    repository,
    pull,
    issue: issueByNumber(repository, pull.number),
    references: referencesOf(world, repository),
    blockers: blockers.map((blocker) => blocker.message),
    isAuthor: actor !== undefined && issueByNumber(repository, pull.number).author === actor,
    files: (pull.comparison?.files ?? []).map(({ path, additions, deletions }) => ({ path, additions, deletions })),
  };
}

function referencesOf(world: World, repository: Repository): ReferenceUrls {
  const base = `/${repository.fullName}`;
  return {
    account: (login) => (world.accounts.has(login.toLowerCase()) ? `/${login}` : undefined),
    issue: (number) =>
      repository.issues.has(number)
        ? `${base}/${repository.pulls.has(number) ? "pull" : "issues"}/${number}`
        : undefined,
    // Only heads of pull requests: asking git about every word that looks like a commit would make the page slow.
    commit: (sha) => {
      const known = [...repository.pulls.values()].some((pull) => pull.headSha.startsWith(sha));
      return known ? `${base}/commit/${sha}` : undefined;
    },
  };
}

function artifactFile(world: World, fullName: string, id: number): View | undefined {
  const artifact = world.repositories.get(fullName.toLowerCase())?.actions.artifacts.get(id);
  if (artifact === undefined || artifactExpired(world, artifact)) return undefined;
  return { kind: "file", name: fileNameOf(artifact), body: readFileSync(artifact.file) };
}
