/** The artifacts of one workflow run, and the records in them. */
import { createHash } from "node:crypto";
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import { unzip } from "../files/unzip.ts";
import type { GitHub, Json } from "./github.ts";
import { parseResponse } from "./parse-response.ts";

const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** Only what decisions rest on; GitHub sends more. */
const artifact = z.object({
  id: z.int().positive(),
  name: z.string(),
  expired: z.boolean(),
  digest: z.string().nullish(),
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

/** Those of that very name, newest first; GitHub says of each which run made it. @throws GitHubError */
export async function listRunArtifacts(github: GitHub, run: number, name: string): Promise<readonly RunArtifact[]> {
  const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts";
  return parseNamedArtifacts(await github.readAll(route, { run_id: run, name }), name);
}

/** The same of the whole repository: runs of forks' pull requests are among them. @throws GitHubError */
export async function listArtifacts(github: GitHub, name: string): Promise<readonly RunArtifact[]> {
  return parseNamedArtifacts(await github.readAll("GET /repos/{owner}/{repo}/actions/artifacts", { name }), name);
}

const parseNamedArtifacts = (items: readonly Json[], name: string): readonly RunArtifact[] =>
  items
    .map((item) => parseResponse(artifact, item, `artifacts named ${name}`))
    .filter((found) => found.name === name)
    .sort((a, b) => b.id - a.id);

/**
 * The text of the one JSON file in an artifact whose `schema` is the wanted one.
 *
 * @throws ActionError `artifact-changed`, `artifact-without-record`, `archive-…`; GitHubError
 */
export async function readArtifactRecord(
  github: GitHub,
  { id, name, digest }: RunArtifact,
  schema: string,
): Promise<{ readonly text: string; readonly file: string }> {
  const bytes = await github.download("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", {
    artifact_id: id,
    archive_format: "zip",
  });
  const what = `artifact ${name} (${id})`;
  const fix = "Run the job that makes it again";
  if (digest && digest !== `sha256:${createHash("sha256").update(bytes).digest("hex")}`) {
    throw userError({ code: "artifact-changed", message: `${what} has other bytes than GitHub recorded`, fix });
  }
  const found = [...unzip(bytes, what)].flatMap(([file, content]) => {
    const text = file.endsWith(".json") ? decode(content) : undefined;
    return text !== undefined && readSchemaName(text) === schema ? [{ text, file }] : [];
  });
  const [record] = found;
  if (record !== undefined && found.length === 1) return record;
  const message = `${what} holds ${found.length} files of the form ${schema}, and not one`;
  throw userError({ code: "artifact-without-record", message, fix: "Upload exactly the one record into it" });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Only to find the file; whoever reads the record reads it strictly. */
function readSchemaName(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  } catch {
    return undefined;
  }
}
