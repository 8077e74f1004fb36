/** `github.actions.results.api.v1.ArtifactService`: artifact v4, as `@actions/artifact` calls it. */
import {
  ARTIFACTS_PER_JOB,
  addArtifact,
  artifactExpired,
  artifactsOf,
  fileNameOf,
  removeArtifact,
} from "../operations/runs/artifacts.ts";
import type { Artifact, Job } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { type BlobStore, blobIdOf } from "./blob-store.ts";
import { DOWNLOAD_MINUTES, type SignedUrls, UPLOAD_MINUTES } from "./signed-url.ts";
import { type Message, TwirpError, type TwirpService } from "./twirp.ts";

/** An artifact between its creation and the end of its upload. */
interface PendingUpload {
  readonly blob: string;
  readonly mimeType: string;
  readonly expiresAt: Date | undefined;
}

/** The characters that `@actions/artifact` rejects in names as well, because some file systems do not allow them. */
const FORBIDDEN_IN_NAME = /["<>|*?:\\/\r\n]/;

export function createArtifactService(world: World, blobs: BlobStore, urls: SignedUrls): TwirpService {
  const uploads = new Map<string, PendingUpload>();
  const uploadKey = (job: Job, name: string): string => JSON.stringify([job.id, name]);

  return {
    async CreateArtifact(job, request) {
      assertOwnIds(job, request);
      const name = request.required("name");
      if (FORBIDDEN_IN_NAME.test(name))
        throw new TwirpError(
          "invalid_argument",
          `the artifact name ${JSON.stringify(name)} contains a forbidden character`,
        );
      if (visibleTo(world, job).some((artifact) => artifact.name === name && artifact.job.attempt === job.attempt))
        throw new TwirpError("already_exists", "an artifact with this name already exists on the workflow run");
      const mine = [...job.run.repository.actions.artifacts.values()].filter((artifact) => artifact.job === job);
      if (mine.length >= ARTIFACTS_PER_JOB)
        throw new TwirpError("failed_precondition", `a job may create at most ${ARTIFACTS_PER_JOB} artifacts`);

      const blob = blobs.reserve();
      const mimeType = request.text("mime_type") || "application/zip";
      // A second creation under one name replaces the first until one is finalized.
      const abandoned = uploads.get(uploadKey(job, name));
      if (abandoned) await blobs.remove(abandoned.blob);
      uploads.set(uploadKey(job, name), { blob, mimeType, expiresAt: request.time("expires_at") });
      return { ok: true, signed_upload_url: urls.sign(blob, "w", UPLOAD_MINUTES) };
    },

    FinalizeArtifact(job, request) {
      assertOwnIds(job, request);
      const name = request.required("name");
      const upload = uploads.get(uploadKey(job, name));
      const blob = upload && blobs.seal(upload.blob);
      if (upload === undefined || blob === undefined)
        throw new TwirpError("not_found", `nothing was uploaded for an artifact "${name}"`);
      uploads.delete(uploadKey(job, name));
      const expected = request.text("hash");
      if (expected !== "" && expected !== blob.digest)
        throw new TwirpError("invalid_argument", `the upload's digest is ${blob.digest}, not ${expected}`);
      if (Number(request.text("size")) !== blob.size)
        throw new TwirpError("invalid_argument", `the upload has ${blob.size} bytes, not ${request.text("size")}`);
      const { size, digest, file } = blob;
      const { mimeType, expiresAt } = upload;
      const artifact = addArtifact(world, { job, name, mimeType, size, digest, file, expiresAt });
      return { ok: true, artifact_id: String(artifact.id) };
    },

    ListArtifacts(job, request) {
      assertOwnRun(job, request);
      const name = request.text("name_filter");
      const id = request.text("id_filter");
      return {
        artifacts: visibleTo(world, job)
          .filter((artifact) => (name === "" || artifact.name === name) && (id === "" || String(artifact.id) === id))
          .map(artifactMessage),
      };
    },

    GetSignedArtifactURL(job, request) {
      const artifact = findNamedArtifact(world, job, request);
      return { signed_url: urls.sign(blobIdOf(artifact.file), "r", DOWNLOAD_MINUTES, fileNameOf(artifact)) };
    },

    async DeleteArtifact(job, request) {
      const artifact = findNamedArtifact(world, job, request);
      removeArtifact(artifact);
      await blobs.remove(blobIdOf(artifact.file));
      return { ok: true, artifact_id: String(artifact.id) };
    },
  };
}

/** The artifacts that jobs of a run can use: those of every attempt that have not expired. */
const visibleTo = (world: World, job: Job): readonly Artifact[] =>
  artifactsOf(job.run.repository, job.run).filter((artifact) => !artifactExpired(world, artifact));

function findNamedArtifact(world: World, job: Job, request: Message): Artifact {
  assertOwnRun(job, request);
  const name = request.required("name");
  const uploader = request.required("workflow_job_run_backend_id");
  const artifact = visibleTo(world, job).find((one) => one.name === name && String(one.job.id) === uploader);
  if (artifact === undefined) throw new TwirpError("not_found", `there is no artifact "${name}" in this workflow run`);
  return artifact;
}

function artifactMessage(artifact: Artifact) {
  return {
    workflow_run_backend_id: String(artifact.run.id),
    workflow_job_run_backend_id: String(artifact.job.id),
    database_id: String(artifact.id),
    name: artifact.name,
    size: String(artifact.size),
    created_at: artifact.createdAt.toISOString(),
    digest: artifact.digest,
  };
}

function assertOwnRun(job: Job, request: Message): void {
  if (request.required("workflow_run_backend_id") !== String(job.run.id))
    throw new TwirpError("permission_denied", "the token belongs to another workflow run");
}

function assertOwnIds(job: Job, request: Message): void {
  assertOwnRun(job, request);
  if (request.required("workflow_job_run_backend_id") !== String(job.id))
    throw new TwirpError("permission_denied", "the token belongs to another job");
}
