/** The filters of the list of workflow runs. */
import { latestAttempt } from "../../render/workflow-run.ts";
import { unprocessable } from "../../world/api-error.ts";
import type { WorkflowRun } from "../../world/repository.ts";

/** GitHub docs, "List workflow runs for a repository": with any of these filters a search ends after 1,000 results. */
const FILTERS = ["actor", "branch", "check_suite_id", "created", "event", "head_sha", "status"] as const;
const MAX_RESULTS = 1_000;

export type RunQuery = Readonly<Record<string, string | undefined>>;

/** The runs that match, newest first. @throws ApiError 422 for a `created` that is not a date or a range. */
export function filteredRuns(runs: Iterable<WorkflowRun>, query: RunQuery): readonly WorkflowRun[] {
  const created = createdFilter(query["created"]);
  const found = [...runs]
    .filter((run) => matches(run, query) && created(run.createdAt.getTime()))
    .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime() || other.id - one.id);
  return FILTERS.some((name) => query[name] !== undefined) ? found.slice(0, MAX_RESULTS) : found;
}

function matches(run: WorkflowRun, query: RunQuery): boolean {
  const { status, conclusion, suite } = latestAttempt(run);
  const is = (name: (typeof FILTERS)[number], ...values: readonly (string | number | null)[]): boolean =>
    query[name] === undefined || values.some((value) => String(value) === query[name]);
  return (
    (query["actor"] === undefined || run.actor.login.toLowerCase() === query["actor"].toLowerCase()) &&
    is("branch", run.headBranch) &&
    is("event", run.event) &&
    is("status", status, conclusion) &&
    is("head_sha", run.headSha) &&
    is("check_suite_id", suite.id)
  );
}

/**
 * GitHub docs, "Understanding the search syntax", dates: `2026-01-31`, `>=2026-01-31T08:00:00Z`,
 * `2026-01-01..2026-02-01`, `*..2026-02-01`. A day without a time is the whole day.
 */
function createdFilter(query: string | undefined): (time: number) => boolean {
  if (query === undefined) return () => true;
  const range = /^(.+)\.\.(.+)$/.exec(query);
  const bound = /^([<>]=?)(.+)$/.exec(query);
  if (range) {
    const [, from = "*", to = "*"] = range;
    const first = from === "*" ? Number.NEGATIVE_INFINITY : parseTimeSpan(from).start;
    const last = to === "*" ? Number.POSITIVE_INFINITY : parseTimeSpan(to).end;
    return (time) => time >= first && time <= last;
  }
  const { start, end } = parseTimeSpan(bound?.[2] ?? query);
  switch (bound?.[1]) {
    case ">":
      return (time) => time > end;
    case ">=":
      return (time) => time >= start;
    case "<":
      return (time) => time < start;
    case "<=":
      return (time) => time <= end;
    default:
      return (time) => time >= start && time <= end;
  }
}

/** In milliseconds. Times are whole seconds on GitHub, so a time without fractions is a span of one second. */
function parseTimeSpan(text: string): { readonly start: number; readonly end: number } {
  const start = Date.parse(text);
  if (Number.isNaN(start) || !/^\d{4}-\d\d-\d\d/.test(text))
    throw unprocessable(`Invalid request.\n\n"${text}" is not a date of the search syntax.`);
  const span = text.length === "2026-01-31".length ? 86_400_000 : 1_000;
  return { start, end: start + span - 1 };
}
