/** `jobs:`, once GitHub's parser has accepted them. */
import type {
  CallJob,
  ConcurrencyBlock,
  JobDefinition,
  PermissionsBlock,
  RunDefaults,
  StepsJob,
  Strategy,
} from "./model.ts";
import { plainText } from "./plain-text.ts";
import { optionalText, readCondition, readSteps, readTextMapping, readTexts } from "./read-steps.ts";
import { wholeExpression } from "./template-text.ts";
import { isList, isMapping, type Json } from "./values.ts";

/** Keys of a job that are not supported. Their names are stored, so that the job can fail with a message. */
const unsupportedKeys = ["container", "services", "snapshot", "cancel-timeout-minutes"];

export function readJobs(jobs: Json | undefined): readonly JobDefinition[] {
  const entries = Object.entries(isMapping(jobs) ? jobs : {});
  const ids = new Map(entries.map(([id]) => [id.toLowerCase(), id]));
  return entries.map(([id, job]) => readJob(id, isMapping(job) ? job : {}, ids));
}

/** @param ids Job ids by their lower case: `needs` may write them in another case. */
function readJob(id: string, job: Readonly<Record<string, Json>>, ids: ReadonlyMap<string, string>): JobDefinition {
  const needs = job["needs"] === undefined ? [] : isList(job["needs"]) ? job["needs"] : [job["needs"]];
  const shared = {
    id,
    name: optionalText(job["name"]) || undefined,
    needs: needs.map(plainText).map((need) => ids.get(need.toLowerCase()) ?? need),
    if: readCondition(job["if"]),
    permissions: readPermissions(job["permissions"]),
    concurrency: readConcurrency(job["concurrency"]),
    strategy: readStrategy(job["strategy"]),
  };
  if (job["uses"] !== undefined) {
    const call: CallJob = {
      kind: "call",
      ...shared,
      uses: plainText(job["uses"]),
      with: isMapping(job["with"]) ? job["with"] : {},
      secrets: job["secrets"] === "inherit" ? "inherit" : readTextMapping(job["secrets"]),
    };
    return call;
  }
  const steps: StepsJob = {
    kind: "steps",
    ...shared,
    runsOn: job["runs-on"] ?? null,
    environment: job["environment"],
    env: readTexts(job["env"]),
    defaults: readDefaults(job["defaults"]),
    timeoutMinutes: job["timeout-minutes"],
    continueOnError: job["continue-on-error"],
    outputs: readTextMapping(job["outputs"]),
    steps: readSteps(job["steps"]),
    unsupported: unsupportedKeys.filter((key) => job[key] !== undefined),
  };
  return steps;
}

function readStrategy(strategy: Json | undefined): Strategy | undefined {
  const whole = typeof strategy === "string" ? wholeExpression(strategy) : undefined;
  if (whole !== undefined) return strategyParts(whole);
  if (!isMapping(strategy)) return undefined;
  return {
    matrix: strategy["matrix"],
    failFast: strategy["fail-fast"],
    maxParallel: strategy["max-parallel"],
  };
}

/** One expression for the whole strategy, split into its parts. What its value does not set gets GitHub's defaults. */
function strategyParts(whole: string): Strategy {
  const part = (key: string) => `(${whole})['${key}']`;
  const failFast = part("fail-fast");
  return {
    matrix: `\${{ ${part("matrix")} }}`,
    failFast: `\${{ toJSON(${failFast}) == 'null' || ${failFast} }}`,
    maxParallel: `\${{ ${part("max-parallel")} || 0 }}`,
  };
}

export function readDefaults(defaults: Json | undefined): RunDefaults {
  const run = isMapping(defaults) ? defaults["run"] : undefined;
  if (!isMapping(run)) return { shell: undefined, workingDirectory: undefined };
  return { shell: optionalText(run["shell"]), workingDirectory: optionalText(run["working-directory"]) };
}

export function readConcurrency(concurrency: Json | undefined): ConcurrencyBlock | undefined {
  if (concurrency === undefined || concurrency === null) return undefined;
  if (!isMapping(concurrency)) return { group: plainText(concurrency), cancelInProgress: false, queue: "single" };
  return {
    group: plainText(concurrency["group"]),
    cancelInProgress: concurrency["cancel-in-progress"] ?? false,
    queue: concurrency["queue"] === "max" ? "max" : "single",
  };
}

export function readPermissions(permissions: Json | undefined): PermissionsBlock | undefined {
  if (permissions === "read-all") return { "*": "read" };
  if (permissions === "write-all") return { "*": "write" };
  if (!isMapping(permissions)) return undefined;
  return Object.fromEntries(
    Object.entries(permissions).flatMap(([key, level]) =>
      level === "read" || level === "write" || level === "none" ? [[key, level]] : [],
    ),
  );
}
