/**
 * The marker: the hidden last line of a comment of this suite, which names the workflow file it belongs to. A marker anywhere
 * else is a quotation. Whose comment it is depends on its author too, never on the marker alone.
 */
import { encodeHidden } from "./section.ts";

/** @param workflow path of the workflow file that judges, for example `.github/workflows/pull-request.yml` */
export const formatMarker = (workflow: string): string => `<!-- ${NAME} workflow=${encodeHidden(workflow)} -->`;

/** Path of the workflow whose marker the body carries as its last line. */
export function parseMarker(body: string): string | undefined {
  const [, hidden = ""] = MARKER.exec(lastLine(body)) ?? [];
  try {
    return hidden === "" ? undefined : decodeURIComponent(hidden);
  } catch {
    // Somebody has edited it by hand.
    return undefined;
  }
}

/** Whether the body carries this workflow's marker as its last line. */
export function isMarked(body: string, workflow: string): boolean {
  return lastLine(body) === formatMarker(workflow);
}

const lastLine = (body: string): string => body.trimEnd().split(/\r?\n/).at(-1) ?? "";

const NAME = "mlops-actions/comment";
const MARKER = new RegExp(`^<!-- ${NAME} workflow=(\\S+) -->$`);
