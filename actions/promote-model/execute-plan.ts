/** Performs the steps of a promotion until none is left. It may crash at any point and be started again. */
import type { Log } from "../../shared/action/log.ts";
import type { AnnouncedDeployment, LedgerEntry } from "../../shared/core/promotion/ledger.ts";
import {
  type ApprovedPlan,
  createAbortEntry,
  createCommitEntry,
  createIntentEntry,
  type EntryContext,
  type NewEntry,
} from "../../shared/core/promotion/ledger-entries.ts";
import {
  nextPromotionStep,
  type ObservedState,
  type PlannedChange,
  type PromotionGoal,
  type PromotionStep,
  tagNameOf,
} from "../../shared/core/promotion/next-promotion-step.ts";
import { type NewPart, startPart } from "../../shared/core/promotion/start-part.ts";
import { appendEntry, serializeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { ActionError, isMissingPermission, userError } from "../../shared/problem/problem.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { createAssignmentTag } from "./assignment-tag.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, questionOf, readLedgerSnapshot } from "./readers.ts";

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
  let state: ExecutionState = {
    ...{ snapshot, createdTags: new Map(), deployments: new Map() },
    ...{ announced: undefined, committed: new Set() },
  };
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
  /** The deployment of this plan. */
  readonly announced: AnnouncedDeployment | undefined;
  /** Plans that this step has committed: nobody can have reported that before. */
  readonly committed: ReadonlySet<string>;
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
  const append = async (
    entry: NewEntry,
    { plan, planDigest }: Pick<LedgerEntry, "plan" | "planDigest">,
    part?: NewPart,
  ): Promise<ExecutionState> => {
    const after = await appendToLedger(entry, plan, snapshot, ports, part);
    const isCommitted = after !== undefined && entry.record.type === "committed";
    return {
      ...state,
      snapshot: after ?? (await readLedgerSnapshot(questionOf(approved.plan.record), ports, approved.planDigest)),
      committed: isCommitted ? new Set([...state.committed, planDigest]) : state.committed,
    };
  };
  switch (step.do) {
    case "begin": {
      const { record: plan, version } = approved.plan;
      const part = startPart(snapshot.file, { plan, version }, entryContext, ports.digestOf);
      const context = { ...entryContext, ledger: part?.ledger ?? snapshot.ledger };
      const entry = createIntentEntry({ ...approved, deployment: state.announced }, context);
      return append(entry, { plan, planDigest: approved.planDigest }, part);
    }
    case "tag": {
      const object = await createAssignmentTag(step.intent, ports);
      return { ...state, createdTags: new Map(createdTags).set(step.intent.planDigest, object) };
    }
    case "announce": {
      const announced = { plan: approved.plan.record, planDigest: approved.planDigest };
      const deployment = await ports.deployments.announce(toDeployment(announced, ports.runUrl));
      const deployments = new Map(state.deployments).set(approved.planDigest, "in_progress");
      return { ...state, deployments, announced: deployment };
    }
    case "report": {
      const isNew =
        state.committed.has(step.about.planDigest) || (step.status === "inactive" && state.committed.size > 0);
      await ports.deployments.report(toDeployment(step.about, ports.runUrl), step.status, isNew);
      return { ...state, deployments: new Map(state.deployments).set(step.about.planDigest, step.status) };
    }
    case "commit":
      return append(createCommitEntry(step.intent, step.object, entryContext), step.intent);
    case "abort":
      return append(createAbortEntry(step.intent, entryContext), step.intent);
  }
}

/** @returns `undefined` when another write came first, maybe of an earlier attempt of this run: then all is read again */
async function appendToLedger(
  entry: NewEntry,
  plan: PromotionPlan,
  snapshot: LedgerSnapshot,
  ports: Ports,
  part: NewPart | undefined,
): Promise<LedgerSnapshot | undefined> {
  // Before anything is written: a line that may not follow would break the ledger for every environment, for ever.
  const ledger = appendEntry(part?.ledger ?? snapshot.ledger, entry, ports.digestOf);
  const { type, at } = entry.record;
  const title = `${type}: ${plan.kind} ${plan.model} ${plan.target.version} ${plan.to}`;
  // With its part in one commit: of two that begin one, only the first gets in.
  const lines = [...(part === undefined ? [] : [part.entry]), entry].map(serializeEntry).join("\n");
  const file = await ports.openLedger(plan.model).append(snapshot.file, lines, at, title, part?.keepFrom);
  return file && { ...snapshot, file, ledger };
}

function toDeployment({ plan, planDigest, deployment }: PlannedChange, runUrl: string) {
  const { kind, model, target, to } = plan;
  return {
    key: planDigest,
    id: deployment?.id,
    environment: to,
    commit: target.commit,
    description: `${kind === "promote" ? "Promote" : "Roll back to"} ${model} ${target.version}`,
    logUrl: runUrl,
    details: { model, version: target.version, model_digest: target.modelDigest },
  };
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
