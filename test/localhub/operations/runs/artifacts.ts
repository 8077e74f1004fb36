/** The artifacts of workflow runs. */
import { rmSync } from "node:fs";
import { notFound } from "../../world/api-error.ts";
import type { Artifact, Repository, WorkflowRun } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** GitHub docs, "Configuring the retention period": 90 days unless a job requests fewer. */
const ARTIFACT_RETENTION_DAYS = 90;
/** README of actions/upload-artifact, "Number of artifacts". */
export const ARTIFACTS_PER_JOB = 500;

export type NewArtifact = Omit<Artifact, "id" | "run" | "createdAt" | "expiresAt"> & {
  /** Requested; limited to the retention period. */
  readonly expiresAt: Date | undefined;
};

export function addArtifact(world: World, input: NewArtifact): Artifact {
  const createdAt = world.clock.now();
  const latest = new Date(createdAt.getTime() + ARTIFACT_RETENTION_DAYS * 86_400_000);
  const { run } = input.job;
  const expiresAt = input.expiresAt !== undefined && input.expiresAt < latest ? input.expiresAt : latest;
  const artifact: Artifact = { ...input, id: world.nextId(), run, createdAt, expiresAt };
  run.repository.actions.artifacts.set(artifact.id, artifact);
  return artifact;
}

export const artifactExpired = (world: World, artifact: Artifact): boolean => artifact.expiresAt <= world.clock.now();

/** The file name of a downloaded artifact. */
export const fileNameOf = ({ mimeType, name }: Artifact): string =>
  mimeType === "application/zip" ? `${name}.zip` : name;

/** Newest first. Expired ones are still listed by the REST API, marked as such. */
export function artifactsOf(repository: Repository, run?: WorkflowRun): readonly Artifact[] {
  return [...repository.actions.artifacts.values()]
    .filter((artifact) => run === undefined || artifact.run === run)
    .reverse();
}

export function removeArtifact(artifact: Artifact): void {
  artifact.run.repository.actions.artifacts.delete(artifact.id);
  rmSync(artifact.file, { force: true });
}

/** @throws ApiError 404 when there is no such artifact. */
export function artifactById(repository: Repository, id: number): Artifact {
  const artifact = repository.actions.artifacts.get(id);
  if (artifact === undefined) throw notFound();
  return artifact;
}
