/** Connects register-model to GitHub and the workspace. */
import { posix } from "node:path";
import { loadOctokit } from "../../shared/action/load-octokit.ts";
import type { Connect } from "../../shared/action/run-action.ts";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readFileAtCommit } from "../../shared/adapters/github/read-file-at-commit.ts";
import { listAllRunArtifacts } from "../../shared/adapters/github/run-artifacts.ts";
import { readTrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import { readRun } from "../../shared/adapters/github/workflow-run.ts";
import { findLocations } from "../../shared/adapters/model-bytes/find-locations.ts";
import { findTrustedBranch, listTrustedBranches } from "../../shared/adapters/registry/find-trusted-branch.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { proveRecord } from "../../shared/adapters/registry/prove-record.ts";
import type { Policy } from "../../shared/core/policy/policy.ts";
import { assertHasArtifacts } from "../../shared/core/registry/evidence-run.ts";
import { readModelCard } from "../../shared/core/registry/model-card.ts";
import { assertTrustedRun, type TrustedRuns } from "../../shared/core/registry/trusted-run.ts";
import { userError } from "../../shared/problem/problem.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import { trainingRecord } from "../../shared/records/training-record.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { readRegistrationEvidence } from "./read-registration-evidence.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export const connect: Connect<typeof spec, Ports> = async ({ inputs, context, log, signal }) => {
  const getOctokit = await loadOctokit();
  const github = createGitHub({ getOctokit, token: inputs.token, context, log, signal });
  const files = createWorkspaceFiles(context.workspace);
  return {
    readPolicy: () => readTrustedPolicy(github, context, { reader: "register-model", model: inputs.model }),
    readEvidence: (patterns) => readRegistrationEvidence(files, inputs, patterns),
    readModelCard: async (fields) =>
      inputs.card === "" ? {} : readModelCard(await files.readText(inputs.card), inputs.card, fields),
    readMetadataSchema: async (path, commit) =>
      path === undefined ? undefined : readMetadataSchema(github, path, commit),
    async assertEvidenceRun(id, trust) {
      assertTrustedRun("evidence", id, await readRun(github, id), await toTrustedRuns(github, trust));
      assertHasArtifacts(id, await listAllRunArtifacts(github, id));
    },
    async proveEvidence(training, verdict, trust) {
      const trusted = await toTrustedRuns(github, trust);
      const trained = {
        what: "training record",
        kind: "training-record",
        format: trainingRecord,
        record: training,
      } as const;
      const judged = { what: "verdict", kind: "verdict", format: verdictRecord, record: verdict } as const;
      const records = [trained, ...(judged.record === undefined ? [] : [{ ...judged, record: judged.record }])];
      const { owner, repo } = github.repository;
      const proven: NonNullable<ModelVersionRecord["evidence"]> = [];
      for (const { kind, ...record } of records) {
        const found = await proveRecord(github, record, trusted);
        const { attempt } = record.record.record.origin;
        const at = new Date(github.now()).toISOString();
        const proof = { repository: `${owner}/${repo}`, attempt, at, ...found };
        proven.push({ kind, digest: digestRecord(record.record, digestOf), proof });
      }
      return proven;
    },
    findLocations(requests, trained) {
      const md5Of = (path: string) => files.md5Of(posix.join(inputs.folder, path));
      return findLocations(github, requests, { ...trained, md5Of });
    },
    findTrustedBranch: (commit, releaseBranches) => findTrustedBranch(github, commit, releaseBranches),
    registry: createGitTagRegistry(github),
    digestOf,
    now: () => new Date(github.now()).toISOString(),
  };
};

const toTrustedRuns = async (github: GitHub, trust: Policy["trust"]): Promise<TrustedRuns> => ({
  branches: await listTrustedBranches(github, trust["release-branches"]),
  events: trust["evidence-events"],
  workflows: trust["evidence-workflows"],
});

/** @throws ActionError `metadata-schema-missing`, `file-not-text`; GitHubError */
async function readMetadataSchema(github: GitHub, path: string, commit: string) {
  const file = await readFileAtCommit(github, commit, path);
  if (file !== undefined) return { ...file, path, ref: commit };
  throw userError({
    code: "metadata-schema-missing",
    message: `there is no ${path} at the trusted commit ${commit.slice(0, 7)}, and the policy names it`,
    place: { file: path },
    fix: "Commit the JSON Schema to the default branch",
  });
}
