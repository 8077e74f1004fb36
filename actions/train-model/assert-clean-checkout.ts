/** The commit whose code is about to run. */
import { createGitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { userError } from "../../shared/problem/problem.ts";

/** Git may have to read a large work tree once, from a slow disk. */
const GIT_TIMEOUT = 5 * 60_000;

/**
 * A record names one commit as the source of a model; a file changed since the checkout would make that untrue.
 *
 * @throws ActionError `not-a-checkout`, `checkout-changed`
 */
export async function assertCleanCheckout(workspace: string, signal: AbortSignal): Promise<string> {
  const commit = await createGitCheckout(workspace, signal).head();
  const changed = commit === undefined ? undefined : await listChangedFiles(workspace);
  if (commit === undefined || changed === undefined) {
    throw userError({
      code: "not-a-checkout",
      message: "the workspace is not a checkout of a repository",
      fix: "Add actions/checkout before this step",
    });
  }
  if (changed.length === 0) return commit;
  const [file = "", ...more] = changed;
  throw userError({
    code: "checkout-changed",
    message: `it${more.length === 0 ? "" : ` (and ${more.length} more)`} was changed since the checkout: no commit contains what would be trained`,
    place: { file },
    fix: "Make the change in the command, pass it as params, or commit it",
  });
}

/**
 * New files do not count. The machine's git configuration applies, so that a file that Git LFS has filled in does not count
 * as changed; its external diff programs are not used.
 */
async function listChangedFiles(workspace: string): Promise<readonly string[] | undefined> {
  const trust = ["-c", `safe.directory=${workspace}`, "-c", "core.fsmonitor=false"];
  const names = ["diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", "HEAD", "--"];
  const output = await captureOutput("git", [...trust, ...names], { cwd: workspace, timeout: GIT_TIMEOUT });
  return output?.split("\0").filter((path) => path !== "");
}
