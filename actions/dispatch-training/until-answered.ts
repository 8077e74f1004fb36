/** Reads something that a training has left behind, whatever GitHub's condition just now. */
import type { Log } from "../../shared/action/log.ts";
import { isOutage } from "../../shared/adapters/github/outage.ts";
import { pollDelay } from "../../shared/core/training/polling.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import type { WatchPorts } from "./watch-run.ts";

/** A proxy may answer a download with a page of its own; what is broken again and again, the training has left so. */
const MAX_DOWNLOADS = 3;

const isBrokenDownload = (error: unknown): boolean =>
  error instanceof ActionError && /^(?:artifact-changed$|archive-)/.test(error.problems[0]?.code ?? "");

/** @param patience milliseconds. @throws what `read` throws, an outage only when it lasts longer */
export async function untilAnswered<Found>(
  read: () => Promise<Found>,
  patience: number,
  { now, sleep }: Pick<WatchPorts, "now" | "sleep">,
  log: Log,
  signal: AbortSignal,
): Promise<Found> {
  const deadline = now() + patience;
  for (let tries = 0; ; tries++) {
    try {
      return await read();
    } catch (error) {
      const isTemporary = isOutage(error) ? now() < deadline : isBrokenDownload(error) && tries < MAX_DOWNLOADS;
      if (!isTemporary) throw error;
      log.info(`Trying again: ${error instanceof ActionError ? error.problems[0]?.message : String(error)}`);
    }
    await sleep(pollDelay(tries), signal);
  }
}
