/** The first place that still has the bytes and can be fetched from. One that has other bytes ends it: nothing is tried after that. */
import type { Log } from "../../shared/action/log.ts";
import type { FoundEntry } from "../../shared/core/registry/bytes/compare-files.ts";
import { describeLocation } from "../../shared/core/registry/bytes/describe-location.ts";
import { findBytesProblems, type LookedUp } from "../../shared/core/registry/bytes/location-state.ts";
import { ActionError, userError } from "../../shared/problem/problem.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import type { Ports } from "./ports.ts";

/** @throws ActionError `bytes-differ`, `bytes-gone`, `bytes-nowhere`, `bytes-not-fetchable`, and what the fetch throws */
export async function fetchFromLocations(
  record: ModelVersionRecord,
  ports: Pick<Ports, "lookUp" | "fetch" | "discard" | "isFetchable">,
  log: Pick<Log, "info">,
): Promise<{ readonly found: readonly FoundEntry[]; readonly source: string }> {
  const { files, version } = record;
  const places = await ports.lookUp(record);
  if (files === undefined || places.length === 0) throw nowhere(version);
  const problems = findBytesProblems(version, places);
  if (problems.length > 0) throw new ActionError("refused", problems);
  for (const { location, found } of places) {
    const source = describeLocation(location);
    const reason = whyNot({ location, found }, ports);
    if (reason !== undefined) {
      log.info(`Not from ${source}: ${reason}`);
      continue;
    }
    log.info(`Fetching ${files.length} files from ${source}`);
    try {
      return { found: await ports.fetch(location, files), source };
    } catch (error) {
      await ports.discard();
      throw error;
    }
  }
  throw userError({
    code: "bytes-not-fetchable",
    message: `no place of ${version} can be fetched from by this release: ${places.map(({ location }) => describeLocation(location)).join("; ")}`,
    fix: 'Fetch them by your own command (from: command), or in an earlier step (from: folder). A version that is registered under "version: 2" of the policy says it',
  });
}

const whyNot = ({ location, found }: LookedUp, { isFetchable }: Pick<Ports, "isFetchable">): string | undefined => {
  if (found.state === "gone") return found.why;
  return isFetchable(location) && found.state !== "unchecked" ? undefined : "this release does not fetch from there";
};

const nowhere = (version: string) =>
  userError({
    code: "bytes-nowhere",
    message: `${version} does not say where its bytes are`,
    fix: "Fetch them by your own command (from: command), or in an earlier step (from: folder)",
  });
