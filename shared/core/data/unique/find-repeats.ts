/** Which values of a log, or of several, were there before. */
import { hashOf, LONG, PARTITIONS, type Partition, POSITION_BYTES, type SpillFile } from "./value-log.ts";

export interface Repeats {
  /** All values, repeated or not. */
  readonly values: number;
  /** Values that have an equal one at an earlier position. */
  readonly count: number;
  /** The first of their positions, in order. */
  readonly first: readonly number[];
}

/** A log, and where its blocks are that are not in memory. */
export interface FinishedLog {
  readonly partitions: readonly Partition[];
  readonly spill: SpillFile | undefined;
}

/** @param shown how many positions are wanted */
export function findRepeats(logs: readonly FinishedLog[], shown: number): Repeats {
  const positions = new FirstPositions(shown);
  let values = 0;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const count = logs.reduce((sum, { partitions }) => sum + (partitions[partition]?.count ?? 0), 0);
    values += count;
    if (count > 1) findInPartition(loadBlocks(logs, partition), count, positions);
  }
  return { values, count: positions.count, first: positions.first };
}

function loadBlocks(logs: readonly FinishedLog[], nth: number): Uint8Array {
  const blocks = logs.flatMap(({ partitions, spill }) => {
    const partition = partitions[nth];
    const spilled = partition?.spilled.map(({ from, length }) => spill?.read(from, length) ?? new Uint8Array(0)) ?? [];
    return [...spilled, ...(partition?.blocks ?? [])];
  });
  const joined = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    joined.set(block, at);
    at += block.length;
  }
  return joined;
}

/** By a table of where each different value is, with open addressing. */
function findInPartition(records: Uint8Array, count: number, repeats: FirstPositions): void {
  const slots = 2 ** Math.ceil(Math.log2(2 * count));
  // Places are below 2^32 in all but partitions of gigabytes.
  const table = records.length < 2 ** 32 - 1 ? new Uint32Array(slots) : new Float64Array(slots);
  for (let at = 0; at < records.length; ) {
    const key = keyAt(records, at);
    const end = endAt(records, at);
    let slot = hashOf(records, key, end) & (slots - 1);
    for (;;) {
      const known = (table[slot] ?? 0) - 1;
      if (known < 0) {
        table[slot] = at + 1;
        break;
      }
      if (isSameKey(records, known, key, end)) {
        repeats.add(keepEarlier(records, known, at));
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
    at = end;
  }
}

const lengthBytes = (records: Uint8Array, at: number): number => (records[at] === LONG ? 5 : 1);
const keyAt = (records: Uint8Array, at: number): number => at + lengthBytes(records, at) + POSITION_BYTES;

function endAt(records: Uint8Array, at: number): number {
  const short = records[at] ?? 0;
  return keyAt(records, at) + (short === LONG ? readNumber(records, at + 1) : short);
}

function isSameKey(records: Uint8Array, at: number, key: number, end: number): boolean {
  const start = keyAt(records, at);
  if (endAt(records, at) - start !== end - key) return false;
  for (let ahead = 0; ahead < end - key; ahead += 1) {
    if (records[start + ahead] !== records[key + ahead]) return false;
  }
  return true;
}

/** Of two records with equal values, leaves the earlier position in the first and returns the later one. */
function keepEarlier(records: Uint8Array, a: number, b: number): number {
  const [place, other] = [a + lengthBytes(records, a), b + lengthBytes(records, b)];
  const [first, second] = [positionAt(records, place), positionAt(records, other)];
  if (second < first) records.copyWithin(place, other, other + POSITION_BYTES);
  return Math.max(first, second);
}

const readNumber = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + 2 ** 8 * (bytes[at + 1] ?? 0) + 2 ** 16 * (bytes[at + 2] ?? 0) + 2 ** 24 * (bytes[at + 3] ?? 0);

const positionAt = (bytes: Uint8Array, at: number): number => readNumber(bytes, at) + 2 ** 32 * (bytes[at + 4] ?? 0);

/** Counts positions and keeps the first ones. */
class FirstPositions {
  readonly #wanted: number;
  readonly #first: number[] = [];
  #count = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  get count(): number {
    return this.#count;
  }

  get first(): readonly number[] {
    return this.#first;
  }

  add(position: number): void {
    this.#count += 1;
    if (this.#first.length === this.#wanted && position > (this.#first.at(-1) ?? 0)) return;
    const place = this.#first.findIndex((other) => position < other);
    this.#first.splice(place < 0 ? this.#first.length : place, 0, position);
    if (this.#first.length > this.#wanted) this.#first.pop();
  }
}
