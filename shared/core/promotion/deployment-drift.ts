/** Whether GitHub's deployments of an environment say what the ledger says. */
import { isSameEnvironment } from "../policy/environment-name.ts";
import { type Drift, findCurrentPlan, type KnownDeployment, type ModelFacts, runKey } from "./drift.ts";
import { getEnvironment, type LedgerEntry } from "./ledger.ts";

/** A promotion is announced a moment before its intent, and may begin while others are read: the next reconciliation sees it. */
const ANNOUNCED_MS = 60 * 60_000;

export function findDeploymentDrift(environment: string, facts: ModelFacts): readonly Drift[] {
  const { model, reading, deployments, ended, now } = facts;
  const { state } = reading;
  const { tags, openIntent, deployedVersions } = getEnvironment(state, environment);
  const at = (severity: Drift["severity"], code: string, message: string, fix: string): Drift => ({
    ...{ severity, model, environment },
    problem: { code, message, fix },
  });
  const here = deployments.filter((one) => one.model === model && isSameEnvironment(one.environment, environment));
  const current = findCurrentPlan(state, tags.at(-1)?.name);
  // Whoever wrote the newest entry may still be writing what GitHub shows: the next reconciliation sees it.
  const writers = [current, openIntent].flatMap((entry) => (entry === undefined ? [] : [entry.record.origin]));
  if (writers.some((writer) => ended.get(runKey(writer)) === false)) return [];

  return [
    ...(current === undefined ? [] : ofCurrent(current)),
    ...here.filter(({ plan }) => plan !== current?.planDigest && plan !== openIntent?.planDigest).flatMap(ofOther),
  ];

  function ofCurrent({ planDigest, plan, record }: LedgerEntry): readonly Drift[] {
    const { version } = plan.target;
    const rerun = `Re-run the job of run ${record.origin.run} that promoted it: it deploys nothing, and records the deployment; if that run is gone, promote the version again`;
    const found = here.find((one) => one.plan === planDigest);
    if (found === undefined) {
      const message = `${environment} has ${version}, and GitHub has no deployment of it`;
      return [at("error", "deployment-missing", message, rerun)];
    }
    const { id, state: shown } = found;
    if (shown === "success") return [];
    const fix = `If ${version} still serves there: gh api -X POST repos/{owner}/{repo}/deployments/${id}/statuses -f state=success -F auto_inactive=false. If not, promote a version`;
    if (shown === "inactive") {
      // GitHub does that to all of an environment when another deployment there succeeds.
      const message = `${environment} has ${version}, and GitHub shows its deployment ${id} as inactive: something else was deployed to ${environment} since`;
      return [at("warning", "deployment-inactive", message, fix)];
    }
    const message = `${environment} has ${version}, and GitHub shows its deployment ${id} as ${shown ?? "not started"}`;
    return [at("error", "deployment-state-differs", message, fix)];
  }

  function ofOther({ id, plan, version, state: shown, createdAt }: KnownDeployment): readonly Drift[] {
    const known = state.plans.get(plan);
    const end = `Set it inactive: gh api -X POST repos/{owner}/{repo}/deployments/${id}/statuses -f state=inactive`;
    if (known !== undefined) {
      if (shown !== "success") return [];
      const what = known.record.type === "committed" ? "was replaced" : "was never committed";
      const message = `GitHub shows the deployment ${id} of ${known.plan.target.version} as active, and the promotion ${what}`;
      return [at("warning", "deployment-still-active", message, end)];
    }
    if (Date.parse(now) - Date.parse(createdAt) < ANNOUNCED_MS) return [];
    // After a repair nothing is known of the plan, and what was restated is what it deployed.
    const isRestated = current === undefined && version === deployedVersions.at(-1)?.version.version;
    if (shown === "success" && !isRestated) {
      const message = `GitHub has the deployment ${id} from ${createdAt}, whose plan the ledger does not know: the end of the ledger was deleted, or the deployment was made by hand`;
      const fix = `Restore the ledger's branch from a clone if it lacks entries. Otherwise: ${end.charAt(0).toLowerCase()}${end.slice(1)}`;
      return [at("error", "deployment-not-in-ledger", message, fix)];
    }
    const isOver = shown === "success" || shown === "failure" || shown === "error" || shown === "inactive";
    if (isOver) return [];
    const message = `the deployment ${id} from ${createdAt} was announced, and no promotion of it began`;
    return [at("warning", "deployment-abandoned", message, end)];
  }
}
