/** The one client of GitHub's API; `GitHub` describes what it guarantees. */
import { userError } from "../../problem/problem.ts";
import { createCredentials, isToken } from "./credentials.ts";
import { createDownload } from "./download.ts";
import { createDownloadStream } from "./download-stream.ts";
import { createFetch } from "./fetch.ts";
import { type GitHub, GitHubError } from "./github.ts";
import { listRefs } from "./list-refs.ts";
import type { GetOctokit, Octokit } from "./octokit.ts";
import { enableProxies } from "./proxy.ts";
import { readPages } from "./read-pages.ts";
import { createThrottle } from "./throttle.ts";
import { realTime, type Time } from "./time.ts";
import { createTransport } from "./transport.ts";
import { writeOnce } from "./write-once.ts";

export interface GitHubOptions {
  readonly getOctokit: GetOctokit;
  readonly token: string;
  /** A fresh token when GitHub refuses the present one; `undefined`: there is none now. */
  readonly renewToken?: () => Promise<string | undefined>;
  /** The repository's name and the API that serves it. */
  readonly context: {
    readonly repository: string;
    /** `repository`: its page; without it, nothing is asked by git's protocol. */
    readonly urls: { readonly api: string; readonly repository?: string };
  };
  readonly log: { info(text: string): void };
  /** No request starts after it is aborted; a write that is in progress is finished. */
  readonly signal: AbortSignal;
  readonly time?: Time;
}

/** A new copy of GitHub's data may not have an object yet that another copy has shown. */
const SECOND_LOOK_MS = 300;

/** @throws ActionError when the token is empty or malformed */
export function createGitHub(options: GitHubOptions): GitHub {
  const { getOctokit, token, renewToken, context, log, signal, time = realTime } = options;
  assertToken(token);
  const credentials = createCredentials(token, renewToken);
  enableProxies();
  const api = context.urls.api.replace(/\/+$/, "");
  const [owner = "", repo = ""] = context.repository.split("/");
  const throttle = createThrottle(time, signal);
  const waiting = { time, log, signal };
  let lastDate: { readonly date: number; readonly at: number } | undefined;
  const transport = createTransport(api, (date) => {
    lastDate = { date, at: time.now() };
  });
  const octokit = getOctokit(token, {
    baseUrl: api,
    userAgent: "mlops-actions",
    // It would print to the console, where the runner takes lines that begin with `::` for commands.
    log: { debug: ignore, info: ignore, warn: log.info, error: log.info },
    request: { fetch: createFetch({ api, credentials, transport, throttle, waiting }) },
  });
  unwrapErrors(octokit);

  return {
    repository: { owner, repo },
    rest: octokit.rest,
    get: async (path, params) => (await octokit.request(`GET ${path}`, params)).data,
    listRefs: (prefixes) =>
      listRefs(
        { repository: context.urls.repository, authorization: credentials.authorization, throttle, signal },
        prefixes,
      ),
    readAll: (list, params) => readPages(octokit, list, params),
    async find(read) {
      const response = await read().catch(ignoreNotFound);
      if (response !== undefined) return response.data;
      await time.sleep(SECOND_LOOK_MS, signal);
      return (await read().catch(ignoreNotFound))?.data;
    },
    writeOnce: (request) =>
      writeOnce({
        ...request,
        wait: (ms) => time.sleep(ms, signal),
        onDoubt: (error) => log.info(`Looking whether it took effect: ${error.problems[0]?.message}`),
      }),
    now() {
      if (lastDate === undefined) throw new Error("GitHub's time was asked for before any response");
      return lastDate.date + (time.now() - lastDate.at);
    },
    download: createDownload({ api, credentials, throttle, waiting }),
    stream: createDownloadStream({ api, credentials, throttle, waiting }),
  };
}

const ignore = (): void => {};

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof GitHubError && error.status === 404)) throw error;
}

/** Octokit wraps what `fetch` throws, and describes it in its own words; ours are kept. */
function unwrapErrors({ hook }: Octokit): void {
  hook.error("request", (error) => {
    throw error.cause ?? error;
  });
}

function assertToken(token: string): void {
  if (isToken(token)) return;
  throw userError({
    code: token === "" ? "token-missing" : "token-malformed",
    message: token === "" ? "the token is empty" : "the token contains spaces, line ends or control characters",
    fix: "Pass ${{ github.token }} or a secret that exists for this event: a fork's pull request gets no secrets",
  });
}
