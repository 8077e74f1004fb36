/** Connects promote-model to GitHub and the workspace. */
import { type ActionContext, runUrlOf, toRecordOrigin } from "../../shared/action/context.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createApprovals } from "../../shared/adapters/deployments/approvals.ts";
import { createDeployments } from "../../shared/adapters/deployments/deployments.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { promotionPlan } from "../../shared/records/promotion-record.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) =>
  createPorts({ github: createGitHub({ token: inputs.token, context, log, signal }), inputs, context, now: Date.now });

interface PortsOptions {
  readonly github: GitHub;
  readonly inputs: { readonly plan: string; readonly record: string };
  readonly context: ActionContext;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createPorts({ github, inputs, context, now }: PortsOptions): Ports {
  const files = createWorkspaceFiles(context.workspace);
  const write = (path: string, record: unknown): Promise<void> => files.write(path, formatRecord(record));
  return {
    readPolicy: () => readTrustedPolicy(github, context),
    registry: createGitTagRegistry(github),
    openLedger: (model) => createBranchLedger(github, model),
    approvals: createApprovals(github, now),
    deployments: createDeployments(github),
    readPlan: async () => readRecord(promotionPlan, await files.readText(inputs.plan), inputs.plan),
    writePlan: (plan) => write(inputs.plan, plan),
    writeRecord: (record) => write(inputs.record, record),
    digestOf,
    now: () => new Date(now()).toISOString(),
    origin: toRecordOrigin(context),
    runUrl: runUrlOf(context),
  };
}
