/**
 * The service that keeps artifacts of a run, as `@actions/artifact` asks it. That package is not used: half of it is for
 * downloads, and that half has code without a licence.
 */
import * as z from "zod";
import { realTime, type Time } from "../github/time.ts";

export interface ArtifactService {
  /** @throws ArtifactRefusal for an answer of the service; Error when there was none */
  call(method: "CreateArtifact" | "FinalizeArtifact" | "ListArtifacts", request: object): Promise<unknown>;
  /** Bytes to an address that the service has signed. @throws Error */
  put(address: string, bytes: Uint8Array): Promise<void>;
}

/** What the service answered last instead of doing it. */
export class ArtifactRefusal extends Error {
  readonly status: number;
  constructor(method: string, status: number, text: string) {
    super(`${method} was answered with ${status}: ${text.slice(0, 200)}`);
    this.status = status;
  }
}

const TRIES = 4;
const FIRST_WAIT_MS = 1_000;
const TIMEOUT_MS = 60_000;

/**
 * From what the runner tells a job. Its token goes to the runner's own service only: what is signed needs none.
 * @throws Error on a runner that has no such service
 */
export function connectArtifactService(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  time: Pick<Time, "sleep"> = realTime,
): ArtifactService {
  const { ACTIONS_RESULTS_URL: url = "", ACTIONS_RUNTIME_TOKEN: token = "" } = env;
  if (url === "" || token === "") throw new Error("this runner sets no ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN");
  const ids = readIds(token);

  /** An answer of the server is final; an error on the way is tried again. */
  async function send(address: string, init: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(address, {
          ...init,
          signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        if (response.status < 500 || attempt === TRIES) return response;
        await response.body?.cancel();
      } catch (error) {
        signal.throwIfAborted();
        if (attempt === TRIES) throw reasonOf(error);
      }
      await time.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), signal);
    }
  }

  return {
    async call(method, request) {
      const address = new URL(`/twirp/github.actions.results.api.v1.ArtifactService/${method}`, url).href;
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const response = await send(address, { method: "POST", headers, body: JSON.stringify({ ...ids, ...request }) });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      throw new ArtifactRefusal(method, response.status, text);
    },
    async put(address, bytes) {
      const headers = { "x-ms-blob-type": "BlockBlob", "content-type": "application/zip" };
      const response = await send(address, { method: "PUT", headers, body: Buffer.from(bytes) });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the upload was answered with ${response.status}`);
    },
  };
}

const payload = z.object({ scp: z.string() });

/** The run's and the job's ids in the service, which only its token has: `Actions.Results:<run>:<job>`. */
function readIds(token: string): object {
  const [, middle = ""] = token.split(".");
  const parsed = payload.safeParse(parse(Buffer.from(middle, "base64url").toString()));
  const [, run, job] = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?:$| )/.exec(parsed.data?.scp ?? "") ?? [];
  if (run === undefined) throw new Error("the runner's token does not say for which job it is");
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: job };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The message of `fetch` is only "fetch failed"; the reason is in its cause. */
const reasonOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;
