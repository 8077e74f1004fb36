/** What the doctor examines. */
import type { Policy } from "../policy/policy.ts";
import { ledgerBranchName } from "../registry/ref-name.ts";
import type { RepositorySettings } from "./settings.ts";
import type { Job, Step, Workflow } from "./workflow.ts";

export interface RepositoryFacts {
  readonly workflows: readonly Workflow[];
  readonly policy: FoundPolicy;
  /** Text of the file of code owners; `undefined`: there is none. */
  readonly codeOwners: string | undefined;
  /** Of the paths that the policy names, those that are there. */
  readonly isFile: (path: string) => boolean;
  /** `undefined`: GitHub was not asked. */
  readonly settings: RepositorySettings | undefined;
  /** By name of the action. */
  readonly permissions: NeededPermissions;
}

export type FoundPolicy =
  | { readonly kind: "missing" }
  /** Its problems are told already. */
  | { readonly kind: "broken" }
  | { readonly kind: "valid"; readonly path: string; readonly text: string; readonly rules: Policy };

/** Branches of the models' ledgers. */
export const listLedgers = (policy: FoundPolicy): readonly string[] =>
  policy.kind === "valid"
    ? policy.rules.models.flatMap(({ model }) => (model === null ? [] : [ledgerBranchName(model.name)]))
    : [];

export type NeededPermissions = Readonly<Record<string, Readonly<Record<string, NeededPermission>>>>;

export interface NeededPermission {
  readonly access: "read" | "write";
  /** Only some uses of the action need it. */
  readonly optional: boolean;
}

/** A step that uses an action of this suite. */
export interface SuiteStep {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
  /** For example `gate-metrics`. */
  readonly action: string;
}

export const listSuiteSteps = ({ workflows, permissions }: RepositoryFacts): readonly SuiteStep[] =>
  workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const action = findSuiteAction(step.uses ?? "");
        return action === undefined || !Object.hasOwn(permissions, action) ? [] : [{ workflow, job, step, action }];
      }),
    ),
  );

/** The action at the root of the repository has no path. */
function findSuiteAction(uses: string): string | undefined {
  const [, path] = /^[\w.-]+\/[\w.-]+\/actions\/([a-z-]+)@/.exec(uses) ?? [];
  return path ?? (/^[\w.-]+\/mlops-actions@/.test(uses) ? "model-diff" : undefined);
}

/** Actions whose end decides whether a change may be merged. */
const JUDGING: ReadonlySet<string> = new Set(["gate-metrics", "model-diff", "check-data"]);

/** For training on demand, a commit status is what a merge waits for, and not the end of the job. */
export const judgesByStatus = ({ step }: SuiteStep): boolean => String(step.with["commit"] ?? "") !== "";

/** Those that judge pull requests. */
export const listJudgingSteps = (facts: RepositoryFacts): readonly SuiteStep[] =>
  listSuiteSteps(facts).filter(({ action, workflow }) => JUDGING.has(action) && judgesChanges(workflow));

/** Of them, those whose jobs must be required: a gate that has the report of the data decides about it as well. */
export function listDecidingSteps(facts: RepositoryFacts): readonly SuiteStep[] {
  const steps = listJudgingSteps(facts);
  return steps.filter((step) => !steps.some((gate) => judgesReportOf(gate, step)));
}

/** Whether a gate after a check of data is closed unless its report is there and says that the data passed. */
const judgesReportOf = (gate: SuiteStep, { action, job, workflow }: SuiteStep): boolean =>
  action === "check-data" &&
  gate.action !== "check-data" &&
  gate.workflow === workflow &&
  gate.job.needs.includes(job.id) &&
  String(gate.step.with["data-report"] ?? "") !== "";

export const judgesChanges = (workflow: Workflow): boolean => changeEvents(workflow).length > 0;

/** Its events whose checks a merge waits for. */
export const changeEvents = ({ on }: Workflow): readonly string[] =>
  ["pull_request", "pull_request_target", "merge_group"].filter((event) => on.has(event));
