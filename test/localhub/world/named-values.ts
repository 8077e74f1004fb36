/** Secrets and variables: values by name, with the times when each was created and last changed, which GitHub shows. */
import type { Clock } from "./clock.ts";

export interface ValueTimestamps {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export class NamedValues extends Map<string, string> {
  readonly #clock: Clock;
  readonly #timestamps = new Map<string, ValueTimestamps>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override set(name: string, value: string): this {
    const now = this.#clock.now();
    this.#timestamps.set(name, { createdAt: this.#timestamps.get(name)?.createdAt ?? now, updatedAt: now });
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.#timestamps.delete(name);
    return super.delete(name);
  }

  override clear(): void {
    this.#timestamps.clear();
    super.clear();
  }

  /** When the value of that name was created and last changed; `undefined` when there is none. */
  timestamps(name: string): ValueTimestamps | undefined {
    return this.#timestamps.get(name);
  }
}
