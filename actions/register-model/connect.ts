/** Connects register-model to GitHub and the workspace. */
import type { Connect } from "../../shared/action/run-action.ts";
import { createFiles } from "../../shared/adapters/files/create-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tags.ts";
import { isOnDefaultBranch } from "../../shared/adapters/registry/merged.ts";
import { readModelCard } from "../../shared/core/registry/model-card.ts";
import { readEvidence } from "./read-evidence.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = ({ inputs, context, log, signal }) => {
  const github = createGitHub({ token: inputs.token, context, log, signal });
  const files = createFiles(context.workspace);
  return {
    policy: () => readTrustedPolicy(github, context),
    evidence: (patterns) => readEvidence(files, inputs, patterns),
    card: async (fields) =>
      inputs.card === "" ? {} : readModelCard(await files.readText(inputs.card), inputs.card, fields),
    isMerged: (commit) => isOnDefaultBranch(github, commit),
    registry: createGitTagRegistry(github),
    digestOf,
    now: () => new Date().toISOString(),
  };
};
