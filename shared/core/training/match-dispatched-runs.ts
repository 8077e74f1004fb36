/** Which of the listed runs is the one that we started, where the server does not say. */

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
  /** Random, and part of the run's title: `run-name:` of the workflow puts it there. */
  readonly request: string;
  readonly branch: string;
  readonly workflow: number;
  /** Whose token it is: a login, or any bot for the token of an App, which cannot ask for its own name. */
  readonly actor: { readonly login: string } | "bot";
}

/**
 * Never the newest one, and none that only looks similar: everything must be as we sent it.
 *
 * @returns all that match; more than one means that somebody copied the request id
 */
export function matchDispatchedRuns(runs: readonly ListedRun[], sought: DispatchedRunCriteria): readonly ListedRun[] {
  return runs.filter(
    (run) =>
      run.title.includes(sought.request) &&
      run.event === "workflow_dispatch" &&
      run.workflow === sought.workflow &&
      run.branch === sought.branch &&
      (sought.actor === "bot" ? run.actor.isBot : run.actor.login === sought.actor.login),
  );
}
