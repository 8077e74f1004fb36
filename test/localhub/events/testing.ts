/** A world whose events are recorded as payloads, for tests of the payloads. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { actionsApp, createAccount } from "../operations/people/accounts.ts";
import { createRepository } from "../operations/people/repositories.ts";
import { jobToken } from "../operations/people/tokens.ts";
import { commitFiles } from "../operations/refs/contents.ts";
import type { Caller } from "../world/caller.ts";
import type { Repository } from "../world/repository.ts";
import { createWorld, type World } from "../world/world.ts";
import { ALLOWED_DIFFERENCES } from "./allowed-differences.ts";
import { diffAgainstExamples } from "./diff-against-examples.ts";
import type { Payload } from "./dispatch-payloads.ts";
import { renderPayload } from "./payload.ts";

export interface EventFixture extends AsyncDisposable {
  readonly world: World;
  /** `acme/model`, of an organisation; `alice` administers it, `bob` writes. */
  readonly repository: Repository;
  readonly alice: Caller;
  readonly bob: Caller;
  /** A job with its `GITHUB_TOKEN`. */
  readonly job: Caller;
  /** Commits a file to a branch, which is created when new, and returns the commit's SHA. */
  commit(branch: string, path: string): Promise<string>;
  /** The payloads of all events that are published while `act` runs. */
  recordDuring(act: () => unknown): Promise<readonly RecordedEvent[]>;
  /**
   * As `recordDuring`: the different `event.action`s in order, and where their payloads differ from GitHub's examples.
   */
  comparePayloadsDuring(
    act: () => unknown,
  ): Promise<{ readonly events: readonly string[]; readonly differences: readonly string[] }>;
}

export interface RecordedEvent {
  readonly event: string;
  readonly payload: Payload;
}

export async function createEventFixture(): Promise<EventFixture> {
  const directory = await mkdtemp(join(tmpdir(), "localhub-events-"));
  const world = createWorld({ directory });
  // Nothing listens at this URL: it only appears in payloads.
  Object.assign(world.urls, { api: "http://127.0.0.1:1", html: "http://127.0.0.1:1" });
  const owner = createAccount(world, { login: "acme", kind: "Organization" });
  const repository = await createRepository(world, { owner, name: "model" });
  const person = (login: string): Caller => ({ actor: createAccount(world, { login }), token: undefined });
  const [alice, bob] = [person("alice"), person("bob")];
  repository.collaborators.set(alice.actor, "admin").set(bob.actor, "write");
  const token = jobToken(world, repository, world.nextId(), { checks: "write", issues: "write" });

  const recorded: { readonly event: string; readonly payload: Promise<Payload> }[] = [];
  world.subscribe((event) => {
    recorded.push({ event: event.event, payload: renderPayload(world, event) });
  });
  async function recordDuring(act: () => unknown): Promise<readonly RecordedEvent[]> {
    recorded.length = 0;
    await act();
    return Promise.all(recorded.map(async ({ event, payload }) => ({ event, payload: await payload })));
  }

  return {
    world,
    repository,
    alice,
    bob,
    job: { actor: actionsApp(world).bot, token },
    commit: (branch, path) =>
      commitFiles(world, repository, { branch, files: { [path]: path }, message: `Add ${path}` }, alice),
    recordDuring,
    async comparePayloadsDuring(act) {
      const events = await recordDuring(act);
      const names = events.map(({ event, payload }) => [event, payload["action"]].filter(Boolean).join("."));
      const differences = events.flatMap(({ event, payload }) =>
        diffAgainstExamples(event, payload, ALLOWED_DIFFERENCES),
      );
      return { events: [...new Set(names)], differences };
    },
    async [Symbol.asyncDispose]() {
      world.clock.stop();
      repository.git.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
