/** The part of a record that names the run that made it, as the runner and the event say it. */
import type { ActionContext } from "./context.ts";

/** What is not known is left out; a record of version 1 holds the first five. */
export function toRecordOrigin(context: ActionContext) {
  const { repository, repositoryId, workflow, workflowSha, run, actor, event, ref, sha, job, triggeringActor } =
    context;
  const pull = pullRequestOf(event.payload);
  const environment = RUNNERS.find((known) => known === context.runnerEnvironment);
  return {
    ...{ repository, workflow, run: run.id, attempt: run.attempt, actor },
    ...pick("server", URL.parse(context.urls.repository)?.host),
    ...pick("repositoryId", asId(Number(repositoryId))),
    ...pick("headRepository", pull.headRepository),
    ...{ event: event.name },
    ...pick("ref", ref),
    ...pick("sha", asCommit(sha)),
    ...pick("pullRequest", pull.number),
    ...pick("workflowSha", asCommit(workflowSha)),
    ...{ runNumber: run.number },
    ...pick("job", job),
    ...pick("triggeringActor", triggeringActor),
    ...pick("runner", environment),
  };
}

const RUNNERS = ["github-hosted", "self-hosted"] as const;

const pick = <Key extends string, Value>(key: Key, value: Value | undefined): { readonly [_ in Key]?: Value } =>
  value === undefined || value === "" ? {} : ({ [key]: value } as { readonly [_ in Key]: Value });

const asCommit = (sha: string): string | undefined => (/^[0-9a-f]{40}$/.test(sha) ? sha : undefined);
const asId = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;

/** Of the events of pull requests, and of comments on one. */
function pullRequestOf(payload: Readonly<Record<string, unknown>>) {
  const pull = asObject(payload["pull_request"]);
  const issue = asObject(payload["issue"]);
  const headRepository = asObject(asObject(pull["head"])["repo"])["full_name"];
  return {
    number: asId(pull["number"] ?? ("pull_request" in issue ? issue["number"] : undefined)),
    headRepository: typeof headRepository === "string" ? headRepository : undefined,
  };
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
