/** Does what `nextStep` says until nothing is left to do. It may die anywhere and be started again. */
import type { Log } from "../../shared/action/log.ts";
import type { Approval } from "../../shared/core/promotion/count-approvals.ts";
import {
  createAbortEntry,
  createCommitEntry,
  createIntentEntry,
  type EntryContext,
} from "../../shared/core/promotion/ledger-entries.ts";
import {
  nextPromotionStep,
  type ObservedState,
  type PromotionStep,
  tagNameOf,
} from "../../shared/core/promotion/next-promotion-step.ts";
import { appendEntry, serializeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { refused, userError } from "../../shared/problem/problem.ts";
import type { PromotionPlan, PromotionRecord } from "../../shared/records/promotion-record.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, readLedgerSnapshot } from "./readers.ts";

export interface ApprovedPlan {
  readonly plan: PromotionPlan;
  readonly planDigest: string;
  readonly approvals: readonly Approval[];
}

/** Four steps of our own, three of somebody who died, and room for others who write at the same time. */
const MAX_STEPS = 40;

/** @returns the ledger's entry that commits the plan, as it was read back */
export async function executePlan(
  order: ApprovedPlan,
  books: LedgerSnapshot,
  ports: Ports,
  log: Log,
  signal: AbortSignal,
): Promise<PromotionRecord> {
  const { plan, planDigest } = order;
  let at: ExecutionState = { snapshot: books, createdTags: new Map(), deployed: new Set() };
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    signal.throwIfAborted();
    const step = nextPromotionStep(plan, planDigest, toObservedState(at));
    if (step.do === "nothing") return readCommittedEntry(order, ports);
    log.info(formatStep(step, plan));
    at = await performStep(step, order, at, ports);
  }
  throw userError({
    code: "promotion-contended",
    message: `others wrote to the ledger of ${plan.model} all the time`,
    fix: "Re-run the job",
  });
}

interface ExecutionState {
  readonly snapshot: LedgerSnapshot;
  readonly createdTags: ReadonlyMap<string, string>;
  readonly deployed: ReadonlySet<string>;
}

const toObservedState = ({ snapshot: books, createdTags: made, deployed }: ExecutionState): ObservedState => ({
  ledger: books.ledger,
  tags: new Set(books.tags.map(({ name }) => name)),
  createdTags: made,
  deployed,
  ownerHasEnded: books.ownerHasEnded,
});

async function performStep(
  step: Exclude<PromotionStep, { do: "nothing" }>,
  order: ApprovedPlan,
  at: ExecutionState,
  ports: Ports,
): Promise<ExecutionState> {
  const { snapshot: books } = at;
  const writing: EntryContext = { ledger: books.ledger, at: ports.now(), origin: ports.origin };
  switch (step.do) {
    case "begin":
      return { ...at, snapshot: await appendToLedger(createIntentEntry(order, writing), books, ports) };
    case "tag":
      return {
        ...at,
        createdTags: new Map(at.createdTags).set(step.intent.planDigest, await createAssignmentTag(step.intent, ports)),
      };
    case "deploy":
      await ports.deployments.record(toDeployment(step.intent, ports.runUrl));
      return { ...at, deployed: new Set(at.deployed).add(step.intent.planDigest) };
    case "commit":
      return {
        ...at,
        snapshot: await appendToLedger(createCommitEntry(step.intent, step.object, writing), books, ports),
      };
    case "abort":
      return { ...at, snapshot: await appendToLedger(createAbortEntry(step.intent, writing), books, ports) };
  }
}

/** When somebody was faster, the world is looked at anew: it may have been ourselves, in an earlier life. */
async function appendToLedger(entry: PromotionRecord, books: LedgerSnapshot, ports: Ports): Promise<LedgerSnapshot> {
  const { plan, type } = entry;
  const title = `${type}: ${plan.kind} ${plan.model} ${plan.target.version} ${plan.to}`;
  const file = await ports.openLedger(plan.model).append(books.file, serializeEntry(entry), entry.at, title);
  if (file === undefined) return readLedgerSnapshot(plan.model, plan.to, ports);
  return { ...books, file, ledger: appendEntry(books.ledger, entry, ports.digestOf) };
}

/** All of the tag follows from the intent: made by whomever, it is the same object. */
async function createAssignmentTag(intent: PromotionRecord, { registry }: Ports): Promise<string> {
  const { model, target, to } = intent.plan;
  const name = tagNameOf(intent);
  const message = formatTagMessage(`Assign ${model} ${target.version} to ${to}`, intent);
  const { ref, mine } = await registry.create({ name, commit: target.commit, message, at: intent.at });
  if (mine) return ref.object;
  throw refused({
    code: "assignment-tag-taken",
    message: `the tag ${name} exists and is not the one this promotion makes`,
    fix: "Find out who made it, and delete it; then re-run the job",
  });
}

function toDeployment({ plan, planDigest }: PromotionRecord, runUrl: string) {
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

async function readCommittedEntry({ plan, planDigest }: ApprovedPlan, ports: Ports): Promise<PromotionRecord> {
  const { ledger } = await readLedgerSnapshot(plan.model, plan.to, ports);
  const entry = ledger.plans.get(planDigest);
  if (entry?.type === "committed") return entry;
  throw refused({
    code: "promotion-not-read-back",
    message: "what was written to the ledger does not stand there any more",
    fix: `Find out who changed the branch mlops-ledger/${plan.model}`,
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
      return `Ledger: aborted what run ${step.intent.origin.run} left undone`;
  }
}
