/** Whether a training can be spared because an earlier one was made from the same, and the log's explanation. */
import type { Log } from "../../shared/action/log.ts";
import type { SkipPolicy } from "../../shared/adapters/dispatch/same-training.ts";
import type { TargetWorkflow } from "../../shared/adapters/dispatch/target-workflow.ts";
import { type ContentKey, contentPartOf } from "../../shared/core/training/content-key.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

export interface SkipPorts {
  /** `undefined`: the policy skips no training. */
  readonly readSkipPolicy: (target: TargetWorkflow) => Promise<SkipPolicy | undefined>;
  readonly readContentKey: (
    policy: SkipPolicy,
    target: TargetWorkflow,
    commit: string,
  ) => Promise<ContentKey | { readonly because: string }>;
  readonly findSameTraining: (
    policy: SkipPolicy,
    target: TargetWorkflow,
    commit: string,
    key: ContentKey,
  ) => Promise<TrainingRecord | undefined>;
}

interface Spared {
  /** For the request's ID, so that later trainings find this one; `undefined`: trainings are not skipped. */
  readonly part?: string;
  readonly record?: TrainingRecord;
}

/** Whatever is not known for sure is trained. @param force whether it is trained in any case */
export async function findSpared(
  { target, commit, force }: { readonly target: TargetWorkflow; readonly commit: string; readonly force: boolean },
  ports: SkipPorts,
  log: Log,
): Promise<Spared> {
  try {
    const policy = await ports.readSkipPolicy(target);
    if (policy === undefined) return {};
    const key = await ports.readContentKey(policy, target, commit);
    if ("because" in key) {
      log.info(`No training is skipped: ${key.because}`);
      return {};
    }
    const part = contentPartOf(key);
    const record = force ? undefined : await ports.findSameTraining(policy, target, commit, key);
    const names = key.parts.map(
      ({ name, digest }) => `${name} ${digest.slice("sha256:".length, "sha256:".length + 7)}`,
    );
    if (record?.reused === undefined) {
      log.info(`${force ? "force is set" : "No earlier training was made from the same"}: ${names.join(", ")}`);
      return { part };
    }
    const { commit: earlier, proof } = record.reused;
    log.notice(
      `Nothing is trained: run ${proof.run} has trained commit ${earlier.slice(0, 7)}, and ${names.join(", ")} are the same. To train anyway, set force`,
    );
    return { part, record };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    log.info(`No training is skipped: ${error.problems[0]?.message}`);
    return {};
  }
}
