/** Evaluates a `concurrency:` block and joins its group. */
import { evaluateBoolean, evaluateText } from "../../workflow-language/evaluate.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import type { ConcurrencyBlock } from "../../workflow-language/model.ts";
import type { Engine } from "../state/engine.ts";
import type { JoinRequest, Lease } from "../waiting/concurrency.ts";
import { waitUnlessStopped } from "../waiting/stopped-error.ts";

export type LeaseRequest = Pick<JoinRequest, "member" | "name" | "heldLeases" | "stop">;

/**
 * The lease in the block's group; `undefined` without a block or when its name is empty.
 * @throws StoppedError as `ConcurrencyGroups.join`. @throws ExpressionError
 */
export function joinConcurrencyGroup(
  engine: Engine,
  block: ConcurrencyBlock | undefined,
  scope: Scope,
  request: LeaseRequest,
): Lease | undefined {
  const group = evaluateText(block?.group, scope, "concurrency.group");
  if (block === undefined || group === "") return undefined;
  return engine.groups.join({
    ...request,
    repository: request.member.run.repository,
    group,
    cancelInProgress: evaluateBoolean(block.cancelInProgress, scope, "concurrency.cancel-in-progress"),
    queue: block.queue,
  });
}

/** Resolves when the lease is held. Calls `onWait` when it must wait. @throws StoppedError the signal's reason. */
export async function waitForLease(
  engine: Engine,
  request: Pick<JoinRequest, "member">,
  lease: Lease,
  signal: AbortSignal,
  onWait: () => void,
): Promise<void> {
  const held = lease.acquire();
  if (lease.isHeld()) return;
  onWait();
  await engine.activity.whileWaiting(request.member.run.repository, waitUnlessStopped(signal, held));
}
