/** The problems of a training that did more, or could do more, than compute. */
import type { Survivor } from "../../shared/adapters/process/supervise-process.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { quoteText } from "../../shared/text/document/document.ts";

const FIX_SURVIVOR = "Let the command wait for what it starts, or start services in a step of their own";

/** Those that were ended are worth a warning; one that still runs can change the results. */
export const describeSurvivors = (
  survivors: readonly Survivor[],
): { readonly ended: readonly Problem[]; readonly stuck: readonly Problem[] } => ({
  ended: survivors.filter(({ wasEnded }) => wasEnded).map((survivor) => leftRunning(survivor, "it was ended")),
  stuck: survivors
    .filter(({ wasEnded }) => !wasEnded)
    .map((survivor) => leftRunning(survivor, "it could not be ended")),
});

const leftRunning = ({ name, pid }: Survivor, end: string): Problem => ({
  code: "process-left",
  message: `the command has ended and left ${quoteText(name)} (pid ${pid}) running; ${end}`,
  fix: FIX_SURVIVOR,
});

/** @param name the variable that holds the file's path */
export const commandFileChanged = (name: string): Problem => ({
  code: "command-file-changed",
  message: `the training wrote to the file of ${name}, which changes the job; it has its old content again`,
  fix: "Let a step of its own set outputs, variables, paths and summaries, from the files that the training writes",
});

export const credentialsVisible = (names: readonly string[]): Problem => ({
  code: "credentials-visible",
  message: `the training can read ${names.join(", ")} of this process: this Node or system cannot drop them`,
  fix: "Run the action with the Node 24 of a runner for Linux or macOS, or give the job no such permissions",
});
