/** The artifacts of one workflow run, and the records in them. */
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import { isRecordOf } from "../../records/record-format.ts";
import { digestOf } from "../files/digest.ts";
import { unzip } from "../files/unzip.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** Only the fields that decisions use; GitHub sends more. */
const artifact = z.object({
  id: z.int().positive(),
  name: z.string(),
  expired: z.boolean(),
  size_in_bytes: z.int().nonnegative(),
  digest: z.string().nullish(),
  created_at: z.string().nullish(),
  expires_at: z.string().nullish(),
  workflow_run: z
    .object({
      id: z.int(),
      head_branch: z.string().nullish(),
      head_sha: sha,
      repository_id: z.int(),
      head_repository_id: z.int(),
    })
    .nullish(),
});

export type RunArtifact = z.infer<typeof artifact>;

/** Those with exactly that name, newest first; each with the run that made it. @throws GitHubError */
export async function listRunArtifacts(github: GitHub, run: number, name: string): Promise<readonly RunArtifact[]> {
  const { listWorkflowRunArtifacts } = github.rest.actions;
  const items = await github.readAll(listWorkflowRunArtifacts, { ...github.repository, run_id: run, name });
  return parseNamedArtifacts(items, name);
}

const known = new WeakMap<GitHub, Map<number, Promise<readonly unknown[] | undefined>>>();

/**
 * The same of a run that has finished, and so has all of its artifacts: several names take one request, unless there are
 * very many.
 *
 * @throws GitHubError
 */
export async function listArtifactsOfFinishedRun(
  github: GitHub,
  run: number,
  name: string,
): Promise<readonly RunArtifact[]> {
  const ofRuns = known.get(github) ?? new Map<number, Promise<readonly unknown[] | undefined>>();
  const asked = ofRuns.get(run) ?? listIfFew(github, run);
  known.set(github, ofRuns.set(run, asked));
  const items = await asked;
  return items === undefined ? listRunArtifacts(github, run, name) : parseNamedArtifacts(items, name);
}

async function listIfFew(github: GitHub, run: number): Promise<readonly unknown[] | undefined> {
  const page = { ...github.repository, run_id: run, per_page: PAGE_SIZE };
  const { data } = await github.rest.actions.listWorkflowRunArtifacts(page);
  return data.artifacts.length < PAGE_SIZE ? data.artifacts : undefined;
}

/** All artifacts of a run. @throws GitHubError */
export async function listAllRunArtifacts(github: GitHub, run: number): Promise<readonly RunArtifact[]> {
  const { listWorkflowRunArtifacts } = github.rest.actions;
  const items = await github.readAll(listWorkflowRunArtifacts, { ...github.repository, run_id: run });
  return items.map((item) => parseResponse(artifact, item, `the artifacts of run ${run}`));
}

/** @returns `undefined`: there is none with this id, or no longer. @throws GitHubError */
export async function findArtifact(github: GitHub, id: number): Promise<RunArtifact | undefined> {
  const { getArtifact } = github.rest.actions;
  const found = await github.find(() => getArtifact({ ...github.repository, artifact_id: id }));
  return found === undefined ? undefined : parseResponse(artifact, found, `artifact ${id}`);
}

/** The same for the whole repository, which includes runs of forks' pull requests. @throws GitHubError */
export async function listArtifacts(github: GitHub, name: string): Promise<readonly RunArtifact[]> {
  const items = await github.readAll(github.rest.actions.listArtifactsForRepo, { ...github.repository, name });
  return parseNamedArtifacts(items, name);
}

export interface ListedArtifacts {
  /** Newest first. */
  readonly artifacts: readonly RunArtifact[];
  /** Whether there are no others. */
  readonly isComplete: boolean;
}

/** The newest hundred of them, in one request. @throws GitHubError */
export async function listNewestArtifacts(github: GitHub, name: string): Promise<ListedArtifacts> {
  const page = { ...github.repository, name, per_page: PAGE_SIZE };
  const { data } = await github.rest.actions.listArtifactsForRepo(page);
  return { artifacts: parseNamedArtifacts(data.artifacts, name), isComplete: data.artifacts.length < PAGE_SIZE };
}

const PAGE_SIZE = 100;

const parseNamedArtifacts = (items: readonly unknown[], name: string): readonly RunArtifact[] =>
  items
    .map((item) => parseResponse(artifact, item, `artifacts named ${name}`))
    .filter((found) => found.name === name)
    .sort((a, b) => b.id - a.id);

export interface ArtifactRecord {
  readonly text: string;
  /** Its path in the artifact. */
  readonly file: string;
  /** All bytes of the artifact, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * The text of the one JSON file in an artifact that is a record of this kind, of any version.
 *
 * @throws ActionError `artifact-changed`, `artifact-without-record`, `archive-…`; GitHubError
 */
export async function readArtifactRecord(
  github: GitHub,
  { id, name, digest }: RunArtifact,
  format: { readonly kind: string },
): Promise<ArtifactRecord> {
  const { downloadArtifact } = github.rest.actions;
  const zip = { ...github.repository, artifact_id: id, archive_format: "zip" };
  const bytes = await github.download(downloadArtifact.endpoint(zip));
  const what = `artifact ${name} (${id})`;
  const fix = "Re-run the job that uploads it";
  if (digest && digest !== digestOf(bytes)) {
    throw userError({
      code: "artifact-changed",
      message: `the bytes of ${what} do not match its digest on GitHub`,
      fix,
    });
  }
  const files = unzip(bytes, what);
  const found = [...files].flatMap(([file, content]) => {
    const text = file.endsWith(".json") ? decode(content) : undefined;
    return text !== undefined && isRecordOf(format, parseJson(text)) ? [{ text, file }] : [];
  });
  const [record] = found;
  if (record !== undefined && found.length === 1) return { ...record, files };
  const message = `${what} contains ${found.length} files of the kind ${format.kind}, not exactly one`;
  throw userError({ code: "artifact-without-record", message, fix: "Upload exactly one such record in it" });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Only to find the file; the reader of the record checks it strictly. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
