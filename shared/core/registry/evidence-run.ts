/** The run that somebody chose by its number, to register what it has trained. */
import { refused, userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";

/** As a number of JavaScript: more digits would not be exact. */
const RUN_ID = /^[1-9]\d{0,14}$/;

/** @returns `undefined` when none was chosen. @throws ActionError `run-malformed` */
export function parseRunId(text: string): number | undefined {
  if (text === "") return undefined;
  if (RUN_ID.test(text)) return Number(text);
  throw userError({
    code: "run-malformed",
    message: `${quoteText(text.slice(0, 60))} is not the ID of a run`,
    fix: "Copy the number in the address of the run's page, after /actions/runs/",
  });
}

/** @throws ActionError (a refusal) `evidence-of-other-run` */
export function assertTrainedBy(chosen: number, trainedBy: number): void {
  if (chosen === trainedBy) return;
  throw refused({
    code: "evidence-of-other-run",
    message: `the training record is of run ${trainedBy}, not of run ${chosen}, which was chosen`,
    fix: "Download the artifacts of the run that trained the model, and give its ID",
  });
}

/** @throws ActionError (a refusal) `evidence-expired` */
export function assertHasArtifacts(run: number, artifacts: readonly { readonly expired: boolean }[]): void {
  if (artifacts.some(({ expired }) => !expired)) return;
  throw refused({
    code: "evidence-expired",
    message: `run ${run} has no artifacts${artifacts.length === 0 ? "" : " any more: they have expired"}`,
    fix: "Choose the run that trained and judged the model; train again where its artifacts have expired",
  });
}
