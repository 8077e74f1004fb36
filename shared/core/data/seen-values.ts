/**
 * Remembers which values were seen, and on which line, in 12 bytes per slot whatever their length. Values are compared by a
 * 64-bit hash: a repeated value is always found; two different values count as equal in about 3 of a million files of ten
 * million rows (n² / 2⁶⁵), which then fail although they should pass.
 */
export class SeenValues {
  #mask: number;
  #count = 0;
  #low: Uint32Array;
  #high: Uint32Array;
  /** 0: the slot is free. */
  #line: Uint32Array;
  readonly #maxValues: number;

  /** @param maxValues bounds the memory: 40 million take 0.8 GB */
  constructor(maxValues = 40_000_000, slots = 1024) {
    this.#maxValues = maxValues;
    this.#mask = slots - 1;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#line = new Uint32Array(slots);
  }

  /** The line a value was first seen on; 0 when this is the first time; -1 when the table is full. */
  add(value: string, line: number): number {
    let low = 0x811c9dc5;
    let high = 0x9747b28c;
    for (let at = 0; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul((high << 13) | (high >>> 19), 5) + Math.imul(unit + 0x9e3779b9, 0xcc9e2d51);
    }
    low = finish(low ^ value.length);
    high = finish(high ^ low);

    const slot = this.#find(low, high);
    const seen = this.#line[slot] ?? 0;
    if (seen !== 0) return seen;
    if (this.#count >= this.#maxValues) return -1;
    this.#put(slot, low, high, line);
    this.#count += 1;
    if (this.#count > this.#mask * 0.6) this.#grow();
    return 0;
  }

  /** How many different values both have seen. */
  countShared(other: SeenValues): number {
    const [fewer, more] = this.#count <= other.#count ? [this, other] : [other, this];
    let shared = 0;
    for (let slot = 0; slot < fewer.#line.length; slot += 1) {
      if (fewer.#line[slot] === 0) continue;
      const there = more.#find(fewer.#low[slot] ?? 0, fewer.#high[slot] ?? 0);
      if (more.#line[there] !== 0) shared += 1;
    }
    return shared;
  }

  /** The slot that has the value, or the free one where it belongs. */
  #find(low: number, high: number): number {
    let slot = low & this.#mask;
    while (this.#line[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  #put(slot: number, low: number, high: number, line: number): void {
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#line[slot] = line;
  }

  #grow(): void {
    const [low, high, line] = [this.#low, this.#high, this.#line];
    const slots = 2 * line.length;
    this.#mask = slots - 1;
    this.#low = new Uint32Array(slots);
    this.#high = new Uint32Array(slots);
    this.#line = new Uint32Array(slots);
    for (let slot = 0; slot < line.length; slot += 1) {
      const [l, h, n] = [low[slot] ?? 0, high[slot] ?? 0, line[slot] ?? 0];
      if (n !== 0) this.#put(this.#find(l, h), l, h, n);
    }
  }
}

/** MurmurHash3's finaliser: every bit of the input affects every bit of the output. */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
