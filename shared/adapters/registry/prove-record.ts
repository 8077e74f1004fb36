/** Whether a record is what a run of a trusted branch uploaded, byte for byte: anybody could write its own words. */
import type { TrustedRuns } from "../../core/registry/trusted-run.ts";
import { assertTrustedRun } from "../../core/registry/trusted-run.ts";
import { ActionError, refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { listAllRunArtifacts, type RunArtifact, readArtifactRecord } from "../github/run-artifacts.ts";
import { readRun, type WorkflowRun } from "../github/workflow-run.ts";

/** A record among a model's own files would cost the download of the model. */
const MAX_ARTIFACT_BYTES = 64 * 1024 * 1024;
/** A matrix uploads one for each leg. */
const MAX_DOWNLOADS = 50;

export interface RecordToProve {
  /** For messages, for example `training record`. */
  readonly what: string;
  readonly format: { readonly kind: string };
  readonly record: ReadRecord<{ readonly origin: { readonly run: number } }>;
}

/** What was proven, and where: it is sealed in the version. */
export interface RecordProof {
  readonly run: number;
  readonly event: string;
  readonly branch: string;
  readonly headCommit: string;
  readonly workflow: string;
  readonly conclusion: string | null;
  readonly artifact: { readonly id: number; readonly name: string; readonly digest?: string };
}

/** @throws ActionError `evidence-run-unknown`, `evidence-run-untrusted`, `evidence-not-uploaded`; GitHubError */
export async function proveRecord(
  github: GitHub,
  { what, format, record }: RecordToProve,
  trusted: TrustedRuns,
): Promise<RecordProof> {
  const id = record.record.origin.run;
  const run = assertTrustedRun(what, id, await readRun(github, id), trusted);
  const artifacts = await listAllRunArtifacts(github, id);
  const found = await findUploaded(github, artifacts, format, digestOf(canonicalJson(record.written)));
  if (found === undefined) throw notUploaded(what, run);
  const { event, head_branch: branch, head_sha: headCommit, path: workflow, conclusion } = run;
  const { id: artifactId, name, digest } = found.artifact;
  const artifact = { id: artifactId, name, ...(digest && { digest }) };
  return { run: id, event, branch: branch ?? "", headCommit, workflow, conclusion, artifact };
}

export interface UploadedRecord {
  readonly artifact: RunArtifact;
  readonly text: string;
}

/**
 * @param digest of the record's canonical JSON
 * @param likely id of the artifact that had it before
 * @returns the artifact that has exactly this record; `undefined`: none that can be downloaded has it
 * @throws GitHubError
 */
export async function findUploaded(
  github: GitHub,
  artifacts: readonly RunArtifact[],
  format: { readonly kind: string },
  digest: string,
  likely?: number,
): Promise<UploadedRecord | undefined> {
  const readable = bySize(artifacts.filter(isReadable));
  const inOrder = [...readable.filter(({ id }) => id === likely), ...readable.filter(({ id }) => id !== likely)];
  for (const artifact of inOrder.slice(0, MAX_DOWNLOADS)) {
    const text = await readText(github, artifact, format);
    if (text !== undefined && digestOf(text) === digest) return { artifact, text };
  }
  return undefined;
}

export const isReadable = ({ expired, size_in_bytes: size }: RunArtifact): boolean =>
  !expired && size <= MAX_ARTIFACT_BYTES;

export const notUploaded = (what: string, { id }: Pick<WorkflowRun, "id">): ActionError =>
  refused({
    code: "evidence-not-uploaded",
    message: `no artifact of run ${id} (of at most ${MAX_ARTIFACT_BYTES / 1024 / 1024} MiB) has exactly this ${what}`,
    fix: "Upload it in an artifact of its own, and register what you have downloaded from there, unchanged",
  });

/** The smallest first: records are small. */
const bySize = (artifacts: readonly RunArtifact[]): readonly RunArtifact[] =>
  artifacts.toSorted((a, b) => a.size_in_bytes - b.size_in_bytes || a.id - b.id);

/** In canonical form; `undefined` for an artifact without such a record. */
async function readText(
  github: GitHub,
  artifact: RunArtifact,
  format: { readonly kind: string },
): Promise<string | undefined> {
  try {
    return canonicalJson(JSON.parse((await readArtifactRecord(github, artifact, format)).text));
  } catch (error) {
    if (error instanceof GitHubError || !(error instanceof ActionError)) throw error;
    return undefined;
  }
}
