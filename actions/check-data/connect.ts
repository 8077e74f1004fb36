/** Connects check-data to GitHub and the workspace. */
import { pathToFileURL } from "node:url";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createBaseData } from "../../shared/adapters/data/base-data.ts";
import { createFileCheck } from "../../shared/adapters/data/check-file.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import { assertWritable } from "./assert-writable.ts";
import { resolveTrustedData } from "./resolve-trusted-data.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

/** Bundled beside the action's own script. */
const THREAD_SCRIPT = new URL("./worker/index.js", pathToFileURL(process.argv[1] ?? ""));

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  return {
    resolveData: () => resolveTrustedData(github, context, files, inputs),
    files,
    checkFile: createFileCheck(files, {
      temporary: context.temp,
      now: github.now,
      signal,
      threadScript: THREAD_SCRIPT,
    }),
    readBase: (commit) => createBaseData(github, commit, signal),
    digestOf,
    assertWritable: (read) => {
      const written = [inputs.record, inputs.sarif, inputs.junit].filter((path) => path !== "");
      return assertWritable(files, createGitCheckout(context.workspace, signal), written, read);
    },
    writeRecord: (record) => files.write(inputs.record, formatRecord(record)),
    writeText: (path, text) => files.write(path, text),
  };
};
