/** Which runner may take which job. */
import type { Runner } from "../../world/actions.ts";

export interface RunnerRequirements {
  readonly labels: readonly string[];
  readonly group: string | undefined;
  /** `owner/repo/path@ref` of the workflow file, for groups that are restricted to some. */
  readonly workflow: string;
}

/** The images of GitHub-hosted machines this hub can stand for. GitHub docs: GitHub-hosted runners reference. */
const HOSTED_HERE = ["ubuntu-latest", "ubuntu-26.04", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-slim"];

/** Labels of GitHub-hosted machines of another system or processor. */
const HOSTED_ELSEWHERE = /^(windows|macos)-|^ubuntu-.*-arm$/;

/** One machine is made for every job that asks for one of these. */
export function isHosted(wish: RunnerRequirements): boolean {
  const [label, ...more] = wish.labels;
  return (
    wish.group === undefined && more.length === 0 && label !== undefined && HOSTED_HERE.includes(label.toLowerCase())
  );
}

/** What the job asks for will never come, and why; `undefined` when it may. */
export function unsatisfiableReason(wish: RunnerRequirements, registered: Iterable<Runner>): string | undefined {
  if (wish.labels.length === 0 && wish.group === undefined) return "runs-on is empty: name at least one label";
  const missing = wish.labels.find((label) => HOSTED_ELSEWHERE.test(label.toLowerCase()));
  if (missing === undefined || [...registered].some((runner) => hasLabels(runner, wish.labels))) return undefined;
  return (
    `runs-on: ${missing}: this local GitHub has no such machines. ` +
    "Use an ubuntu label, or register a self-hosted runner that carries the label"
  );
}

/** Whether this registered runner may take the job now. */
export function canTakeJob(runner: Runner, wish: RunnerRequirements): boolean {
  if (runner.status !== "online" || runner.busy) return false;
  if (wish.group !== undefined && runner.group.name.toLowerCase() !== wish.group.toLowerCase()) return false;
  const allowed = runner.group.workflows;
  return hasLabels(runner, wish.labels) && (allowed === undefined || allowed.includes(wish.workflow));
}

function hasLabels(runner: Runner, labels: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.name.toLowerCase()));
  return labels.every((label) => own.has(label.toLowerCase()));
}
