/** Job logs in GitHub's formats: plain text for one job, a zip for a run. */
import { strToU8, type Zippable, zipSync } from "fflate";
import type { LogLine } from "../world/actions.ts";
import type { Job, RunAttempt } from "../world/repository.ts";

/** Each line with its time to a tenth of a microsecond, as github.com writes it. */
export const renderJobLog = (job: Job): string => job.log.map(renderLine).join("");

/**
 * GitHub's layout: `0_job.txt`, `1_other job.txt` … with the logs of whole jobs, and a folder for each job with one
 * file for each step, `1_Set up job.txt`. `undefined` when no job of the attempt has a log yet.
 */
export function renderRunLogs(attempt: RunAttempt): Uint8Array | undefined {
  const jobs = attempt.jobs.filter((job) => job.log.length > 0);
  if (jobs.length === 0) return undefined;
  const files: Zippable = {};
  for (const [index, job] of jobs.entries()) {
    const name = fileName(job.name);
    files[`${index}_${name}.txt`] = strToU8(renderJobLog(job));
    for (const step of job.steps) {
      const lines = job.log.filter((line) => line.step === step.number);
      if (lines.length > 0)
        files[`${name}/${step.number}_${fileName(step.name)}.txt`] = strToU8(lines.map(renderLine).join(""));
    }
  }
  return zipSync(files, { level: 6 });
}

const renderLine = ({ at, text }: LogLine): string => `${at.toISOString().slice(0, -1)}0000Z ${text}\n`;

/** GitHub's archive removes some characters from names and cuts them (from the source of cli/cli, `gh run view`). */
const MAX_NAME_LENGTH = 90;
const fileName = (name: string): string => name.replaceAll(/[/:]/g, "").slice(0, MAX_NAME_LENGTH);
