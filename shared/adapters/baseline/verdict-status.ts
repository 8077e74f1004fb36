/** Where the verdict of a training on demand is shown: a commit status of the name that the policy gives it. */
import * as z from "zod";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import { type CommitStatus, writeCommitStatus } from "../github/commit-status.ts";
import type { GitHub } from "../github/github.ts";
import { readTrustedPolicy } from "../github/trusted-policy.ts";

const mergeGroup = z.object({ merge_group: z.object({ head_sha: z.string().regex(/^[0-9a-f]{40}$/) }) });

interface Judging extends Pick<TriggerEvent, "event" | "ref" | "sha" | "run"> {
  readonly urls: { readonly repository: string };
}

/**
 * @param of.commit what was trained on demand; empty: a merge group's own commit, or nothing that a status is for
 * @returns sets the status; does nothing where the policy does not train on demand
 */
export const createStatusPort =
  (github: GitHub, judging: Judging, { commit, model }: { readonly commit: string; readonly model: string }) =>
  async (state: CommitStatus["state"], description: string): Promise<void> => {
    const { event, run, urls } = judging;
    const head = commit === "" ? mergeGroup.safeParse(event.payload).data?.merge_group.head_sha : commit;
    if (head === undefined) return;
    const { policy } = await readTrustedPolicy(github, judging, { reader: "gate-metrics", model });
    const context = getModelPolicy(policy).train?.["on-demand"]?.status;
    if (context === undefined) return;
    await writeCommitStatus(github, head, {
      context,
      state,
      description,
      url: `${urls.repository}/actions/runs/${run.id}`,
    });
  };
