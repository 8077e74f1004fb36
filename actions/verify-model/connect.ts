/** Connects verify-model to GitHub and to a folder of the workspace. */
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { fetchModel, isFetchable } from "../../shared/adapters/model-bytes/fetch-model.ts";
import { lookUpLocations } from "../../shared/adapters/model-bytes/look-up-locations.ts";
import { openModelFolder } from "../../shared/adapters/model-bytes/model-folder.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import type { Ports } from "./ports.ts";
import { runFetchCommand } from "./run-fetch-command.ts";
import type { spec } from "./spec.ts";

/** @param env the environment variables of the step, which the command gets as a `run:` step would */
export const connectWith =
  (env: NodeJS.ProcessEnv): Connect<typeof spec, Ports> =>
  async ({ inputs, context, log, signal }) => {
    const getOctokit = await loadOctokit();
    const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
    const folder = openModelFolder(context.workspace, inputs.folder);
    return {
      registry: createGitTagRegistry(github),
      lookUp: ({ locations = [], files = [] }) => lookUpLocations(github, locations, files),
      isFetchable,
      async fetch(location, files) {
        if (!isFetchable(location)) throw new Error(`nothing is fetched from ${location.kind}`);
        return fetchModel(github, location, files, await folder.create());
      },
      async runCommand(record) {
        await runFetchCommand(record, {
          ...{ command: inputs.command, workspace: context.workspace, folder: await folder.create() },
          ...{ env, log, signal },
        });
      },
      readFolder: () => folder.read(inputs.ignore),
      discard: () => folder.discard(),
      digestOf,
    };
  };

export const connect = connectWith(process.env);
