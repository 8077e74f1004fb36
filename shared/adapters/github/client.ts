/** The one way to GitHub's API: see `GitHub` for what it promises. */
import type { ActionContext } from "../../action/context.ts";
import type { Log } from "../../action/log.ts";
import { mistake } from "../../action/problem.ts";
import { createDownload } from "./download.ts";
import { failureOf } from "./failures.ts";
import { type Creation, type GitHub, GitHubFailure, type Json, type Params } from "./github.ts";
import { createPace } from "./pace.ts";
import { readPages } from "./pages.ts";
import { backOff, inDoubt, limitWait, MOST_TRIES } from "./patience.ts";
import { useProxies } from "./proxy.ts";
import { requestOf } from "./route.ts";
import { realTime, type Time } from "./time.ts";
import { type Answer, createTransport, type Doubt } from "./transport.ts";

export interface GitHubOptions {
  readonly token: string;
  readonly context: Pick<ActionContext, "urls" | "repository">;
  readonly log: Log;
  /** No request starts after it is aborted; a write that is under way is finished. */
  readonly signal: AbortSignal;
  readonly time?: Time;
}

/** A job that waits longer than this for a rate limit costs more than a re-run. */
const LONGEST_LIMIT_WAIT = 15 * 60_000;
/** How long faults of one request are borne before giving up. */
const FAULT_DEADLINE = 90_000;
/** A new thing may be missing from lists for some seconds: looked for after each of these waits. */
const SETTLE = [500, 1_500, 4_000] as const;
const MOST_SENDS = 3;

/** @throws ActionFailure when the token is empty or malformed */
export function createGitHub({ token, context, log, signal, time = realTime }: GitHubOptions): GitHub {
  assertToken(token);
  useProxies();
  const { api } = context.urls;
  const [owner = "", repo = ""] = context.repository.split("/");
  const transport = createTransport(token, api);
  const pace = createPace(time);
  const never = new AbortController().signal;

  /** Sends until there is a clear answer; `once`: sends again only what was refused unread. */
  async function ask(route: string, params: Params, once = false): Promise<Answer | Doubt> {
    const request = requestOf(api, route, { owner, repo, ...params });
    const reads = request.method === "GET";
    const start = time.now();
    let waited = 0;
    let limits = 0;
    for (let tries = 1; ; ) {
      signal.throwIfAborted();
      const result = await (reads ? pace.read : pace.write)(() => transport(request, reads ? signal : never));
      const wait = result.kind === "answer" ? limitWait(result, limits) : undefined;
      if (wait !== undefined) {
        limits += 1;
        waited += wait.ms;
        if (waited > LONGEST_LIMIT_WAIT) throw limitFailure(route, wait.ms);
        log.info(`GitHub's ${wait.limit} rate limit is used up; going on in ${Math.ceil(wait.ms / 1000)} s`);
        await time.sleep(wait.ms, signal);
        continue;
      }
      const over = tries >= MOST_TRIES || time.now() - start - waited > FAULT_DEADLINE;
      if (once || !inDoubt(result) || over) return result;
      await time.sleep(backOff(tries, time.random), signal);
      tries += 1;
    }
  }

  async function succeed(route: string, params: Params): Promise<Answer> {
    const result = await ask(route, params);
    if (isSuccess(result)) return result;
    throw failureOf(route, { owner, repo, ...params }, result);
  }

  async function create({ send, find }: Creation): Promise<Json> {
    const params = send.params ?? {};
    for (let sends = 1; ; sends++) {
      const result = await ask(send.route, params, true);
      if (isSuccess(result)) return result.data;
      if (!inDoubt(result)) {
        // A refusal of the second send may well be about the first: "already exists".
        const found = sends > 1 ? await find() : undefined;
        if (found !== undefined) return found;
        throw failureOf(send.route, { owner, repo, ...params }, result);
      }
      for (const wait of SETTLE) {
        await time.sleep(wait, signal);
        const found = await find();
        if (found !== undefined) return found;
      }
      if (sends === MOST_SENDS) throw failureOf(send.route, { owner, repo, ...params }, result);
    }
  }

  return {
    repository: { owner, repo },
    read: async (route, params = {}) => (await succeed(route, params)).data,
    async find(route, params = {}) {
      const result = await ask(route, params);
      if (result.kind === "answer" && result.status === 404) return undefined;
      if (isSuccess(result)) return result.data;
      throw failureOf(route, { owner, repo, ...params }, result);
    },
    readAll: (route, params = {}) => readPages(route, (page) => succeed(route, { ...params, ...page })),
    write: async (route, params = {}) => (await succeed(route, params)).data,
    create,
    download: createDownload({ api, token, repository: { owner, repo }, pace, time, signal }),
  };
}

const isSuccess = (result: Answer | Doubt): result is Answer =>
  result.kind === "answer" && result.status >= 200 && result.status < 300;

function limitFailure(route: string, ms: number): GitHubFailure {
  const minutes = Math.ceil(ms / 60_000);
  return new GitHubFailure({
    code: "rate-limited",
    message: `GitHub's rate limit is used up (${route})`,
    fix: `Re-run the failed jobs in ${minutes} minutes`,
  });
}

/** Said without the token: what `fetch` says about a bad header quotes it. */
function assertToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw mistake({
    code: token === "" ? "token-missing" : "token-malformed",
    message: token === "" ? "the token is empty" : "the token holds blanks, line ends or other odd characters",
    fix: "Pass ${{ github.token }} or a secret that exists for this event: a fork's pull request gets no secrets",
  });
}
