/** The icon for every state of a check, job, run or deployment: a glyph, a colour, a word. */
import { type Html, html } from "./html.ts";

const ICONS: Readonly<Record<string, readonly [glyph: string, tone: string]>> = {
  success: ["✓", "good"],
  approved: ["✓", "good"],
  failure: ["✕", "bad"],
  error: ["✕", "bad"],
  startup_failure: ["✕", "bad"],
  timed_out: ["✕", "bad"],
  rejected: ["✕", "bad"],
  action_required: ["!", "wait"],
  waiting: ["◷", "wait"],
  queued: ["○", "wait"],
  pending: ["○", "wait"],
  requested: ["○", "wait"],
  in_progress: ["●", "wait"],
  cancelled: ["⊘", "quiet"],
  skipped: ["⊘", "quiet"],
  neutral: ["■", "quiet"],
  stale: ["⊘", "quiet"],
  inactive: ["■", "quiet"],
};

/** `conclusion` when there is one, else `status`. */
export function statusIcon(status: string, conclusion?: string | null): Html {
  const state = conclusion ?? status;
  const [glyph, tone] = ICONS[state] ?? ["?", "quiet"];
  const word = state.replaceAll("_", " ");
  return html`<span class="mark ${tone}" title="${word}" role="img" aria-label="${word}">${glyph}</span>`;
}
