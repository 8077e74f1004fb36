/** Performs the steps of a promotion until none is left. It may crash at any point and be started again. */
import type { Log } from "../../shared/action/log.ts";
import type { LedgerEntry } from "../../shared/core/promotion/ledger.ts";
import {
  type ApprovedPlan,
  createAbortEntry,
  createCommitEntry,
  createIntentEntry,
  type EntryContext,
  type NewEntry,
} from "../../shared/core/promotion/ledger-entries.ts";
import {
  assertStillCurrent,
  nextPromotionStep,
  type ObservedState,
  type PlannedChange,
  type PromotionGoal,
  type PromotionStep,
  tagNameOf,
} from "../../shared/core/promotion/next-promotion-step.ts";
import { appendEntry, serializeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { ledgerBranchName } from "../../shared/core/registry/ref-name.ts";
import { ActionError, isMissingPermission, refused, userError } from "../../shared/problem/problem.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { createAssignmentTag } from "./assignment-tag.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, readLedgerSnapshot } from "./readers.ts";

/** Six steps of this plan, four of a run that crashed, and room for others that write at the same time. */
const MAX_STEPS = 40;

/** @returns the state in which nothing is left to do for the goal */
export async function executePlan(
  approved: ApprovedPlan,
  goal: PromotionGoal,
  snapshot: LedgerSnapshot,
  { ports, log, signal }: Surroundings,
): Promise<LedgerSnapshot> {
  const { planDigest } = approved;
  const plan = approved.plan.record;
  let state: ExecutionState = { snapshot, createdTags: new Map(), deployments: new Map() };
  try {
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      signal.throwIfAborted();
      const step = nextPromotionStep(plan, planDigest, goal, toObservedState(state));
      if (step.do === "nothing") return state.snapshot;
      log.info(formatStep(step, plan));
      state = await performStep(step, approved, state, ports);
    }
  } catch (error) {
    const isOnlyAnnounced =
      state.deployments.get(planDigest) === "in_progress" && !state.snapshot.ledger.plans.has(planDigest);
    if (isOnlyAnnounced && isFinal(error)) {
      await ports.deployments.report(toDeployment({ plan, planDigest }, ports.runUrl), "failure");
    }
    throw error;
  }
  throw userError({
    code: "promotion-contended",
    message: `other runs kept writing to the ledger of ${plan.model}`,
    fix: "Re-run the job",
  });
}

/** Whether trying again cannot help. */
const isFinal = (error: unknown): boolean =>
  (error instanceof ActionError && error.kind === "refused") || isMissingPermission(error);

export interface Surroundings {
  readonly ports: Ports;
  readonly log: Log;
  readonly signal: AbortSignal;
}

interface ExecutionState {
  readonly snapshot: LedgerSnapshot;
  readonly createdTags: ReadonlyMap<string, string>;
  readonly deployments: ObservedState["deployments"];
}

const toObservedState = ({ snapshot, createdTags, deployments }: ExecutionState): ObservedState => ({
  ledger: snapshot.ledger,
  tags: new Set(snapshot.tags.map(({ name }) => name)),
  createdTags,
  deployments,
  ownerHasEnded: snapshot.ownerHasEnded,
});

async function performStep(
  step: Exclude<PromotionStep, { do: "nothing" }>,
  approved: ApprovedPlan,
  state: ExecutionState,
  ports: Ports,
): Promise<ExecutionState> {
  const { snapshot, createdTags } = state;
  const entryContext: EntryContext = { ledger: snapshot.ledger, at: ports.now(), origin: ports.origin };
  const append = async (entry: NewEntry, { plan }: Pick<LedgerEntry, "plan">): Promise<ExecutionState> => ({
    ...state,
    snapshot: await appendToLedger(entry, plan, snapshot, ports),
  });
  switch (step.do) {
    case "begin":
      return append(createIntentEntry(approved, entryContext), { plan: approved.plan.record });
    case "tag": {
      const object = await createAssignmentTag(step.intent, ports);
      return { ...state, createdTags: new Map(createdTags).set(step.intent.planDigest, object) };
    }
    case "announce": {
      const announced = { plan: approved.plan.record, planDigest: approved.planDigest };
      await ports.deployments.announce(toDeployment(announced, ports.runUrl));
      return { ...state, deployments: new Map(state.deployments).set(approved.planDigest, "in_progress") };
    }
    case "report": {
      await ports.deployments.report(toDeployment(step.about, ports.runUrl), step.status);
      return { ...state, deployments: new Map(state.deployments).set(step.about.planDigest, step.status) };
    }
    case "commit":
      return append(createCommitEntry(step.intent, step.object, entryContext), step.intent);
    case "abort":
      return append(createAbortEntry(step.intent, entryContext), step.intent);
  }
}

/** When another write came first, all state is read again: the writer may have been an earlier attempt of this run. */
async function appendToLedger(
  entry: NewEntry,
  plan: PromotionPlan,
  snapshot: LedgerSnapshot,
  ports: Ports,
): Promise<LedgerSnapshot> {
  // Before anything is written: a line that may not follow would break the ledger for every environment, for ever.
  const ledger = appendEntry(snapshot.ledger, entry, ports.digestOf);
  const { type, at } = entry.record;
  const title = `${type}: ${plan.kind} ${plan.model} ${plan.target.version} ${plan.to}`;
  const file = await ports.openLedger(plan.model).append(snapshot.file, serializeEntry(entry), at, title);
  if (file === undefined) return readLedgerSnapshot(plan.model, plan.to, ports);
  return { ...snapshot, file, ledger };
}

function toDeployment({ plan, planDigest }: PlannedChange, runUrl: string) {
  const { kind, model, target, to } = plan;
  return {
    key: planDigest,
    environment: to,
    commit: target.commit,
    description: `${kind === "promote" ? "Promote" : "Roll back to"} ${model} ${target.version}`,
    logUrl: runUrl,
    details: { model, version: target.version, model_digest: target.modelDigest },
  };
}

/** @returns the ledger entry that commits the plan, as it is read back */
export async function readCommittedEntry({ plan, planDigest }: PlannedChange, ports: Ports): Promise<LedgerEntry> {
  const { ledger } = await readLedgerSnapshot(plan.model, plan.to, ports);
  const entry = ledger.plans.get(planDigest);
  if (entry?.record.type === "committed") {
    assertStillCurrent(entry, ledger);
    return entry;
  }
  throw refused({
    code: "promotion-not-read-back",
    message: "the entry that was written to the ledger is no longer there",
    fix: `Find out who changed the branch ${ledgerBranchName(plan.model)}, restore it, and re-run the job`,
  });
}

function formatStep(step: Exclude<PromotionStep, { do: "nothing" }>, plan: PromotionPlan): string {
  switch (step.do) {
    case "begin":
      return `Ledger: intent to ${plan.kind} ${plan.target.version} to ${plan.to}`;
    case "tag":
      return `Tag: ${tagNameOf(step.intent)}`;
    case "announce":
      return `Deployment: ${plan.target.version} in ${plan.to}, in progress`;
    case "report":
      return `Deployment: ${step.about.plan.target.version} in ${plan.to}, ${step.status}`;
    case "commit":
      return `Ledger: committed ${tagNameOf(step.intent)}`;
    case "abort":
      return `Ledger: aborted the unfinished promotion of run ${step.intent.record.origin.run}`;
  }
}
