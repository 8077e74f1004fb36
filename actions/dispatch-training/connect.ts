/** Connects dispatch-training to GitHub and the workspace. */
import { randomUUID } from "node:crypto";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { readAsker, readDemandedPull, readOnDemand } from "../../shared/adapters/dispatch/demand-facts.ts";
import { dispatchWorkflow, findDispatchedRun } from "../../shared/adapters/dispatch/dispatch-workflow.ts";
import {
  cancelRun,
  endDispatchedRun,
  readDispatchedRun,
  readRunJobs,
} from "../../shared/adapters/dispatch/dispatched-run.ts";
import { downloadRecord } from "../../shared/adapters/dispatch/download-record.ts";
import { findEarlierRun } from "../../shared/adapters/dispatch/earlier-run.ts";
import { readFailedJobs } from "../../shared/adapters/dispatch/failed-jobs.ts";
import { createObstacleReader } from "../../shared/adapters/dispatch/run-obstacles.ts";
import { findSameTraining, readContentKey, readSkipPolicy } from "../../shared/adapters/dispatch/same-training.ts";
import { findTargetWorkflow } from "../../shared/adapters/dispatch/target-workflow.ts";
import { runTokenCommand } from "../../shared/adapters/dispatch/token-command.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { readCommitStatus, writeCommitStatus } from "../../shared/adapters/github/commit-status.ts";
import { assertDefaultBranchPolicySupported } from "../../shared/adapters/github/default-branch-policy.ts";
import { readDefaultBranch } from "../../shared/adapters/github/read-default-branch.ts";
import { realTime, type Time } from "../../shared/adapters/github/time.ts";
import { readRun } from "../../shared/adapters/github/workflow-run.ts";
import { graceAfterCancel } from "../../shared/core/training/grace-after-cancel.ts";
import type { DemandPorts } from "./on-demand.ts";
import type { spec } from "./spec.ts";

/** Milliseconds of a cancelled job's time that are kept for forcing the end, checking it, and other post steps. */
const RESERVE = 60_000;

/** @param time tests pass one that runs faster */
export const connectWith =
  (time: Time): Connect<typeof spec, DemandPorts> =>
  async ({ inputs, context, log, mask, signal }) => {
    const renewal = {
      ...(inputs["token-command"] !== "" && {
        renewToken: () => runTokenCommand(inputs["token-command"], context.workspace, { mask, log, signal }),
      }),
    };
    const client = { getOctokit: await loadOctokit(), token: inputs.token, ...renewal, context, log, time };
    const github = createGitHub({ ...client, signal });
    // A cancellation of this job stops all requests but those that cancel the dispatched run.
    const uncancelled = createGitHub({ ...client, signal: new AbortController().signal });
    const files = createWorkspaceFiles(context.workspace);
    return {
      readOnDemand: () => readOnDemand(github, context.event.name, inputs.model),
      readAsker: (login) => readAsker(github, login),
      readDemandedPull: (number) => readDemandedPull(github, number),
      readStatus: (commit, name) => readCommitStatus(github, commit, name),
      isRunning: async (run) => {
        const found = await readRun(github, run);
        return found !== undefined && found.status !== "completed";
      },
      writeStatus: (commit, status) => writeCommitStatus(github, commit, status),
      readSkipPolicy: async () => readSkipPolicy(github, await readDefaultBranch(github), inputs.model),
      readContentKey: (policy, target, commit) =>
        readContentKey(github, policy, { commit, target, inputs: inputs.inputs }),
      findSameTraining: (policy, target, commit, key) =>
        findSameTraining(github, {
          ...{ key, policy, target, commit, inputs: inputs.inputs, artifact: inputs.artifact },
          ...{ repository: context.repository, now: new Date(github.now()) },
        }),
      findTargetWorkflow: () => findTargetWorkflow(github, inputs.workflow, inputs.ref),
      assertPolicySupported: () =>
        assertDefaultBranchPolicySupported(github, { reader: "dispatch-training", model: inputs.model }),
      findEarlierRun: (target, key) =>
        findEarlierRun(github, { target, key, orderedBy: context.run.id, artifact: inputs.artifact }),
      newRequestId: randomUUID,
      digestOf,
      dispatchWorkflow: (target, values, requestId) =>
        dispatchWorkflow(
          github,
          { target, inputs: values, requestId, today: new Date(), patience: inputs.timeout, signal },
          time,
        ),
      readDispatchedRun: (run) => readDispatchedRun(github, run),
      readRunJobs: (run) => readRunJobs(github, run),
      readObstacles: createObstacleReader(github),
      readFailedJobs: (id, attempt) => readFailedJobs(github, { id, attempt }),
      fetchRecord: (id, attempt) => downloadRecord(github, { id, attempt }, inputs.artifact),
      writeRecord: (text) => files.write(inputs.record, text),
      cancelRun: (run) => cancelRun(uncancelled, run),
      findUnconfirmedRun: ({ workflow, ref, request }) =>
        findDispatchedRun(uncancelled, {
          target: { id: workflow, ref, path: inputs.workflow },
          requestId: request,
          today: new Date(),
        }),
      endDispatchedRun: (run) => endDispatchedRun(uncancelled, run, graceAfterCancel(inputs.grace, RESERVE), time),
      githubNow: () => github.now(),
      now: time.now,
      sleep: time.sleep,
    };
  };

export const connect = connectWith(realTime);
