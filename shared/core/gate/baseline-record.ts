/** Which training record is the baseline of a commit, once its run is trusted; see `baseline-runs.ts` for the run. */
import { isSameRepository } from "../../records/repository-name.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import type { BaselineRun } from "./baseline-runs.ts";

/** An artifact as GitHub lists it: the fields that say who made it. */
export interface ListedArtifact {
  readonly expired: boolean;
  readonly workflow_run?: ArtifactMaker | null | undefined;
}

/** The run that made an artifact. */
export interface ArtifactMaker {
  readonly id: number;
  readonly head_branch?: string | null | undefined;
  readonly head_sha: string;
  readonly repository_id: number;
  /** Another repository for a run of a fork's pull request. */
  readonly head_repository_id: number;
}

/** Whether exactly this run made the artifact, for its own commit and repository, and it can still be downloaded. */
export const isArtifactOfRun = (run: BaselineRun, { expired, workflow_run: maker }: ListedArtifact): boolean =>
  !expired && maker?.id === run.id && maker.head_sha === run.head_sha && isOfOwnRepository(maker);

export const isOfOwnRepository = (maker: ArtifactMaker): boolean => maker.head_repository_id === maker.repository_id;

/**
 * Why a record is not the baseline of a commit, to be read after "the training record"; `undefined`: it is.
 *
 * @param record `undefined`: the file is not a training record
 * @param wanted.repository `owner/name`
 * @param wanted.model the one of several that is judged
 */
export function findRecordMismatch(
  record: Pick<TrainingRecord, "outcome" | "commit" | "origin" | "modelName"> | undefined,
  {
    commit,
    repository,
    model,
  }: { readonly commit: string; readonly repository: string; readonly model?: string | undefined },
): string | undefined {
  if (record?.outcome !== "success") return `says that the training ended in ${record?.outcome ?? "nothing"}`;
  if (record.commit !== commit) return `is about commit ${record.commit.slice(0, 7)}, and not ${commit.slice(0, 7)}`;
  const { modelName: about } = record;
  if (about !== undefined && model !== undefined && about !== model) return `is about the model ${about}`;
  return isSameRepository(record.origin.repository, repository) ? undefined : "was made in another repository";
}
