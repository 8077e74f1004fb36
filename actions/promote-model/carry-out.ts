/** Does what `nextStep` says until nothing is left to do. It may die anywhere and be started again. */
import type { Log } from "../../shared/action/log.ts";
import { mistake, refusal } from "../../shared/action/problem.ts";
import type { Approval } from "../../shared/core/promotion/approvals.ts";
import { abortOf, commitOf, intentFor, type Writing } from "../../shared/core/promotion/entries.ts";
import { nextStep, type Seen, type Step, tagOf } from "../../shared/core/promotion/next-step.ts";
import { appendEntry, writeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { writeTagMessage } from "../../shared/core/registry/tag-message.ts";
import type { PromotionPlan, PromotionRecord } from "../../shared/records/promotion-record.ts";
import { type Books, readBooks } from "./gather.ts";
import type { Ports } from "./ports.ts";

export interface Order {
  readonly plan: PromotionPlan;
  readonly planDigest: string;
  readonly approvals: readonly Approval[];
}

/** Four steps of our own, three of somebody who died, and room for others who write at the same time. */
const MOST_STEPS = 40;

/** @returns the ledger's entry that commits the plan, as it was read back */
export async function carryOut(
  order: Order,
  books: Books,
  ports: Ports,
  log: Log,
  signal: AbortSignal,
): Promise<PromotionRecord> {
  const { plan, planDigest } = order;
  let at: Standpoint = { books, made: new Map(), deployed: new Set() };
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    signal.throwIfAborted();
    const step = nextStep(plan, planDigest, seenFrom(at));
    if (step.do === "nothing") return readBack(order, ports);
    log.info(tell(step, plan));
    at = await take(step, order, at, ports);
  }
  throw mistake({
    code: "promotion-contended",
    message: `others wrote to the ledger of ${plan.model} all the time`,
    fix: "Re-run the job",
  });
}

interface Standpoint {
  readonly books: Books;
  readonly made: ReadonlyMap<string, string>;
  readonly deployed: ReadonlySet<string>;
}

const seenFrom = ({ books, made, deployed }: Standpoint): Seen => ({
  ledger: books.ledger,
  tags: new Set(books.tags.map(({ name }) => name)),
  made,
  deployed,
  ownerIsOver: books.ownerIsOver,
});

async function take(
  step: Exclude<Step, { do: "nothing" }>,
  order: Order,
  at: Standpoint,
  ports: Ports,
): Promise<Standpoint> {
  const { books } = at;
  const writing: Writing = { ledger: books.ledger, at: ports.now(), origin: ports.here };
  switch (step.do) {
    case "begin":
      return { ...at, books: await append(intentFor(order, writing), books, ports) };
    case "tag":
      return { ...at, made: new Map(at.made).set(step.intent.planDigest, await makeTag(step.intent, ports)) };
    case "deploy":
      await ports.deployments.record(deploymentOf(step.intent, ports.runUrl));
      return { ...at, deployed: new Set(at.deployed).add(step.intent.planDigest) };
    case "commit":
      return { ...at, books: await append(commitOf(step.intent, step.object, writing), books, ports) };
    case "abort":
      return { ...at, books: await append(abortOf(step.intent, writing), books, ports) };
  }
}

/** When somebody was faster, the world is looked at anew: it may have been ourselves, in an earlier life. */
async function append(entry: PromotionRecord, books: Books, ports: Ports): Promise<Books> {
  const { plan, type } = entry;
  const title = `${type}: ${plan.kind} ${plan.model} ${plan.target.version} ${plan.to}`;
  const file = await ports.ledger(plan.model).append(books.file, writeEntry(entry), entry.at, title);
  if (file === undefined) return readBooks(plan.model, plan.to, ports);
  return { ...books, file, ledger: appendEntry(books.ledger, entry, ports.digestOf) };
}

/** All of the tag follows from the intent: made by whomever, it is the same object. */
async function makeTag(intent: PromotionRecord, { registry }: Ports): Promise<string> {
  const { model, target, to } = intent.plan;
  const name = tagOf(intent);
  const message = writeTagMessage(`Assign ${model} ${target.version} to ${to}`, intent);
  const { ref, mine } = await registry.create({ name, commit: target.commit, message, at: intent.at });
  if (mine) return ref.object;
  throw refusal({
    code: "assignment-tag-taken",
    message: `the tag ${name} exists and is not the one this promotion makes`,
    fix: "Find out who made it, and delete it; then re-run the job",
  });
}

function deploymentOf({ plan, planDigest }: PromotionRecord, runUrl: string) {
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

async function readBack({ plan, planDigest }: Order, ports: Ports): Promise<PromotionRecord> {
  const { ledger } = await readBooks(plan.model, plan.to, ports);
  const entry = ledger.plans.get(planDigest);
  if (entry?.type === "committed") return entry;
  throw refusal({
    code: "promotion-not-read-back",
    message: "what was written to the ledger does not stand there any more",
    fix: `Find out who changed the branch mlops-ledger/${plan.model}`,
  });
}

function tell(step: Exclude<Step, { do: "nothing" }>, plan: PromotionPlan): string {
  switch (step.do) {
    case "begin":
      return `Ledger: intent to ${plan.kind} ${plan.target.version} to ${plan.to}`;
    case "tag":
      return `Tag: ${tagOf(step.intent)}`;
    case "deploy":
      return `Deployment: ${step.intent.plan.target.version} in ${plan.to}`;
    case "commit":
      return `Ledger: committed ${tagOf(step.intent)}`;
    case "abort":
      return `Ledger: aborted what run ${step.intent.origin.run} left undone`;
  }
}
