/** All requests to the local GitHub and all their effects, in order, for assertions. */
export type JournalEntry = RequestEntry | EffectEntry;

export interface RequestEntry {
  readonly kind: "request";
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The operation in GitHub's description, for example `issues/create-comment`. */
  readonly operation: string | undefined;
  /** The login of the token's account. */
  readonly actor: string | undefined;
  readonly body: unknown;
  readonly status: number;
  /** The fault that was injected into this request, if one was. */
  readonly fault: string | undefined;
}

export interface EffectEntry {
  readonly kind: "effect";
  readonly at: Date;
  /** `event.action` of the domain event, for example `issue_comment.created`. */
  readonly event: string;
  readonly repository: string;
  readonly actor: string;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  record(entry: JournalEntry): void;
  /** The recorded requests, narrowed to one operation when given. */
  requests(operation?: string): readonly RequestEntry[];
  /** The recorded effects, narrowed to one event (`issue_comment` or `issue_comment.created`) when given. */
  effects(event?: string): readonly EffectEntry[];
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    entries,
    record: (entry) => void entries.push(entry),
    requests: (operation) =>
      entries.filter(
        (entry): entry is RequestEntry =>
          entry.kind === "request" && (operation === undefined || entry.operation === operation),
      ),
    effects: (event) =>
      entries.filter(
        (entry): entry is EffectEntry =>
          entry.kind === "effect" &&
          (event === undefined || entry.event === event || entry.event.startsWith(`${event}.`)),
      ),
  };
}
