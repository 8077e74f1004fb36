/** How a write takes effect once: before it is sent again, its effect is looked for. */
import { GitHubError, type WriteRequest } from "./github.ts";

/** What a write needs beside the request itself. */
export interface WriteSteps<Written> extends WriteRequest<Written> {
  readonly wait: (ms: number) => Promise<void>;
  /** Told why before the first lookup, so that the log has it when the job is cancelled meanwhile. */
  readonly onDoubt: (error: GitHubError) => void;
}

/** A new object may be missing from lists for some seconds: the lookup is repeated after each of these waits. */
const LOOKUP_DELAYS_MS = [500, 1_500, 4_000] as const;
const MAX_SENDS = 3;

/** @throws GitHubError when GitHub rejects the request, or when no send had an effect that is found */
export async function writeOnce<Written>(steps: WriteSteps<Written>): Promise<Written> {
  const { send, find, wait, onDoubt, confirm = false } = steps;
  for (let sends = 1; ; sends += 1) {
    let doubt: GitHubError;
    try {
      const written = await send();
      const confirmed = confirm ? await find() : written;
      if (confirmed !== undefined) return confirmed;
      doubt = withoutEffect();
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (!isInDoubt(error)) {
        // GitHub may reject the second request because the first took effect: "already exists".
        const found = sends > 1 ? await find() : undefined;
        if (found !== undefined) return found;
        throw error;
      }
      doubt = error;
    }
    onDoubt(doubt);
    for (const delay of LOOKUP_DELAYS_MS) {
      await wait(delay);
      const found = await find();
      if (found !== undefined) return found;
    }
    if (sends === MAX_SENDS) throw doubt;
  }
}

/** Whether the request may have taken effect: no response, an error inside GitHub, or a response that makes no sense. */
export const isInDoubt = ({ code }: GitHubError): boolean =>
  code === "github-unreachable" || code === "github-odd-answer";

const withoutEffect = (): GitHubError =>
  new GitHubError({
    code: "github-write-without-effect",
    message: "GitHub reported a success, but what was written is not there",
    fix: "Re-run the job; if it happens again, look at the proxy between the runner and GitHub",
  });
