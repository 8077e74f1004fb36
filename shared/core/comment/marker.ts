/**
 * The hidden last line of our comments: whose comment it is and which judgement it shows. A marker anywhere else is a
 * quotation. Who wrote a comment is decided by its author, never by its marker alone.
 */

/** Comments of different places live beside each other. */
export interface CommentIdentity {
  /** Path of the workflow file that judges, for example `.github/workflows/pull-request.yml`. */
  readonly workflow: string;
  /** Chosen by the user where one workflow writes several comments. */
  readonly key: string;
}

/** Which judgement: of two, the one of the later run counts. */
export interface Revision {
  /** Id of the run that judged; GitHub counts it up over all repositories, and a re-run keeps it. */
  readonly run: number;
  readonly attempt: number;
  /** The head commit it is about. */
  readonly head: string;
}

export function formatMarker({ workflow, key }: CommentIdentity, { run, attempt, head }: Revision): string {
  return `<!-- ${NAME} workflow=${written(workflow)} key=${written(key)} run=${run} attempt=${attempt} head=${head} -->`;
}

/** The revision, if the comment carries the marker of this place as its last line. */
export function parseMarker(body: string, place: CommentIdentity): Revision | undefined {
  const last = body.trimEnd().split(/\r?\n/).at(-1) ?? "";
  const { workflow, key, run, attempt, head } = MARKER.exec(last)?.groups ?? {};
  if (workflow !== written(place.workflow) || key !== written(place.key) || head === undefined) return undefined;
  return { run: Number(run), attempt: Number(attempt), head };
}

/** What readers see, without what differs from run to run although nothing else does. */
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

/** No blank, and nothing that could end an HTML comment. */
const written = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll("-", "%2D");
