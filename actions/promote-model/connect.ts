/** Connects promote-model to GitHub and the workspace. */
import { runUrlOf } from "../../shared/action/context.ts";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createApprovals } from "../../shared/adapters/deployments/approvals.ts";
import { createDeploymentHistory } from "../../shared/adapters/deployments/deployment-history.ts";
import { createDeployments } from "../../shared/adapters/deployments/deployments.ts";
import { createReviewedChanges } from "../../shared/adapters/deployments/reviewed-changes.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { listAllRunArtifacts } from "../../shared/adapters/github/run-artifacts.ts";
import { readTrustedPolicies, readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { listLedgers } from "../../shared/adapters/ledger/list-ledgers.ts";
import { lookUpLocations } from "../../shared/adapters/model-bytes/look-up-locations.ts";
import { listTrustedBranches } from "../../shared/adapters/registry/find-trusted-branch.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { findUploaded } from "../../shared/adapters/registry/prove-record.ts";
import { proveVersion } from "../../shared/adapters/registry/prove-version.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { anyPlan } from "../../shared/records/promotion-plan.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

/** @param createClient tests bring a client that fails, or never really waits */
export const connectWith =
  (createClient: typeof createGitHub): Connect<typeof spec, Ports> =>
  async ({ inputs, context, log, signal }) => {
    const getOctokit = await loadOctokit();
    const github = createClient({ getOctokit, token: inputs.token, context, log, signal });
    const membersToken = inputs["members-token"];
    const members =
      membersToken === "" ? github : createClient({ getOctokit, token: membersToken, context, log, signal });
    const files = createWorkspaceFiles(context.workspace);
    const write = (path: string, record: ReadRecord<unknown>): Promise<void> => files.write(path, formatRecord(record));
    return {
      readPolicy: (model, about) => readTrustedPolicy(github, context, { reader: "promote-model", model, about }),
      readPolicies: (model) => readTrustedPolicies(github, context, { reader: "promote-model", model }),
      registry: createGitTagRegistry(github),
      async proveVersion(record, trust, policyDigest) {
        const releaseBranches = trust["release-branches"];
        return proveVersion(github, record, {
          branches: await listTrustedBranches(github, releaseBranches),
          releaseBranches,
          events: trust["evidence-events"],
          workflows: trust["evidence-workflows"],
          policyDigest,
        });
      },
      lookUpBytes: ({ locations = [], files = [] }) => lookUpLocations(github, locations, files),
      openLedger: (model) => createBranchLedger(github, model),
      approvals: createApprovals(github, members),
      changes: createReviewedChanges(github),
      deployments: createDeployments(github, { commit: context.sha, id: context.run.id }),
      deploymentHistory: createDeploymentHistory(github),
      listLedgers: () => listLedgers(github),
      readPlan: async () =>
        readRecord(anyPlan, await files.readText(inputs.plan), { file: inputs.plan, reader: "promote-model" }),
      async fetchPlan(run, digest) {
        const found = await findUploaded(github, await listAllRunArtifacts(github, run), anyPlan, digest);
        if (found === undefined) return undefined;
        return readRecord(anyPlan, found.text, { file: found.artifact.name, reader: "promote-model" });
      },
      writePlan: (plan) => write(inputs.plan, plan),
      writeText: (path, text) => files.write(path, text),
      writeRecord: (record) => write(inputs.record, record),
      digestOf,
      now: () => new Date(github.now()).toISOString(),
      ref: context.ref,
      sha: context.sha,
      origin: toRecordOrigin(context),
      runUrl: runUrlOf(context),
    };
  };

export const connect = connectWith(createGitHub);
