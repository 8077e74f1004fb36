/** Writes values down, with their positions, until all are known and `findRepeats` can tell which repeat. */

/** Room on disk for what memory has no room for. An adapter implements it. */
export interface SpillFile {
  /** Returns where the bytes begin. @throws when the disk is full */
  append(bytes: Uint8Array): number;
  read(from: number, length: number): Uint8Array;
}

/** One partition: the values with one part of the hash. */
export interface Partition {
  readonly count: number;
  readonly blocks: readonly Uint8Array[];
  /** Blocks that are on disk. */
  readonly spilled: readonly { readonly from: number; readonly length: number }[];
}

/** Few enough that the places where they are written stay in the processor's caches. */
export const PARTITIONS = 64;
const PARTITION_SHIFT = 26;
/** Of a position: more than any file has lines. */
export const POSITION_BYTES = 5;
/** A value of so many bytes or more has its length in four more bytes. */
export const LONG = 255;
const MIN_BLOCK_BYTES = 1024;
const MAX_BLOCK_BYTES = 256 * 1024;

const encoder = new TextEncoder();

export class ValueLog {
  readonly #counts = new Float64Array(PARTITIONS);
  readonly #blocks: Uint8Array[] = new Array(PARTITIONS).fill(new Uint8Array(0));
  readonly #used = new Int32Array(PARTITIONS);
  readonly #full: Uint8Array[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly #spilled: { readonly from: number; readonly length: number }[][] = Array.from(
    { length: PARTITIONS },
    () => [],
  );
  readonly #spill: SpillFile | undefined;
  readonly #maxBytes: number;
  readonly #maxBlockBytes: number;
  #bytes = 0;

  /** @param maxBytes so much stays in memory, when there is a file for the rest */
  constructor(spill?: SpillFile, maxBytes = 128 * 1024 * 1024) {
    this.#spill = spill;
    this.#maxBytes = maxBytes;
    // Those that are being written take half of the memory at most.
    this.#maxBlockBytes = Math.min(MAX_BLOCK_BYTES, maxBytes / (2 * PARTITIONS));
  }

  addText(value: string, position: number): void {
    const bytes = encoder.encode(value);
    this.add(bytes, 0, bytes.length, position);
  }

  /** @param position the order of values; a whole number below 2^40 */
  add(bytes: Uint8Array, from: number, to: number, position: number): void {
    const partition = hashOf(bytes, from, to) >>> PARTITION_SHIFT;
    const length = to - from;
    const needed = length + 1 + POSITION_BYTES + (length < LONG ? 0 : 4);
    let at = this.#used[partition] ?? 0;
    let block = this.#blocks[partition] ?? NO_BLOCK;
    if (at + needed > block.length) {
      block = this.#addBlock(partition, needed);
      at = 0;
    }
    this.#used[partition] = at + needed;
    this.#counts[partition] = (this.#counts[partition] ?? 0) + 1;
    if (length < LONG) block[at] = length;
    else {
      block[at] = LONG;
      writeNumber(block, at + 1, length);
      at += 4;
    }
    writeNumber(block, at + 1, position);
    block[at + POSITION_BYTES] = position / 2 ** 32;
    at += 1 + POSITION_BYTES;
    for (let next = from; next < to; next += 1, at += 1) block[at] = bytes[next] ?? 0;
  }

  /** All that was written; nothing can be added afterwards. */
  get partitions(): readonly Partition[] {
    return this.#full.map((full, partition) => ({
      count: this.#counts[partition] ?? 0,
      blocks: [...full, this.#currentBlock(partition)],
      spilled: this.#spilled[partition] ?? [],
    }));
  }

  #currentBlock(partition: number): Uint8Array {
    return (this.#blocks[partition] ?? NO_BLOCK).subarray(0, this.#used[partition]);
  }

  #addBlock(partition: number, needed: number): Uint8Array {
    const current = this.#currentBlock(partition);
    if (current.length > 0) this.#full[partition]?.push(current);
    if (this.#bytes > this.#maxBytes) this.#spillBlocks();
    // Blocks grow, so that a small file needs little and a large one few.
    const grown = Math.min(2 * (this.#blocks[partition]?.length ?? 0), this.#maxBlockBytes);
    const block = new Uint8Array(Math.max(Math.floor(grown), MIN_BLOCK_BYTES, needed));
    this.#bytes += block.length;
    this.#blocks[partition] = block;
    return block;
  }

  #spillBlocks(): void {
    const spill = this.#spill;
    if (spill === undefined) return;
    for (const [partition, blocks] of this.#full.entries()) {
      for (const block of blocks) {
        this.#spilled[partition]?.push({ from: spill.append(block), length: block.length });
        this.#bytes -= block.buffer.byteLength;
      }
      blocks.length = 0;
    }
  }
}

const NO_BLOCK = new Uint8Array(0);

function writeNumber(bytes: Uint8Array, at: number, number: number): void {
  bytes[at] = number;
  bytes[at + 1] = number >>> 8;
  bytes[at + 2] = number >>> 16;
  bytes[at + 3] = number >>> 24;
}

/** Its upper bits choose the partition, its lower ones the place within. */
export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ Math.imul(word, 0xcc9e2d51), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  for (; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  // MurmurHash3's finaliser: every bit of the input affects every bit of the output.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
