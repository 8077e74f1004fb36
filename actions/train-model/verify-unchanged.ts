/** Whether the record is still true when the training has ended: it names a commit and data, which the training could change. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { andMore, type CheckoutState } from "./checkout.ts";
import type { ReadFingerprint, TrainingResults } from "./results.ts";

/** What the training starts from. */
export interface Origin {
  readonly checkout: CheckoutState;
  /** Fingerprints of the files of the data report, by path. */
  readonly data: ReadonlyMap<string, string>;
}

interface VerifyPorts {
  readonly files: WorkspaceFiles;
  readonly fingerprint: ReadFingerprint;
  readonly readCheckout: () => Promise<CheckoutState>;
}

/**
 * @param mayChange paths and patterns of files in the commit that the training may write: its results, and what the user names
 * @returns what the record says about the end, and why it would be untrue
 */
export async function verifyUnchanged(
  { checkout: start, data }: Origin,
  mayChange: readonly string[],
  ports: VerifyPorts,
): Promise<{ readonly end: TrainingRecord["end"]; readonly problems: readonly Problem[] }> {
  const now = await ports.readCheckout().catch(toProblems);
  if ("problems" in now) return { end: undefined, problems: now.problems };
  const allowed = new Set<string>(mayChange);
  for (const pattern of mayChange)
    for (const path of await ports.files.list([pattern]).catch(() => [])) allowed.add(path);
  const changed = now.changed.filter((path) => !allowed.has(path));
  const problems: Problem[] = [];
  if (now.commit !== start.commit) problems.push(movedCheckout(start.commit, now.commit));
  else if (changed.length > 0) problems.push(changedFiles(changed));
  for (const [path, fingerprint] of data) {
    if ((await ports.fingerprint(path)) !== fingerprint) problems.push(changedData(path));
  }
  return { end: { commit: now.commit, tree: now.tree, clean: changed.length === 0 }, problems };
}

/** All or nothing: results whose origin is not known are none. */
export const refuseResults = (results: TrainingResults, problems: readonly Problem[]): TrainingResults =>
  problems.length === 0
    ? results
    : {
        ...results,
        ...{ metrics: [], metricFiles: [], model: null, patterns: [] },
        problems: [...results.problems, ...problems],
      };

function toProblems(error: unknown): { readonly problems: readonly Problem[] } {
  if (error instanceof ActionError) return { problems: error.problems };
  throw error;
}

const movedCheckout = (from: string, to: string): Problem => ({
  code: "checkout-moved",
  message: `the training began on commit ${from.slice(0, 7)}, and the checkout is at ${to.slice(0, 7)} now: it is not known what was trained`,
  fix: "Check out the commit to train before this action, and nothing else in the command",
});

const changedFiles = ([file = "", ...more]: readonly string[]): Problem => ({
  code: "checkout-changed",
  message: `it${andMore(more)} was changed while the training ran: the commit does not contain what was trained`,
  place: { file },
  fix: "Let the command write to files that are not committed, or name this one in may-change",
});

const changedData = (file: string): Problem => ({
  code: "data-changed",
  message: "it was written while the training ran: the data report does not describe it any more",
  place: { file },
  fix: "Let the command read the data, and write what it makes of it to other files",
});
