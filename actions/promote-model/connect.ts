/** Connects promote-model to GitHub and the workspace. */
import { type ActionContext, originOf } from "../../shared/action/context.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createDeployments } from "../../shared/adapters/deployments/deployments.ts";
import { createGatekeeper } from "../../shared/adapters/deployments/gatekeeper.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/git-branch.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tags.ts";
import { promotionPlan } from "../../shared/records/promotion-record.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) =>
  assemble({ github: createGitHub({ token: inputs.token, context, log, signal }), inputs, context, now: Date.now });

interface Parts {
  readonly github: GitHub;
  readonly inputs: { readonly plan: string; readonly record: string };
  readonly context: ActionContext;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function assemble({ github, inputs, context, now }: Parts): Ports {
  const files = createFiles(context.workspace);
  const write = (path: string, record: unknown): Promise<void> =>
    files.write(path, `${JSON.stringify(record, null, 2)}\n`);
  return {
    policy: () => readTrustedPolicy(github, context),
    registry: createGitTagRegistry(github),
    ledger: (model) => createBranchLedger(github, model),
    gatekeeper: createGatekeeper(github, now),
    deployments: createDeployments(github),
    readPlan: async () => readRecord(promotionPlan, await files.readText(inputs.plan), inputs.plan),
    writePlan: (plan) => write(inputs.plan, plan),
    writeRecord: (record) => write(inputs.record, record),
    digestOf,
    now: () => new Date(now()).toISOString(),
    here: originOf(context),
    runUrl: `${context.urls.server}/${context.repository}/actions/runs/${context.run.id}`,
  };
}
