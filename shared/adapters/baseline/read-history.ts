/** The earlier values of metrics, from the verdict that the baseline's own run has uploaded. */
import { ActionError } from "../../problem/problem.ts";
import { readRecord } from "../../records/read-record.ts";
import { type Verdict, verdictRecord } from "../../records/verdict.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { listArtifactsOfFinishedRun, readArtifactRecord } from "../github/run-artifacts.ts";

/** As the template of the default branch uploads it. */
const ARTIFACT = "verdict";

/**
 * @param run of the baseline, whose record is trusted already
 * @param commit that the run judged
 * @returns `undefined`: the run has no such verdict, or none that can be read
 * @throws GitHubError
 */
export async function readHistory(github: GitHub, run: number, commit: string): Promise<Verdict["history"]> {
  const [artifact] = (await listArtifactsOfFinishedRun(github, run, ARTIFACT)).filter(({ expired }) => !expired);
  if (artifact === undefined) return undefined;
  try {
    const { text, file } = await readArtifactRecord(github, artifact, verdictRecord);
    const { record } = readRecord(verdictRecord, text, { file, reader: "gate-metrics" });
    return record.judged === commit ? record.history : undefined;
  } catch (error) {
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    return undefined;
  }
}
