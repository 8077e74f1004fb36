/** Performs the actions of the page's buttons, as the current user. Returns the path to go to afterwards. */
import { createComment } from "../operations/conversations/comments.ts";
import { issueByNumber } from "../operations/conversations/issues.ts";
import { mergePull } from "../operations/merging/merging.ts";
import { mayPush } from "../operations/people/access.ts";
import { openPull, pullByNumber } from "../operations/pulls/pulls.ts";
import { createReview } from "../operations/pulls/reviews.ts";
import { runById } from "../operations/runs/runs.ts";
import { ApiError, notFound } from "../world/api-error.ts";
import type { Caller } from "../world/caller.ts";
import type { PullRequest, Repository, WorkflowRun } from "../world/repository.ts";
import type { PageServices } from "./services.ts";
import { INPUT_FIELD } from "./views/run-workflow.ts";

/** @throws ApiError in GitHub's words when the user may not, and 404 for a button that does not exist. */
export async function performAction(
  services: PageServices,
  action: string,
  fields: URLSearchParams,
  caller: Caller,
): Promise<string> {
  const [, fullName = "", kind, id, verb = ""] =
    /^([^/]+\/[^/]+)\/(pulls|runs|workflows)\/(\d+|new)(?:\/(\w+))?$/.exec(action) ?? [];
  const repository = services.world.repositories.get(fullName.toLowerCase());
  if (repository === undefined) throw notFound();
  if (kind === "workflows" && verb === "dispatch") return dispatch(services, repository, Number(id), fields, caller);
  if (kind === "pulls" && id === "new") {
    const text = (name: string): string => fields.get(name) ?? "";
    const input = { title: text("title"), head: text("head"), base: text("base") };
    const { number } = await openPull(services.world, repository, input, caller);
    return `/${repository.fullName}/pull/${number}`;
  }
  if (kind === "pulls") {
    const pull = pullByNumber(repository, Number(id));
    await actOnPull(services, repository, pull, verb, fields, caller);
    return `/${repository.fullName}/pull/${pull.number}`;
  }
  const run = runById(repository, Number(id));
  await actOnRun(services, run, verb, fields, caller);
  return `/${repository.fullName}/actions/runs/${run.id}`;
}

async function dispatch(
  { actions }: PageServices,
  repository: Repository,
  id: number,
  fields: URLSearchParams,
  caller: Caller,
): Promise<string> {
  const workflow = repository.actions.workflows.get(id);
  if (workflow === undefined) throw notFound();
  if (!mayPush(repository, caller)) throw new ApiError(403, "Must have write access to run a workflow.");
  // Of a box that is checked, two values come: the last one counts.
  const inputs = Object.fromEntries(
    [...fields].flatMap(([name, value]) =>
      name.startsWith(INPUT_FIELD) && value !== "" ? [[name.slice(INPUT_FIELD.length), value]] : [],
    ),
  );
  const run = await actions.dispatch({ repository, workflow, ref: fields.get("ref") ?? "", inputs, caller });
  return `/${repository.fullName}/actions/runs/${run.id}`;
}

async function actOnPull(
  { world }: PageServices,
  repository: Repository,
  pull: PullRequest,
  verb: string,
  fields: URLSearchParams,
  caller: Caller,
): Promise<void> {
  if (verb === "merge") await mergePull(world, pull, {}, caller);
  else if (verb === "approve") await createReview(world, pull, { event: "APPROVE" }, caller);
  else if (verb === "comment") {
    createComment(world, repository, issueByNumber(repository, pull.number), fields.get("body") ?? "", caller);
  } else throw notFound();
}

async function actOnRun(
  { actions }: PageServices,
  run: WorkflowRun,
  verb: string,
  fields: URLSearchParams,
  caller: Caller,
): Promise<void> {
  const state = fields.get("state");
  if (verb === "cancel") actions.cancel(run, caller);
  else if (verb === "rerun") await actions.rerun(run, "all", caller, false);
  else if (verb === "review" && (state === "approved" || state === "rejected")) {
    const environment = Number(fields.get("environment"));
    actions.reviewDeployments(run, [environment], { state, comment: fields.get("comment") ?? "" }, caller);
  } else throw notFound();
}
