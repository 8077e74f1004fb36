/** Which of the listed runs is the one that we dispatched, if the server does not report it. */

export interface ListedRun {
  readonly id: number;
  readonly title: string;
  readonly event: string;
  /** Branch or tag it was dispatched on. */
  readonly branch: string | null;
  readonly workflow: number;
  readonly actor: { readonly login: string; readonly isBot: boolean };
}

export interface DispatchedRunCriteria {
  /** Random, and part of the run's title, because the workflow's `run-name:` contains it. */
  readonly request: string;
  readonly branch: string;
  readonly workflow: number;
  /** The token's account: a login, or any bot for the token of an App, which cannot request its own name. */
  readonly actor: { readonly login: string } | "bot";
}

/**
 * Neither the newest run nor a similar one is good enough: everything must be as it was sent.
 *
 * @returns all that match; more than one means that somebody copied the request id
 */
export function matchDispatchedRuns<Run extends ListedRun>(
  runs: readonly Run[],
  criteria: DispatchedRunCriteria,
): readonly Run[] {
  return runs.filter(
    (run) =>
      run.title.includes(criteria.request) &&
      run.event === "workflow_dispatch" &&
      run.workflow === criteria.workflow &&
      run.branch === criteria.branch &&
      (criteria.actor === "bot" ? run.actor.isBot : run.actor.login === criteria.actor.login),
  );
}
