/** What a diff is shown against, and what the policy allows its rules to be judged by. */
import type { Baseline } from "../../core/gate/baseline.ts";
import { chooseAllowed, type DiffBaseline } from "../../core/gate/baseline-sources.ts";
import type { GateSubject } from "../../core/gate/gate-subject.ts";
import type { GitHub } from "../github/github.ts";
import { type BaselineQuery, findBaseline } from "./find-baseline.ts";
import { findDiffBaseline } from "./find-diff-baseline.ts";

export interface AllowedDiffQuery extends BaselineQuery {
  /** The files whose metrics are shown; one that the base commit has too can stand for a record. */
  readonly shown: readonly string[];
}

/** @throws GitHubError when GitHub does not respond: that is not the same as "there is nothing to compare with" */
export async function findAllowedDiff(
  github: GitHub,
  subject: GateSubject,
  query: AllowedDiffQuery,
): Promise<DiffBaseline> {
  const { artifact, shown: files, reader, model, predictions, sources, now } = query;
  const ofDiff = { artifact, files, reader, model, withPredictions: predictions !== undefined };
  const diff = await findDiffBaseline(github, subject, ofDiff);
  const judged = await chooseAllowed(diff, sources, now, async (source): Promise<Baseline> => {
    const { base } = subject;
    if (source.from !== "commit" || base === undefined)
      return findBaseline(github, subject, { ...query, sources: [source] });
    const pinned = { ...base, commit: source.commit ?? "" };
    return (await findDiffBaseline(github, { ...subject, base: pinned }, ofDiff)).judged;
  });
  return { judged, shown: judged.kind === "found" ? judged : diff.shown };
}
