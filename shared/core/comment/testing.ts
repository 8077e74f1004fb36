/** A simulated conversation in virtual time: slow, with a list that lags behind, the same for the same seed. */
import type { Author, Comment, Conversation } from "./conversation.ts";
import { formatMarker } from "./marker.ts";
import type { OwnComment } from "./next-comment-step.ts";
import { formatSection, type Revision, type Section } from "./section.ts";
import type { StickyComment } from "./sticky-comment.ts";

export const WORKFLOW = ".github/workflows/pull-request.yml";
export const BOT: Author = { id: 41_898_282, login: "github-actions[bot]", bot: true };
export const MALLORY: Author = { id: 666, login: "mallory", bot: false };
export const HEAD = "a".repeat(40);

export const createSection = (
  revision: Partial<Revision>,
  text = `run ${revision.run ?? 1}`,
  parts: Partial<Section> = {},
): Section => ({
  key: "metrics",
  revision: { run: 1, attempt: 1, head: HEAD, ...revision },
  state: "ready",
  summary: "all pass",
  text,
  ...parts,
});

export const compose = (sections: readonly Section[], workflow: string = WORKFLOW): string =>
  `${["heading", ...sections.map(formatSection), formatMarker(workflow)].join("\n\n")}\n`;

export const STICKY: StickyComment = { workflow: WORKFLOW, compose };

/** The body of a comment with this one section. */
export const bodyOf = (revision: Partial<Revision>, text?: string): string => compose([createSection(revision, text)]);

export const createOwnComment = (id: number, ...sections: readonly Section[]): OwnComment => ({
  id,
  author: BOT,
  url: `https://github.example/c/${id}`,
  body: compose(sections),
  sections,
});

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface SimulationOptions {
  /** Milliseconds that a request takes at most; its effect happens at some time within them. */
  readonly latency: number;
  /** Milliseconds by which a list lags behind at most. */
  readonly lag: number;
  readonly random: () => number;
}

export interface SimulatedConversation {
  readonly comments: ReadonlyMap<number, Comment>;
  readonly calls: readonly string[];
  head: string;
  /** The port of one account; requests of a killed writer never return. */
  connectAs(author: Author, killed?: () => boolean): Conversation;
  post(author: Author, body: string): Comment;
  delay(ms: number): Promise<void>;
  /** Lets virtual time pass until nobody waits any more. */
  runUntilIdle(): Promise<void>;
}

export function simulateConversation({ latency, lag, random }: SimulationOptions): SimulatedConversation {
  const comments = new Map<number, Comment>();
  const history: { readonly at: number; readonly items: readonly Comment[] }[] = [{ at: 0, items: [] }];
  const queue: { readonly at: number; readonly wake: () => void }[] = [];
  const calls: string[] = [];
  let now = 0;
  let ids = 0;

  const delay = (ms: number): Promise<void> =>
    new Promise((wake) => {
      queue.push({ at: now + ms, wake });
      queue.sort((a, b) => a.at - b.at);
    });
  const changed = (): void => void history.push({ at: now, items: [...comments.values()] });
  const post = (author: Author, body: string): Comment => {
    ids += 1;
    const comment = { id: ids, author, body, url: `https://github.example/c/${ids}` };
    comments.set(ids, comment);
    changed();
    return comment;
  };
  const simulation: SimulatedConversation = {
    comments,
    calls,
    head: HEAD,
    delay,
    post,
    connectAs(author, killed = () => false) {
      async function request<Result>(name: string, effect: () => Result): Promise<Result> {
        const takes = latency * random();
        const before = takes * random();
        await delay(before);
        if (killed()) return new Promise<never>(() => {});
        calls.push(name);
        const result = effect();
        await delay(takes - before);
        return killed() ? new Promise<never>(() => {}) : result;
      }
      return {
        list: () =>
          request("list", () => {
            const horizon = now - lag * random();
            return history.findLast(({ at }) => at <= horizon)?.items ?? [];
          }),
        read: (id) => request("read", () => comments.get(id)),
        create: (body) => request("create", () => post(author, body)),
        update: (id, body) =>
          request("update", () => {
            const comment = comments.get(id);
            if (comment === undefined) return "missing";
            comments.set(id, { ...comment, body });
            changed();
            return "done";
          }),
        remove: (id) =>
          request("remove", () => {
            comments.delete(id);
            changed();
          }),
        head: () => request("head", () => simulation.head),
        account: () => request("account", () => (author.bot ? undefined : author.id)),
        wait: delay,
      };
    },
    async runUntilIdle() {
      for (;;) {
        // First run everything that can continue without time passing.
        await new Promise((resolve) => setImmediate(resolve));
        const next = queue.shift();
        if (next === undefined) return;
        now = next.at;
        next.wake();
      }
    },
  };
  return simulation;
}
