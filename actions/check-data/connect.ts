/** Connects check-data to GitHub and the workspace. */
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createBaseData } from "../../shared/adapters/data/base-data.ts";
import { createFileCheck } from "../../shared/adapters/data/check-file.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { resolveTrustedData } from "./resolve-trusted-data.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  return {
    resolveData: () => resolveTrustedData(github, context, files, inputs),
    files,
    checkFile: createFileCheck(files, context.temp, signal),
    readBase: (commit) => createBaseData(github, commit, signal),
    digestOf,
    writeRecord: (record) => files.write(inputs.record, formatRecord(record)),
  };
};
