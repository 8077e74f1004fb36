/** The artifacts of workflow runs. */
import { artifactById, artifactExpired, artifactsOf, removeArtifact } from "../../operations/runs/artifacts.ts";
import { renderArtifact } from "../../render/artifacts.ts";
import { ApiError, notFound } from "../../world/api-error.ts";
import type { Artifact, WorkflowRun } from "../../world/repository.ts";
import { artifactUrl } from "../downloads/downloads.ts";
import { type Call, type ListReply, list, noContent, ok, type Route, redirect, route } from "../route.ts";
import { runOf } from "./runs.ts";

export const artifactRoutes: readonly Route[] = [
  route("actions/list-artifacts-for-repo", (call) => listed(call)),
  route("actions/list-workflow-run-artifacts", (call) => listed(call, runOf(call))),
  route("actions/get-artifact", (call) => ok(renderArtifact(call.world, artifactOf(call)))),

  route("actions/download-artifact", (call) => {
    const artifact = artifactOf(call);
    if (call.path["archive_format"] !== "zip") throw notFound();
    if (artifactExpired(call.world, artifact)) throw new ApiError(410, "Artifact has expired");
    return redirect(artifactUrl(call.world, artifact));
  }),

  route("actions/delete-artifact", (call) => {
    removeArtifact(artifactOf(call));
    return noContent;
  }),
];

const artifactOf = ({ repository, path }: Call): Artifact => artifactById(repository, Number(path["artifact_id"]));

function listed({ world, repository, query }: Call, run?: WorkflowRun): ListReply {
  const { name, direction } = query;
  const found = artifactsOf(repository, run).filter((artifact) => name === undefined || artifact.name === name);
  return list(direction === "asc" ? found.toReversed() : found, (one) => renderArtifact(world, one), "artifacts");
}
