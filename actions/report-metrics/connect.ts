/** Connects report-metrics to GitHub and the workspace. */
import type { Connect } from "../../shared/action/run-action.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { createConversation } from "../../shared/adapters/github/comments.ts";
import { pullsFrom, readPull } from "../../shared/adapters/github/pulls.ts";
import { readJudgement } from "./judgement.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) => {
  const github = createGitHub({ token: inputs.token, context, log, signal });
  const files = createFiles(context.workspace);
  return {
    judgement: () => readJudgement(files, inputs),
    pull: (number) => readPull(github, number),
    pullsFrom: (owner, branch) => pullsFrom(github, owner, branch),
    conversation: (number) => createConversation(github, number, signal),
  };
};
