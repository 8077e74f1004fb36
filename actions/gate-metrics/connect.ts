/** Connects gate-metrics to GitHub, the workspace and its git repository. */
import { runUrlOf } from "../../shared/action/context.ts";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { findBaseline } from "../../shared/adapters/baseline/find-baseline.ts";
import { findDemandedSubject } from "../../shared/adapters/baseline/find-demanded-subject.ts";
import { findGateSubject } from "../../shared/adapters/baseline/find-gate-subject.ts";
import { findTrainingRun } from "../../shared/adapters/baseline/find-training-run.ts";
import { readHistory } from "../../shared/adapters/baseline/read-history.ts";
import { readParamChanges } from "../../shared/adapters/baseline/read-param-changes.ts";
import { createStatusPort } from "../../shared/adapters/baseline/verdict-status.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { readGateEvidence } from "../../shared/adapters/git/read-gate-evidence.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { createWaiverPorts } from "../../shared/adapters/github/waiver-facts.ts";
import { sourcesFor } from "../../shared/core/gate/baseline-sources.ts";
import { comparesWithBaseline, learnsNoise } from "../../shared/core/policy/expand-gates.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { findPredictions } from "../../shared/core/policy/wanted-predictions.ts";
import { isMissingPermission } from "../../shared/problem/problem.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import type { StatusPorts } from "./show-status.ts";
import type { spec } from "./spec.ts";

const READER = "gate-metrics";

export const connect: Connect<typeof spec, StatusPorts> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  const git = createGitCheckout(context.workspace, signal);
  const now = new Date();
  return {
    async readPolicy() {
      const found = await readTrustedPolicy(github, context, { reader: READER, model: inputs.model });
      const { policy: rules, path, ref, digest, notes, broken, change } = found;
      const policy = { path, ref, digest, version: rules.version };
      return { rules, policy, notes: broken ? [] : notes, broken, change };
    },
    findSubject: (trusted) =>
      inputs.commit === ""
        ? findGateSubject(github, context, trusted)
        : findDemandedSubject(github, context, inputs.commit),
    showStatus: createStatusPort(github, context, inputs),
    async readEvidence({ rules }) {
      const predictions = findPredictions(getModelPolicy(rules).statistics);
      const evidence = await readGateEvidence(files, git, { ...inputs, reader: READER, predictions });
      return { ...evidence, trainingRun: await findTrainingRun(github, evidence.files, context.run.id) };
    },
    async findBaseline(subject, { rules }) {
      if (inputs.baseline === "none") return { kind: "missing", reason: "the input baseline is none" };
      const { baseline: sources, gates, statistics } = getModelPolicy(rules);
      const query = {
        model: rules.chosen,
        ...{ artifact: inputs["baseline-artifact"], firstRun: inputs["first-run"], reader: READER, files, now },
        predictions: findPredictions(statistics)?.columns,
        sources: sourcesFor(sources, context.event.name),
        // The branch's own runs carry the values on, so that there are some once a rule or a reviewer asks.
        learnsNoise: learnsNoise(gates) || isOwnRun(context.event.name),
      };
      try {
        return await findBaseline(github, subject, query);
      } catch (error) {
        // Where no rule compares with it, it is only shown: its permission is not asked for.
        if (comparesWithBaseline(gates) || !isMissingPermission(error)) throw error;
        return { kind: "missing", reason: "the token may not read it" };
      }
    },
    async addHistory(baseline) {
      if (baseline.kind !== "found" || baseline.provenance.run === undefined) return baseline;
      const history = await readHistory(github, baseline.provenance.run, baseline.provenance.commit);
      return history === undefined ? baseline : { ...baseline, history };
    },
    async describeChange(subject, { touched, behind } = {}) {
      const params = await readParamChanges(github, subject, touched);
      if (params.length === 0 && !behind) return undefined;
      return { ...(params.length > 0 && { params: [...params] }), ...(behind && { commitsBehind: behind }) };
    },
    ...createWaiverPorts(github, context, now),
    digestOf,
    writeRecord: (verdict) => files.write(inputs.record, formatRecord(verdict)),
    urls: { runUrl: runUrlOf(context), repositoryUrl: context.urls.repository },
  };
};

const isOwnRun = (event: string): boolean => event === "push" || event === "schedule";
