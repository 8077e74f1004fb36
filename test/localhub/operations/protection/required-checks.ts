/** Whether the results reported for a commit satisfy the required checks. */
import type { CheckRun, CommitStatus } from "../../world/checks.ts";
import type { RequiredCheck } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** `expected`: nothing has reported it yet. */
export type RequiredCheckState = "success" | "failing" | "pending" | "expected";

export interface EvaluatedCheck {
  readonly check: RequiredCheck;
  readonly state: RequiredCheckState;
}

/** GitHub docs, "About protected branches": these conclusions of a check run satisfy a required check. */
const SATISFYING: ReadonlySet<string | null> = new Set(["success", "neutral", "skipped"]);

/** Worst first: a status and a check run of one name must both pass. */
const BY_PRIORITY: readonly RequiredCheckState[] = ["failing", "pending", "success", "expected"];

/**
 * Evaluates every check on the first of `shas` that reports it. A pull request has two: its test merge and its head
 * (GitHub docs, "Troubleshooting required status checks": a status on the test merge takes precedence over the head's).
 */
export function evaluateChecks(
  world: World,
  repository: Repository,
  checks: readonly RequiredCheck[],
  shas: readonly string[],
): readonly EvaluatedCheck[] {
  return checks.map((check) => {
    const states = shas.map((sha) => requiredCheckStateAt(world, repository, check, sha));
    return { check, state: states.find((state) => state !== "expected") ?? "expected" };
  });
}

/** GitHub's message about those that have not passed; `undefined` when all have. */
export function formatUnmetChecks(checks: readonly EvaluatedCheck[]): string | undefined {
  const open = checks.filter(({ state }) => state !== "success");
  const [first] = open;
  if (first === undefined) return undefined;
  if (checks.length === 1) return `Required status check "${first.check.context}" is ${first.state}.`;
  const counts = (["expected", "pending", "failing"] as const)
    .map((state) => ({ state, count: open.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0);
  const share = `${open.length} of ${checks.length} required status checks`;
  if (counts.length === 1) return `${share} are ${first.state}.`;
  const parts = counts.map(({ state, count }) => `${count} ${state}`);
  return `${share} have not succeeded: ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}.`;
}

function requiredCheckStateAt(
  world: World,
  repository: Repository,
  check: RequiredCheck,
  sha: string,
): RequiredCheckState {
  const app = check.appId === null ? undefined : world.apps.get(check.appId);
  const context = check.context.toLowerCase();
  const status = repository.statuses.findLast(
    (one) =>
      one.sha === sha && one.context.toLowerCase() === context && (check.appId === null || one.creator === app?.bot),
  );
  const run = [...repository.checkRuns.values()].findLast(
    (one) =>
      one.headSha === sha && one.name === check.context && (check.appId === null || one.suite.app.id === check.appId),
  );
  const states = [status && requiredStateOfStatus(status), run && requiredStateOfCheckRun(run)];
  return BY_PRIORITY.find((state) => states.includes(state)) ?? "expected";
}

export function requiredStateOfStatus({ state }: CommitStatus): RequiredCheckState {
  if (state === "success" || state === "pending") return state;
  return "failing";
}

export function requiredStateOfCheckRun({ status, conclusion }: CheckRun): RequiredCheckState {
  if (status !== "completed") return "pending";
  return SATISFYING.has(conclusion) ? "success" : "failing";
}
