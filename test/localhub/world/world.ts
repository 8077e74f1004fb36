/** The whole state of one local GitHub. Operations on it live beside the entities they change, one file a subject. */
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
  /** Where the hub answers, once it listens: links in replies start with these. */
  readonly urls: Urls;
  /** The folder that holds the bare repositories and the runners' work. */
  readonly directory: string;
  /** A number no other entity of this GitHub has. Ids grow with time, as clients expect. */
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
  publish(happening: DomainEvent): void;
  subscribe(listener: DomainEventListener): Disposable;
}

export interface Urls {
  /** The REST root, for example `http://127.0.0.1:4111` or `…/api/v3`; no slash at the end. */
  api: string;
  /** The root of `html_url`s and of git over HTTP: the hub's own page. */
  html: string;
}

/** The first id handed out: far from the small numbers tests write by hand, so a mixed-up id cannot pass by luck. */
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
    publish(happening) {
      const action = "action" in happening ? `.${happening.action}` : "";
      journal.record({
        kind: "effect",
        at: clock.now(),
        event: `${happening.event}${action}`,
        repository: happening.repository.fullName,
        actor: happening.actor.login,
      });
      for (const listener of [...listeners]) listener(happening);
    },
    subscribe(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
