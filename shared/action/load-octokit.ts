/** Octokit, as GitHub's toolkit for actions makes it. */
import { userError } from "../problem/problem.ts";

/**
 * Imported late: while it is imported, the toolkit reads the event file and the addresses in the environment, and a broken
 * one would end the action with a stack. By the time an action connects, the event file was read and checked.
 *
 * @throws ActionError `toolkit-unusable`
 */
export async function loadOctokit() {
  try {
    return (await import("@actions/github")).getOctokit;
  } catch (error) {
    throw userError(
      {
        code: "toolkit-unusable",
        message: `GitHub's toolkit could not start: ${error instanceof Error ? error.message : String(error)}`,
        fix: "Check GITHUB_API_URL, the proxies in the runner's environment, and that the action's dist folder is complete",
      },
      error,
    );
  }
}
