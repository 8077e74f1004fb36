/**
 * The marker: the hidden last line of a comment of this action, with the comment's identity and the revision it shows. A
 * marker anywhere else is a quotation. Whose comment it is depends on its author too, never on the marker alone.
 */

/** Comments with different identities exist beside each other. */
export interface CommentIdentity {
  /** Path of the workflow file that judges, for example `.github/workflows/pull-request.yml`. */
  readonly workflow: string;
  /** Chosen by the user where one workflow writes several comments. */
  readonly key: string;
}

/** Which verdict a comment shows: of two, the one of the later run counts. */
export interface Revision {
  /** Id of the run that judged; it increases over all repositories, and a re-run keeps it. */
  readonly run: number;
  readonly attempt: number;
  /** The head commit it is about. */
  readonly head: string;
}

export function formatMarker({ workflow, key }: CommentIdentity, { run, attempt, head }: Revision): string {
  return `<!-- ${NAME} workflow=${encode(workflow)} key=${encode(key)} run=${run} attempt=${attempt} head=${head} -->`;
}

/** The revision, if the comment carries the marker of this identity as its last line. */
export function parseMarker(body: string, identity: CommentIdentity): Revision | undefined {
  const last = body.trimEnd().split(/\r?\n/).at(-1) ?? "";
  const { workflow, key, run, attempt, head } = MARKER.exec(last)?.groups ?? {};
  if (workflow !== encode(identity.workflow) || key !== encode(identity.key) || head === undefined) return undefined;
  return { run: Number(run), attempt: Number(attempt), head };
}

/** What readers see, without the links that differ in every run. */
export const comparableContent = (body: string): string =>
  body
    .replaceAll("\r\n", "\n")
    .trimEnd()
    .replace(/\n[^\n]*$/, "")
    .replaceAll(/\/actions\/runs\/\d+(?:\/attempts\/\d+)?/g, "/actions/runs");

const NAME = "mlops-actions/report-metrics";

const MARKER = new RegExp(
  `^<!-- ${NAME} workflow=(?<workflow>\\S*) key=(?<key>\\S*) run=(?<run>\\d{1,15}) attempt=(?<attempt>\\d{1,9}) head=(?<head>[0-9a-f]{40}) -->$`,
);

/** Without spaces, and without anything that could end an HTML comment. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");
