/** Connects doctor to the checkout and to GitHub. */
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { readRepository } from "../../shared/adapters/doctor/read-repository.ts";
import { readSettings } from "../../shared/adapters/doctor/read-settings.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { listLedgers } from "../../shared/core/doctor/facts.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  return {
    readRepository: () => readRepository(files),
    readSettings: (policy) => readSettings(github, listLedgers(policy)),
  };
};
