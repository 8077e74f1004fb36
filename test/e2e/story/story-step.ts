/** The result of one step of the story: what happened, in words, and what could be seen. Plain data. */

export interface StoryStep {
  readonly title: string;
  readonly lines: readonly StoryLine[];
  /** What the page showed at that time, captured because comments are edited later. */
  readonly views: readonly StoryView[];
}

export interface StoryLine {
  /** `stopped` is a gate that did its work, not a failure of the demo. */
  readonly mark: "done" | "stopped" | "waits" | "note";
  readonly text: string;
}

export type StoryView =
  | {
      readonly kind: "pull";
      readonly number: number;
      readonly title: string;
      readonly author: string;
      readonly state: string;
    }
  | { readonly kind: "comment"; readonly author: string; readonly body: string }
  | { readonly kind: "checks"; readonly checks: readonly CheckView[] }
  | { readonly kind: "summary"; readonly job: string; readonly markdown: string }
  | { readonly kind: "ledger"; readonly rows: readonly LedgerRow[] };

export interface CheckView {
  readonly name: string;
  /** GitHub's conclusion, or its status while there is none. */
  readonly state: string;
}

/** One promotion or roll back; rows are oldest first. */
export interface LedgerRow {
  readonly kind: "promote" | "roll-back";
  readonly version: string;
  readonly environment: string;
  readonly requestedBy: string;
  /** Empty where the policy asks for no approval. */
  readonly approvedBy: string;
  readonly tag: string;
}

export const done = (text: string): StoryLine => ({ mark: "done", text });
export const stopped = (text: string): StoryLine => ({ mark: "stopped", text });
export const waits = (text: string): StoryLine => ({ mark: "waits", text });
export const note = (text: string): StoryLine => ({ mark: "note", text });

/** A result is not as expected. A demo that goes wrong must not look successful. */
export class StoryError extends Error {}
