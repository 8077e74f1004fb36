/** A hub with branches and pull requests to try, for tests: real routes, real git. */

import { createStatus } from "../../operations/checks/statuses.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import type { Caller } from "../../world/caller.ts";
import type { StatusState } from "../../world/checks.ts";
import type { DomainEvent } from "../../world/domain-events.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { routes } from "./index.ts";

export interface PullFixture extends AsyncDisposable {
  readonly hub: TestHub;
  /** The person as a caller of operations; see `PEOPLE` of the test hub. */
  caller(login: string): Caller;
  /** Commits onto a branch, which starts at the default branch when it is new. Returns the commit. */
  push(branch: string, files: Readonly<Record<string, string | null>>, options?: PushOptions): Promise<string>;
  /** Pushes a new file on a new branch and opens a pull request for it, by `bob` unless told otherwise. */
  open(branch: string, options?: OpenOptions): Promise<PullRequest>;
  reportStatus(sha: string, context: string, state: StatusState): Promise<void>;
  /** Resolves with the first happening that fits; what has happened already does not count. */
  waitForEvent(event: DomainEvent["event"], action?: string): Promise<DomainEvent>;
  /** What is announced while `work` runs, as `event.action`. */
  recordEvents(work: () => Promise<unknown>): Promise<readonly string[]>;
}

interface PushOptions {
  readonly by?: string;
  readonly to?: Repository;
  readonly message?: string;
  readonly startFrom?: string;
}

interface OpenOptions {
  readonly by?: string;
  readonly base?: string;
  readonly draft?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

export async function createPullFixture(): Promise<PullFixture> {
  const hub = await startTestHub({ routes });
  const { world, repository } = hub;
  const nameOf = (happening: DomainEvent): string =>
    "action" in happening ? `${happening.event}.${happening.action}` : happening.event;

  const stage: PullFixture = {
    hub,
    caller(login) {
      const actor = world.accounts.get(login);
      if (actor === undefined) throw new Error(`there is no ${login} on this hub`);
      return { actor, token: undefined };
    },
    push: (branch, files, { by = "bob", to = repository, message = `Change ${branch}`, startFrom } = {}) =>
      commitFiles(world, to, { branch, files, message, ...(startFrom && { startFrom }) }, stage.caller(by)),
    async open(branch, { by = "bob", base = "main", draft = false, files = { [`${branch}.txt`]: "new\n" } } = {}) {
      await stage.push(branch, files, { startFrom: base, by: by === "dave" ? "bob" : by });
      const opened = await hub
        .as(by)
        .request("POST /repos/{owner}/{repo}/pulls", { title: `Add ${branch}`, head: branch, base, draft });
      const pull = repository.pulls.get(opened.body.number);
      if (pull === undefined) throw new Error(`could not open: ${JSON.stringify(opened.body)}`);
      return pull;
    },
    reportStatus: async (sha, context, state) =>
      void (await createStatus(world, repository, sha, { context, state }, stage.caller("bob"))),
    waitForEvent: (event, action) =>
      new Promise((resolve) => {
        const subscription = world.subscribe((happening) => {
          if (happening.event !== event || (action !== undefined && nameOf(happening) !== `${event}.${action}`)) return;
          subscription[Symbol.dispose]();
          resolve(happening);
        });
      }),
    async recordEvents(work) {
      const heard: string[] = [];
      using _ = world.subscribe((happening) => void heard.push(nameOf(happening)));
      await work();
      return heard;
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
  return stage;
}
