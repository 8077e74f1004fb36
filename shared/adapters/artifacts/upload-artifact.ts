/** Keeps texts of a job as an artifact of its run. */
import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import * as z from "zod";
import { ActionError, userError } from "../../problem/problem.ts";
import { ArtifactRefusal, type ArtifactService } from "./artifact-service.ts";

export interface Upload {
  /** As `artifactName` makes it. */
  readonly name: string;
  /** By path inside the artifact. */
  readonly files: Readonly<Record<string, string>>;
}

export interface UploadedArtifact {
  readonly id: string;
}

/** Of the format that artifacts have had since 2023: a zip that never changes. */
const VERSION = 4;
const CONFLICT = 409;

const id = z.union([z.string().regex(/^[1-9]\d*$/), z.int().positive().transform(String)]);
const created = z.object({ ok: z.literal(true), signed_upload_url: z.string() });
const finalized = z.object({ ok: z.literal(true), artifact_id: id });
const listed = z.object({
  artifacts: z.array(z.object({ name: z.string(), database_id: id, size: z.coerce.number() })).default([]),
});

/**
 * @throws ActionError `artifact-taken` when the run has one of that name; `artifact-not-kept`: without it the next run has
 *   nothing to compare with
 */
export async function uploadArtifact(
  connect: () => ArtifactService,
  { name, files }: Upload,
): Promise<UploadedArtifact> {
  // The same bytes for the same files: zip's own times say nothing.
  const contents = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]));
  const bytes = zipSync(contents, { mtime: "1980-01-01T12:00:00" });
  const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  try {
    const service = connect();
    const { signed_upload_url: address } = await create(service, name);
    await service.put(address, bytes);
    return await finalize(service, name, { size: bytes.length, hash });
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw userError(
      {
        code: "artifact-not-kept",
        message: `the artifact "${name}" could not be uploaded: ${error instanceof Error ? error.message : String(error)}`,
        fix: "Re-run the job; where the runner has no such service, as on Enterprise Server, keep the record another way",
      },
      error,
    );
  }
}

/** A conflict may be one with a request of ours whose answer was lost: whether there is such an artifact, the list says. */
async function create(service: ArtifactService, name: string): Promise<z.infer<typeof created>> {
  try {
    return created.parse(
      await service.call("CreateArtifact", { name, version: VERSION, mime_type: "application/zip" }),
    );
  } catch (error) {
    if (!(error instanceof ArtifactRefusal) || error.status !== CONFLICT) throw error;
    const { artifacts } = listed.parse(await service.call("ListArtifacts", { name_filter: name }));
    if (!artifacts.some((artifact) => artifact.name === name)) throw error;
    throw userError(
      {
        code: "artifact-taken",
        message: `this run has an artifact "${name}" already, and both would stand for one result`,
        fix: "Give each step that reports a result a key of its own; the jobs of a workflow that is called twice have the same name",
      },
      error,
    );
  }
}

/** A lost answer is no lost artifact: whether it is there is looked up. */
async function finalize(
  service: ArtifactService,
  name: string,
  { size, hash }: { readonly size: number; readonly hash: string },
): Promise<UploadedArtifact> {
  try {
    const answer = await service.call("FinalizeArtifact", { name, size: String(size), hash });
    return { id: finalized.parse(answer).artifact_id };
  } catch (error) {
    const { artifacts } = listed.parse(await service.call("ListArtifacts", { name_filter: name }));
    const found = artifacts.find((artifact) => artifact.name === name && artifact.size === size);
    if (found === undefined) throw error;
    return { id: found.database_id };
  }
}
