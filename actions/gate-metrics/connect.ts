/** Connects gate-metrics to GitHub, the workspace and its git repository. */
import { runUrlOf } from "../../shared/action/context.ts";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { findBaseline } from "../../shared/adapters/baseline/find-baseline.ts";
import { findGateSubject } from "../../shared/adapters/baseline/find-gate-subject.ts";
import { findTrainingRun } from "../../shared/adapters/baseline/find-training-run.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { readGateEvidence } from "../../shared/adapters/git/read-gate-evidence.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  const git = createGitCheckout(context.workspace, signal);
  return {
    async readPolicy() {
      const found = await readTrustedPolicy(github, context, { reader: "gate-metrics" });
      const { policy: rules, path, ref, digest, notes, broken } = found;
      return { rules, policy: { path, ref, digest, version: rules.version }, notes: broken ? [] : notes, broken };
    },
    findSubject: (trusted) => findGateSubject(github, context, trusted),
    async readEvidence() {
      const evidence = await readGateEvidence(files, git, { ...inputs, reader: "gate-metrics" });
      return { ...evidence, trainingRun: await findTrainingRun(github, evidence.files, context.run.id) };
    },
    async findBaseline(subject) {
      if (inputs.baseline === "none") return { kind: "missing", reason: "the input baseline is none" };
      return findBaseline(github, subject, { artifact: inputs["baseline-artifact"], firstRun: inputs["first-run"] });
    },
    digestOf,
    writeRecord: (verdict) => files.write(inputs.record, formatRecord(verdict)),
    urls: { runUrl: runUrlOf(context), repositoryUrl: context.urls.repository },
  };
};
