/** In which order the records of a branch are tried as a baseline: that of the base commit, then those of commits before it. */
import { isOfOwnRepository, type ListedArtifact } from "./baseline-record.ts";
import type { BaseCommit } from "./gate-subject.ts";

/** Each costs up to three requests. The newest record that is no ancestor is one of a run that was started meanwhile. */
const MAX_CANDIDATES = 4;

/**
 * @param artifacts newest first, with the record's name, of any run
 * @param judged its own run's records are not what it is compared with
 * @returns those of the base commit, of which the newest may be one of a run by hand, that does not count; then one for each
 *   other commit, newest first
 */
export function listBaselineCandidates<Artifact extends ListedArtifact>(
  artifacts: readonly Artifact[],
  { commit, branch }: BaseCommit,
  judged: string,
): readonly Artifact[] {
  const possible = artifacts.filter(
    ({ expired, workflow_run: maker }) =>
      !expired && maker && isOfOwnRepository(maker) && maker.head_branch === branch && maker.head_sha !== judged,
  );
  const shaOf = ({ workflow_run: maker }: Artifact): string => maker?.head_sha ?? "";
  const own = possible.filter((artifact) => shaOf(artifact) === commit);
  const others = possible.filter(
    (artifact, at) =>
      shaOf(artifact) !== commit && possible.findIndex((other) => shaOf(other) === shaOf(artifact)) === at,
  );
  return [own, others].flatMap((some) => some.slice(0, MAX_CANDIDATES));
}
