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
  type PromotionStep,
  tagNameOf,
} from "../../shared/core/promotion/next-promotion-step.ts";
import { appendEntry, serializeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { ledgerBranchName } from "../../shared/core/registry/ref-name.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { refused, userError } from "../../shared/problem/problem.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { promotionRecord } from "../../shared/records/promotion-record.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, readLedgerSnapshot } from "./readers.ts";

/** Four steps of this plan, three of a run that crashed, and room for others that write at the same time. */
const MAX_STEPS = 40;

/** @returns the ledger entry that commits the plan, as it was read back */
export async function executePlan(
  approved: ApprovedPlan,
  snapshot: LedgerSnapshot,
  ports: Ports,
  log: Log,
  signal: AbortSignal,
): Promise<LedgerEntry> {
  const { planDigest } = approved;
  const plan = approved.plan.record;
  let state: ExecutionState = { snapshot, createdTags: new Map(), deployed: new Set() };
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    signal.throwIfAborted();
    const step = nextPromotionStep(plan, planDigest, toObservedState(state));
    if (step.do === "nothing") return readCommittedEntry(approved, ports);
    log.info(formatStep(step, plan));
    state = await performStep(step, approved, state, ports);
  }
  throw userError({
    code: "promotion-contended",
    message: `other runs kept writing to the ledger of ${plan.model}`,
    fix: "Re-run the job",
  });
}

interface ExecutionState {
  readonly snapshot: LedgerSnapshot;
  readonly createdTags: ReadonlyMap<string, string>;
  readonly deployed: ReadonlySet<string>;
}

const toObservedState = ({ snapshot, createdTags, deployed }: ExecutionState): ObservedState => ({
  ledger: snapshot.ledger,
  tags: new Set(snapshot.tags.map(({ name }) => name)),
  createdTags,
  deployed,
  ownerHasEnded: snapshot.ownerHasEnded,
});

async function performStep(
  step: Exclude<PromotionStep, { do: "nothing" }>,
  approved: ApprovedPlan,
  state: ExecutionState,
  ports: Ports,
): Promise<ExecutionState> {
  const { snapshot, createdTags, deployed } = state;
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
    case "deploy":
      await ports.deployments.record(toDeployment(step.intent, ports.runUrl));
      return { ...state, deployed: new Set(deployed).add(step.intent.planDigest) };
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

/** The tag is computed from the intent alone: every run that creates it creates the same object. */
async function createAssignmentTag(intent: LedgerEntry, { registry }: Ports): Promise<string> {
  const { model, target, to } = intent.plan;
  const name = tagNameOf(intent);
  const message = formatTagMessage(`Assign ${model} ${target.version} to ${to}`, promotionRecord, intent);
  const { ref, mine } = await registry.create({ name, commit: target.commit, message, at: intent.record.at });
  if (mine) return ref.object;
  throw refused({
    code: "assignment-tag-taken",
    message: `the tag ${name} exists and is not the tag of this promotion`,
    fix: "Find out who created it, delete it, and re-run the job",
  });
}

function toDeployment({ plan, planDigest }: LedgerEntry, runUrl: string) {
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

async function readCommittedEntry(
  { plan: { record: plan }, planDigest }: ApprovedPlan,
  ports: Ports,
): Promise<LedgerEntry> {
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
    case "deploy":
      return `Deployment: ${step.intent.plan.target.version} in ${plan.to}`;
    case "commit":
      return `Ledger: committed ${tagNameOf(step.intent)}`;
    case "abort":
      return `Ledger: aborted the unfinished promotion of run ${step.intent.record.origin.run}`;
  }
}
