/** Connects report-metrics to GitHub and the workspace. */
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { readFailedJobs } from "../../shared/adapters/dispatch/failed-jobs.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { createConversation } from "../../shared/adapters/github/conversation.ts";
import { listPullsFrom } from "../../shared/adapters/github/pulls.ts";
import { readApprovers } from "../../shared/adapters/github/waiver-facts.ts";
import { judgeForked, judgeOwn } from "./judge-anew.ts";
import { readPredictions } from "./read-predictions.ts";
import { readResults } from "./read-results.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  return {
    readResults: () => readResults(files, inputs, context.event.name),
    judgeAnew(verdict, { base, author, branch }, { kind, diffArtifact }) {
      const today = new Date().toISOString().slice(0, 10);
      const waivers = {
        findChange: async () => ({ author, branch, today }),
        readApprovers: (logins: readonly string[]) => readApprovers(github, logins),
      };
      const judge = kind === "pull-request" ? judgeOwn : judgeForked;
      return judge(github, verdict, {
        ...{ base, diffArtifact, files, ...waivers },
        baselineArtifact: inputs["baseline-artifact"],
        firstRun: inputs["first-run"],
        readPredictions: (of, wanted) => readPredictions(files, of, wanted, diffArtifact !== undefined),
      });
    },
    readFailedJobs: (run) => readFailedJobs(github, { id: run.run, attempt: run.attempt }),
    listPullsByHead: (owner, branch) => listPullsFrom(github, owner, branch),
    conversation: (number) => createConversation(github, number, signal),
  };
};
