/** Secrets and variables: values by name that remember when each was made and last changed, as GitHub shows. */
import type { Clock } from "./clock.ts";

export interface ValueTimestamps {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export class NamedValues extends Map<string, string> {
  readonly #clock: Clock;
  readonly #lifetimes = new Map<string, ValueTimestamps>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override set(name: string, value: string): this {
    const now = this.#clock.now();
    this.#lifetimes.set(name, { createdAt: this.#lifetimes.get(name)?.createdAt ?? now, updatedAt: now });
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    this.#lifetimes.delete(name);
    return super.delete(name);
  }

  override clear(): void {
    this.#lifetimes.clear();
    super.clear();
  }

  /** When the value of that name was made and last changed; `undefined` when there is none. */
  timestamps(name: string): ValueTimestamps | undefined {
    return this.#lifetimes.get(name);
  }
}
