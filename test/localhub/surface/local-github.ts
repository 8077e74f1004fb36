/** Puts the local GitHub together: world, REST face, results service, Actions service, runner, page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitOverHttp } from "../git/smart-http.ts";
import { createAccount, ensureAccount } from "../operations/accounts.ts";
import { watchMergeQueue } from "../operations/merge-queue.ts";
import { createRepository, forkRepository } from "../operations/repositories.ts";
import { fineGrainedToken } from "../operations/tokens.ts";
import { servePage } from "../page/serve.ts";
import type { Faults } from "../rest/faults.ts";
import type { Miss } from "../rest/misses.ts";
import { routes } from "../rest/routes/index.ts";
import { startRest } from "../rest/server.ts";
import type { WorkflowRun } from "../world/actions.ts";
import type { Clock } from "../world/clock.ts";
import type { Permissions } from "../world/identity.ts";
import type { Journal } from "../world/journal.ts";
import type { Repository } from "../world/repository.ts";
import { createWorld, type World } from "../world/world.ts";
import type { LocalGitHubOptions } from "./options.ts";
import { createPerson, type Person } from "./person.ts";
import { setStage } from "./stage.ts";

/** A whole GitHub on loopback. What is done on it directly is done by the owner of its repository. */
export interface LocalGitHub extends Person, AsyncDisposable {
  /** The page, and the root of every `html_url`. */
  readonly url: string;
  /** The REST API. */
  readonly apiUrl: string;
  readonly world: World;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Requests for operations it does not have, and replies that broke GitHub's description; taking forgets them. */
  takeMisses(): readonly Miss[];

  /** The person of that login; made when there is none. */
  as(login: string): Person;
  /** A token narrowed to permissions, as a fine-grained one of the owner. */
  tokenWith(permissions: Permissions): string;
  /** Another repository, empty or with files. */
  addRepository(fullName: string, options?: Pick<LocalGitHubOptions, "private" | "files">): Promise<Repository>;
  /** A fork of the repository, and its owner at work in it. */
  fork(owner: string): Promise<Person>;

  /** Waits until no run can go further without a person, a timer or a runner. */
  settled(): Promise<void>;
  /** Workflow runs, oldest first, of one workflow file or event when given. */
  runs(which?: { readonly workflow?: string; readonly event?: string }): readonly WorkflowRun[];
  /** The masked log of a run's newest attempt, all jobs or one. */
  log(run: WorkflowRun, job?: string): string;
  /** Plays the clock of `on: schedule`. */
  schedule(cron: string): Promise<readonly WorkflowRun[]>;
  /** Stops everything. @throws Error when a request met a route or shape GitHub's description does not have. */
  close(): Promise<void>;
}
