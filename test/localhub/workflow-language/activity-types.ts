/**
 * The activity types that start a workflow that lists none (GitHub docs: "Events that trigger workflows"). Events that
 * are not listed here run on every activity type, or have none.
 */
const defaults: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

/**
 * The only activity types that can start a workflow at all, for events whose webhook has more of them: that page lists
 * them, and GitHub's workflow schema accepts no other under `types:`.
 */
const possible: Readonly<Record<string, readonly string[]>> = {
  check_run: ["created", "rerequested", "completed", "requested_action"],
  check_suite: ["completed"],
  merge_group: ["checks_requested"],
};

/** Whether the filter's `types:`, or the defaults of the event, include this activity of the event. */
export function matchesActivityType(
  event: string,
  types: readonly string[] | undefined,
  action: string | undefined,
): boolean {
  if (action === undefined) return true;
  if (possible[event]?.includes(action) === false) return false;
  const allowed = types ?? defaults[event];
  return allowed === undefined || allowed.includes(action);
}
