/** Secrets and variables: values by name that remember when each was made and last changed, as GitHub shows. */
import type { Clock } from "./clock.ts";

export interface Lifetime {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export class Settings extends Map<string, string> {
  readonly #clock: Clock;
  readonly #lifetimes = new Map<string, Lifetime>();

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
  lifetime(name: string): Lifetime | undefined {
    return this.#lifetimes.get(name);
  }
}
