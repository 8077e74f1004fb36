/** For tests: a local GitHub with helpers for branches and pull requests; real routes, real git. */

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
  /** The person as a caller of operations; see `TestHub.as` for the people. */
  caller(login: string): Caller;
  /** Commits to a branch; a new one starts at the default branch. Returns the commit's SHA. */
  push(branch: string, files: Readonly<Record<string, string | null>>, options?: PushOptions): Promise<string>;
  /** Pushes a new file to a new branch and opens a pull request for it, by default as `bob`. */
  open(branch: string, options?: OpenOptions): Promise<PullRequest>;
  reportStatus(sha: string, context: string, state: StatusState): Promise<void>;
  /** Resolves with the first matching event from now on. */
  waitForEvent(event: DomainEvent["event"], action?: string): Promise<DomainEvent>;
  /** The events that are published while `work` runs, as `event.action`. */
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
  const nameOf = (published: DomainEvent): string =>
    "action" in published ? `${published.event}.${published.action}` : published.event;
  const fixture: PullFixture = {
    hub,
    caller(login) {
      const actor = world.accounts.get(login);
      if (actor === undefined) throw new Error(`there is no account ${login}`);
      return { actor, token: undefined };
    },
    push: (branch, files, { by = "bob", to = repository, message = `Change ${branch}`, startFrom } = {}) =>
      commitFiles(world, to, { branch, files, message, ...(startFrom && { startFrom }) }, fixture.caller(by)),
    async open(branch, { by = "bob", base = "main", draft = false, files = { [`${branch}.txt`]: "new\n" } } = {}) {
      await fixture.push(branch, files, { startFrom: base, by: by === "dave" ? "bob" : by });
      const opened = await hub
        .as(by)
        .request("POST /repos/{owner}/{repo}/pulls", { title: `Add ${branch}`, head: branch, base, draft });
      const pull = repository.pulls.get(opened.body.number);
      if (pull === undefined) throw new Error(`could not open: ${JSON.stringify(opened.body)}`);
      return pull;
    },
    reportStatus: async (sha, context, state) =>
      void (await createStatus(world, repository, sha, { context, state }, fixture.caller("bob"))),
    waitForEvent: (event, action) =>
      new Promise((resolve) => {
        const subscription = world.subscribe((published) => {
          if (published.event !== event || (action !== undefined && nameOf(published) !== `${event}.${action}`)) return;
          subscription[Symbol.dispose]();
          resolve(published);
        });
      }),
    async recordEvents(work) {
      const recorded: string[] = [];
      using _ = world.subscribe((published) => void recorded.push(nameOf(published)));
      await work();
      return recorded;
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
  return fixture;
}
