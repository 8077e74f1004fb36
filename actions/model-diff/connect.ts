/** Connects model-diff to GitHub, the workspace and its git repository. */
import { runUrlOf } from "../../shared/action/context.ts";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { connectArtifactService } from "../../shared/adapters/artifacts/artifact-service.ts";
import { artifactName, uploadArtifact } from "../../shared/adapters/artifacts/upload-artifact.ts";
import { findDiffBaseline } from "../../shared/adapters/baseline/find-diff-baseline.ts";
import { findGateSubject } from "../../shared/adapters/baseline/find-gate-subject.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { readPicture } from "../../shared/adapters/files/read-picture.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { readGateEvidence } from "../../shared/adapters/git/read-gate-evidence.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { createConversation } from "../../shared/adapters/github/conversation.ts";
import { listPullsFrom } from "../../shared/adapters/github/pulls.ts";
import { readTrustedPolicyIfAny } from "../../shared/adapters/github/trusted-policy.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { resultKey } from "./result-key.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

const READER = "model-diff";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  const git = createGitCheckout(context.workspace, signal);
  const artifact = artifactName(`model-diff ${resultKey(inputs.key, context.job, inputs.matrix)}`);
  return {
    async readPolicy() {
      const found = await readTrustedPolicyIfAny(github, context, { reader: READER, local: git });
      if (!("policy" in found)) return { rules: null, ref: found.ref, notes: [], proposed: found.proposed };
      const { policy: rules, path, ref, digest, notes } = found;
      return { rules, policy: { path, ref, digest, version: rules.version }, notes };
    },
    findSubject: (trusted) => findGateSubject(github, context, trusted, git),
    readEvidence: () => readGateEvidence(files, git, { ...inputs, reader: READER }),
    findBaseline: (subject, paths) => findDiffBaseline(github, subject, { artifact, files: paths, reader: READER }),
    digestOf,
    writeRecord: (verdict) => files.write(inputs.record, formatRecord(verdict)),
    readText: files.readText,
    listFiles: files.list,
    readPicture: (path) => readPicture(files, path),
    async keepRecord(verdict, page) {
      try {
        const contents = { "verdict.json": formatRecord(verdict), ...(page !== undefined && { "report.html": page }) };
        const kept = { name: artifact, files: contents };
        const { id } = await uploadArtifact(() => connectArtifactService(process.env, signal), kept);
        return `${runUrlOf(context)}/artifacts/${id}`;
      } catch (error) {
        // Its loss shows when the next run has nothing to compare with: rules that need a baseline fail then.
        if (!(error instanceof ActionError)) throw error;
        for (const problem of error.problems) log.warn(problem);
        return undefined;
      }
    },
    listPullsByHead: (owner, branch) => listPullsFrom(github, owner, branch),
    conversation: (number) => createConversation(github, number, signal),
  };
};
