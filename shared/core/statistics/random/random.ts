/** Chance that is the same for the same content: xoshiro128**, seeded by a digest. */

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TO_SHARE = 2 ** -32;
/** So many pairs of places are each chosen by at least 32 words. */
const PAIRS_TO = 2 ** 27;

/**
 * Blackman and Vigna's xoshiro128** 1.1 (period 2^128 - 1). Who wants the same resamples gives the same digest: that of what
 * is compared, so that neither a re-run nor another machine can get another verdict, and nobody can try seeds.
 */
export class Random {
  readonly #state: Int32Array;

  /** @param digest `sha256:` and 64 hex digits; anything else is a programming error, as its caller computed it */
  constructor(digest: string) {
    if (!DIGEST.test(digest)) throw new TypeError("a seed is a SHA-256 digest");
    const words = digest.slice(7).match(/.{8}/g) ?? [];
    this.#state = Int32Array.from(words.slice(0, 4), (word) => Number.parseInt(word, 16));
    // All zeros is the one state that it cannot leave.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** A whole number below 2^32. */
  nextWord(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const fives = Math.imul(b, 5);
    const c2 = c ^ a;
    const d2 = d ^ b;
    state[0] = a ^ d2;
    state[1] = b ^ c2;
    state[2] = c2 ^ (b << 9);
    state[3] = (d2 << 11) | (d2 >>> 21);
    return Math.imul((fives << 7) | (fives >>> 25), 9) >>> 0;
  }

  /** A share above 0 and below 1. */
  nextShare(): number {
    return (this.nextWord() + 0.5) * TO_SHARE;
  }

  /**
   * Sums of `values` at `draws` random places, once for each element of `sums`: the same words as `nextWord` gives, in a
   * loop without calls, as it is nearly all the time that a bootstrap takes. Of up to 11,585 values a word chooses two: the
   * fraction that the first leaves over chooses the second (Brackett-Rozinsky and Lemire, "Batched ranged random integer
   * generation", 2024, without its rejection, as a place's probability is exact to `values.length` / 2^32 all the same).
   */
  sumDraws(values: Float64Array, draws: number, sums: Float64Array): void {
    const n = values.length;
    const scale = n * TO_SHARE;
    const isPaired = n * n <= PAIRS_TO;
    const step = isPaired ? 2 : 1;
    const last = isPaired ? draws - 1 : 0;
    let [a = 0, b = 0, c = 0, d = 0] = this.#state;
    for (let at = 0; at < sums.length; at += 1) {
      let sum = 0;
      for (let draw = 0; draw < draws; draw += step) {
        const fives = Math.imul(b, 5);
        const word = Math.imul((fives << 7) | (fives >>> 25), 9);
        const shifted = b << 9;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = (d << 11) | (d >>> 21);
        sum += values[((word >>> 0) * scale) | 0] as number;
        if (draw < last) sum += values[((Math.imul(word, n) >>> 0) * scale) | 0] as number;
      }
      sums[at] = sum;
    }
    this.#state.set([a, b, c, d]);
  }
}
