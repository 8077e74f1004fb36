/** What verify-model needs from GitHub, from a folder and from the user's command. */
import type { FoundEntry } from "../../shared/core/registry/bytes/compare-files.ts";
import type { LookedUp } from "../../shared/core/registry/bytes/location-state.ts";
import type { Registry } from "../../shared/core/registry/registry.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { FileRecord } from "../../shared/records/fields.ts";
import type { ModelLocation } from "../../shared/records/location.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";

export interface Ports {
  readonly registry: Pick<Registry, "list" | "read">;
  readonly lookUp: (record: ModelVersionRecord) => Promise<readonly LookedUp[]>;
  /** Whether this release can fetch from there. */
  readonly isFetchable: (location: ModelLocation) => boolean;
  /** Into the folder, which is made. @throws ActionError, also `folder-not-empty` */
  readonly fetch: (location: ModelLocation, files: readonly FileRecord[]) => Promise<readonly FoundEntry[]>;
  /** Runs the user's command. @throws ActionError where it fails */
  readonly runCommand: (record: ModelVersionRecord) => Promise<void>;
  /** Everything in the folder. */
  readonly readFolder: () => Promise<readonly FoundEntry[]>;
  /** Removes what was fetched, so that nobody deploys it. */
  readonly discard: () => Promise<void>;
  readonly digestOf: DigestFunction;
}
