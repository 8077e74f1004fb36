/** Connects model-diff to GitHub, the workspace and its git repository. */
import { runUrlOf } from "../../shared/action/context.ts";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { artifactName } from "../../shared/adapters/artifacts/artifact-name.ts";
import { connectArtifactService } from "../../shared/adapters/artifacts/artifact-service.ts";
import { uploadArtifact } from "../../shared/adapters/artifacts/upload-artifact.ts";
import { findAllowedDiff } from "../../shared/adapters/baseline/find-allowed-diff.ts";
import { findDiffBaseline } from "../../shared/adapters/baseline/find-diff-baseline.ts";
import { findGateSubject } from "../../shared/adapters/baseline/find-gate-subject.ts";
import { findTrainingRun } from "../../shared/adapters/baseline/find-training-run.ts";
import { readParamChanges } from "../../shared/adapters/baseline/read-param-changes.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { readPicture } from "../../shared/adapters/files/read-picture.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { readGateEvidence } from "../../shared/adapters/git/read-gate-evidence.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { createConversation } from "../../shared/adapters/github/conversation.ts";
import { findFailedStep } from "../../shared/adapters/github/failed-step.ts";
import { listPullsFrom } from "../../shared/adapters/github/pulls.ts";
import { readTrustedPolicyIfAny } from "../../shared/adapters/github/trusted-policy.ts";
import { createWaiverPorts } from "../../shared/adapters/github/waiver-facts.ts";
import { sourcesFor } from "../../shared/core/gate/baseline-sources.ts";
import { learnsNoise } from "../../shared/core/policy/expand-gates.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { findPredictions } from "../../shared/core/policy/wanted-predictions.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { recordName, resultKey } from "./result-key.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

const READER = "model-diff";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  const git = createGitCheckout(context.workspace, signal);
  const now = new Date();
  const artifact = artifactName(recordName(context.workflow, resultKey(inputs, context.job)));
  return {
    async readPolicy() {
      const found = await readTrustedPolicyIfAny(github, context, { reader: READER, model: inputs.model, local: git });
      if (!("policy" in found)) return { rules: null, ref: found.ref, notes: [], proposed: found.proposed };
      const { policy: rules, path, ref, digest, notes, broken } = found;
      return { rules, policy: { path, ref, digest, version: rules.version }, notes: broken ? [] : notes, broken };
    },
    findFailedStep: () => findFailedStep(github, context.run, process.env["RUNNER_NAME"] ?? ""),
    findSubject: (trusted) => findGateSubject(github, context, trusted, git),
    async readEvidence(gate) {
      const predictions = gate && findPredictions(getModelPolicy(gate.rules).statistics);
      const evidence = await readGateEvidence(files, git, { ...inputs, reader: READER, predictions });
      return { ...evidence, trainingRun: await findTrainingRun(github, evidence.files, context.run.id) };
    },
    async findBaseline(subject, paths, gate) {
      if (gate === undefined) return findDiffBaseline(github, subject, { artifact, files: paths, reader: READER });
      const { baseline: allowed, gates, statistics } = getModelPolicy(gate.rules);
      return findAllowedDiff(github, subject, {
        ...{ artifact, shown: paths, reader: READER, files, now, firstRun: "fail" },
        model: gate.rules.chosen,
        sources: sourcesFor(allowed, context.event.name),
        learnsNoise: learnsNoise(gates),
        predictions: findPredictions(statistics)?.columns,
      });
    },
    async describeChange(subject) {
      if (subject.head === subject.judged) return undefined;
      const params = await readParamChanges(github, subject, await git.listFiles(subject.judged), git);
      return params.length === 0 ? undefined : { params: [...params] };
    },
    ...createWaiverPorts(github, context, now),
    digestOf,
    writeRecord: (verdict) => files.write(inputs.record, formatRecord(verdict)),
    readText: files.readText,
    listFiles: files.list,
    readPicture: (path) => readPicture(files, path),
    async keepRecord(verdict, page, predictions) {
      try {
        // In a folder of its own, so that several can be unpacked in one place: comment.yml does.
        const contents = {
          [`${artifact}/verdict.json`]: formatRecord(verdict),
          ...(predictions !== undefined && { [`${artifact}/${predictions.path}`]: predictions.text }),
          ...(page !== undefined && { [`${artifact}/report.html`]: page }),
        };
        const kept = { name: artifact, files: contents };
        const { id } = await uploadArtifact(() => connectArtifactService(process.env, signal), kept);
        return `${runUrlOf(context)}/artifacts/${id}`;
      } catch (error) {
        // Its loss shows when the next run has nothing to compare with: rules that need a baseline fail then.
        if (!(error instanceof ActionError)) throw error;
        // An earlier attempt may have left one. In the first, two results have one name, and one would hide the other.
        if (context.run.attempt === 1 && error.problems[0]?.code === "artifact-taken") throw error;
        for (const problem of error.problems) log.warn(problem);
        return undefined;
      }
    },
    listPullsByHead: (owner, branch) => listPullsFrom(github, owner, branch),
    conversation: (number) => createConversation(github, number, signal),
  };
};
