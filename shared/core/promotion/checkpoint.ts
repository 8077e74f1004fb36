/** A checkpoint: people of an environment approve from which state it goes on, after lines that nobody can believe. */
import type { DigestFunction } from "../../records/digest.ts";
import type { RepairPlan } from "../../records/promotion-plan.ts";
import type { Checkpoint } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { environmentKey, isSameEnvironment } from "../policy/environment-name.ts";
import { type ExpectedEntry, findApprovalsError, findLinkError } from "./entry-rules.ts";
import { type EnvironmentState, getEnvironment, isUnsettled, type LedgerState, type RefusedLines } from "./ledger.ts";
import { findTagsError } from "./part-state.ts";

/** @param lines that come after the last valid one, and before the checkpoint if there is one */
export const describeRefused = (
  { seq, digest }: Pick<LedgerState, "seq" | "digest">,
  lines: readonly string[],
  digestOf: DigestFunction,
): RefusedLines => ({
  lastValid: { seq, digest },
  refusedLines: lines.length,
  refusedDigest: digestOf(lines.map((line) => `${line}\n`).join("")),
});

/** The lines that a checkpoint of this environment leaves behind: those that come now, or those of an earlier checkpoint. */
export const refusedFor = (state: LedgerState, environment: string, now: RefusedLines): RefusedLines =>
  now.refusedLines === 0 && state.repaired !== undefined && isUnsettled(state, environment)
    ? state.repaired.lines
    : now;

/**
 * @param refused the lines between the last valid one and this entry
 * @returns what is wrong with it, to complete "this entry … is not valid: …"
 */
export function findCheckpointError(
  state: LedgerState,
  { record }: ReadRecord<Checkpoint>,
  refused: RefusedLines,
  expected: ExpectedEntry,
): string | undefined {
  const { plan, planDigest } = record;
  const { repair, to } = plan;
  const expectedLines = refusedFor(state, to, refused);
  if (!isSame(repair, expectedLines)) return "it is about other lines than those before it";
  const broken = findLinkError(state, { record, plan }, expected);
  if (broken !== undefined) return broken;
  if (state.checkpoints.has(planDigest)) return "its plan has been carried out before";
  return findStateError(state, plan) ?? findApprovalsError(record);
}

const isSame = (a: RefusedLines, b: RefusedLines): boolean =>
  a.refusedLines === b.refusedLines &&
  a.refusedDigest === b.refusedDigest &&
  a.lastValid.seq === b.lastValid.seq &&
  a.lastValid.digest === b.lastValid.digest;

/** What it states can be right or wrong, but must make sense: numbers go on, and are those of tags of this environment. */
function findStateError(ledger: LedgerState, { model, to, repair: { state } }: RepairPlan): string | undefined {
  if (!isSameEnvironment(state.name, to)) return `it states ${state.name}, and its plan is for ${to}`;
  const { lastAssignment, tagsFrom } = getEnvironment(ledger, to);
  // One more than was used: whatever was planned before is stale.
  if (state.lastAssignment <= lastAssignment) return `its number ${state.lastAssignment} is used already`;
  return findTagsError(model, to, state.tags, { ...state, tagsFrom });
}

/** The environment as a checkpoint states it, and what it leaves behind. */
export function afterCheckpoint(
  ledger: LedgerState,
  { plan }: Checkpoint,
  refused: RefusedLines,
): Pick<LedgerState, "repaired"> & { readonly environment: EnvironmentState } {
  const key = environmentKey(plan.to);
  const { deployed, lastAssignment, tags } = plan.repair.state;
  const environment: EnvironmentState = {
    ...getEnvironment(ledger, plan.to),
    ...{ deployedVersions: deployed, openIntent: undefined, lastAssignment, tags },
  };
  const { repaired } = ledger;
  if (refused.refusedLines > 0) return { environment, repaired: { lines: refused, environments: new Set([key]) } };
  if (repaired === undefined) return { environment, repaired };
  return { environment, repaired: { ...repaired, environments: new Set([...repaired.environments, key]) } };
}
