/** The whole state of one local GitHub. It is changed by `../operations/`. */
import { type Clock, createClock } from "./clock.ts";
import type { DomainEvent, DomainEventListener } from "./domain-events.ts";
import type { Account, App, Team } from "./identity.ts";
import { createJournal, type Journal } from "./journal.ts";
import { PROFILES, type Profile, type ProfileName } from "./profile.ts";
import type { Repository } from "./repository.ts";
import type { Token } from "./tokens.ts";

export interface World {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly journal: Journal;
  /** The server's URLs, once it listens: links in replies start with these. */
  readonly urls: Urls;
  /** The folder with the bare repositories and the runners' work folders. */
  readonly directory: string;
  /** An id that no other record has. Ids grow with time, as clients expect. */
  nextId(): number;
  /** By login, lower case. */
  readonly accounts: Map<string, Account>;
  readonly apps: Map<number, App>;
  /** By `organization/slug`, lower case. */
  readonly teams: Map<string, Team>;
  /** By token value. */
  readonly tokens: Map<string, Token>;
  /** By `owner/name`, lower case. */
  readonly repositories: Map<string, Repository>;
  publish(event: DomainEvent): void;
  subscribe(listener: DomainEventListener): Disposable;
}

export interface Urls {
  /** The REST root, for example `http://127.0.0.1:4111` or `…/api/v3`; no slash at the end. */
  api: string;
  /** The root of `html_url`s and of git over HTTP: the local GitHub's own page. */
  html: string;
}

/** The first id: far from the small numbers in tests, so that a mixed-up id cannot pass by chance. */
const FIRST_ID = 10_001;

export function createWorld(options: { directory: string; profile?: ProfileName; clock?: Clock }): World {
  const clock = options.clock ?? createClock();
  const journal = createJournal();
  const listeners = new Set<DomainEventListener>();
  let lastId = FIRST_ID - 1;

  return {
    profile: PROFILES[options.profile ?? "github.com"],
    clock,
    journal,
    urls: { api: "", html: "" },
    directory: options.directory,
    nextId: () => ++lastId,
    accounts: new Map(),
    apps: new Map(),
    teams: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    publish(event) {
      const action = "action" in event ? `.${event.action}` : "";
      journal.record({
        kind: "effect",
        at: clock.now(),
        event: `${event.event}${action}`,
        repository: event.repository.fullName,
        actor: event.actor.login,
      });
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
