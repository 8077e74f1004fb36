/** A fresh token from the user's own command: that of a GitHub App, for example, which is valid for an hour. */
import { runShortCommand } from "../process/run-short-command.ts";

const TIMEOUT_MS = 60_000;
const MAX_TOKEN_BYTES = 16 * 1024;

interface Telling {
  /** Called with the token before anything else sees it. */
  readonly mask: (secret: string) => void;
  readonly log: { info(text: string): void };
  readonly signal: AbortSignal;
}

/** @returns what the script printed, without white space around it; `undefined` when it failed, which the log says */
export async function runTokenCommand(
  script: string,
  cwd: string,
  { mask, log, signal }: Telling,
): Promise<string | undefined> {
  const result = await runShortCommand({
    program: "bash",
    args: ["-eo", "pipefail", "-c", script],
    cwd,
    timeout: TIMEOUT_MS,
    maxBytes: MAX_TOKEN_BYTES,
    signal,
  });
  const token = result.kind === "exited" && result.code === 0 ? result.output.toString().trim() : "";
  if (token !== "") {
    mask(token);
    log.info("GitHub refused the token; the token-command has given a new one");
    return token;
  }
  const why =
    result.kind === "exited"
      ? result.code === 0
        ? "printed nothing"
        : `ended with ${result.code === null ? "a signal" : `exit code ${result.code}`}`
      : { "not-started": "could not be started", "timed-out": "took too long", "too-much-output": "printed too much" }[
          result.kind
        ];
  log.info(`GitHub refused the token, and the token-command ${why}`);
  return undefined;
}
