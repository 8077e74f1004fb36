/** Which runner may take which job. */
import type { Runner } from "../../world/actions.ts";

export interface RunnerRequirements {
  readonly labels: readonly string[];
  readonly group: string | undefined;
  /** `owner/repo/path@ref` of the workflow file, for groups that are restricted to some. */
  readonly workflow: string;
}

/**
 * The images of GitHub-hosted machines that the local GitHub can provide. GitHub docs: GitHub-hosted runners reference.
 */
const SUPPORTED_IMAGES = ["ubuntu-latest", "ubuntu-26.04", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-slim"];

/** Labels of GitHub-hosted machines of another system or processor. */
const UNSUPPORTED_IMAGES = /^(windows|macos)-|^ubuntu-.*-arm$/;

/** A machine is created for every job that requests one of these. */
export function isHosted(request: RunnerRequirements): boolean {
  const [label, ...more] = request.labels;
  return (
    request.group === undefined &&
    more.length === 0 &&
    label !== undefined &&
    SUPPORTED_IMAGES.includes(label.toLowerCase())
  );
}

/** Why no runner can ever match the request; `undefined` when one may. */
export function unsatisfiableReason(request: RunnerRequirements, registered: Iterable<Runner>): string | undefined {
  if (request.labels.length === 0 && request.group === undefined) return "runs-on is empty: name at least one label";
  const missing = request.labels.find((label) => UNSUPPORTED_IMAGES.test(label.toLowerCase()));
  if (missing === undefined || [...registered].some((runner) => hasLabels(runner, request.labels))) return undefined;
  return (
    `runs-on: ${missing}: this local GitHub has no such machines. ` +
    "Use an ubuntu label, or register a self-hosted runner with that label"
  );
}

/** Whether this registered runner may take the job now. */
export function canTakeJob(runner: Runner, request: RunnerRequirements): boolean {
  if (runner.status !== "online" || runner.busy) return false;
  if (request.group !== undefined && runner.group.name.toLowerCase() !== request.group.toLowerCase()) return false;
  const allowed = runner.group.workflows;
  return hasLabels(runner, request.labels) && (allowed === undefined || allowed.includes(request.workflow));
}

function hasLabels(runner: Runner, labels: readonly string[]): boolean {
  const own = new Set(runner.labels.map((label) => label.name.toLowerCase()));
  return labels.every((label) => own.has(label.toLowerCase()));
}
