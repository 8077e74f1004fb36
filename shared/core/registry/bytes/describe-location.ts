/** A place in words, for people. It contains text of others: whoever shows it encodes it. */
import type { ModelLocation } from "../../../records/location.ts";
import { shortTime } from "./location-expiry.ts";

export function describeLocation(location: ModelLocation): string {
  const { expiresAt } = location;
  return expiresAt === undefined
    ? describePlace(location)
    : `${describePlace(location)}, until ${shortTime(expiresAt)}`;
}

function describePlace(location: ModelLocation): string {
  switch (location.kind) {
    case "artifact":
      return `artifact ${location.name} (${location.id}) of run ${location.run}`;
    case "release-asset":
      return `release ${location.tag}: ${location.assets.map(({ name }) => name).join(", ")}`;
    case "oci":
      return `${location.image}@${location.digest}`;
    case "s3":
    case "gs":
      return location.uri;
    case "hf":
      return `${location.uri}@${location.revision}`;
    case "dvc":
    case "git-lfs":
      return `${location.kind === "dvc" ? "DVC" : "Git LFS"} at commit ${location.commit.slice(0, 7)}`;
    case "mlflow":
      return `MLflow run ${location.run} at ${location.server}: ${location.source}`;
    case "folder":
      return `${location.path} on ${location.runner}`;
    case "cache":
      return `cache ${location.key}`;
    case "command":
      return location.description;
  }
}
