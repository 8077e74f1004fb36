/** Values of a page as they are stored, without one object for each of them. */

export type RawValue = number | bigint | boolean | Uint8Array;

/** Arrays and typed arrays are such, too. */
export interface RawValues extends Iterable<RawValue> {
  readonly length: number;
  at(index: number): RawValue | undefined;
}

/** Texts that lie one after the other in the bytes of a page. */
export class ByteValues implements RawValues {
  /** One byte longer than the last text: a scanner may end each of them for a moment. */
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  constructor(bytes: Uint8Array, starts: Int32Array, ends: Int32Array) {
    this.bytes = bytes;
    this.starts = starts;
    this.ends = ends;
  }

  get length(): number {
    return this.starts.length;
  }

  at(index: number): Uint8Array | undefined {
    return index < this.length ? this.bytes.subarray(this.starts[index], this.ends[index]) : undefined;
  }

  *[Symbol.iterator](): Iterator<Uint8Array> {
    for (let nth = 0; nth < this.length; nth += 1) yield this.bytes.subarray(this.starts[nth], this.ends[nth]);
  }
}

/**
 * Texts of the encoding PLAIN: each after its length. @param bytes one more than the page has
 * @throws RangeError where they do not fill the page
 */
export function readByteValues(bytes: Uint8Array, count: number): ByteValues {
  const size = bytes.length - 1;
  if (count > size / 4) throw new RangeError("there are not so many texts");
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  let at = 0;
  for (let nth = 0; nth < count; nth += 1) {
    const length =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    at += 4;
    if (length < 0 || at + length > size) throw new RangeError("a text is longer than its page");
    starts[nth] = at;
    at += length;
    ends[nth] = at;
  }
  return new ByteValues(bytes, starts, ends);
}

export function joinByteValues(values: readonly Uint8Array[]): ByteValues {
  const bytes = new Uint8Array(values.reduce((sum, { length }) => sum + length, 1));
  const [starts, ends] = [new Int32Array(values.length), new Int32Array(values.length)];
  let at = 0;
  for (const [nth, value] of values.entries()) {
    bytes.set(value, at);
    starts[nth] = at;
    at += value.length;
    ends[nth] = at;
  }
  return new ByteValues(bytes, starts, ends);
}

/** Two halves of each 64-bit integer: the lower first, as all processors have it that Node runs on and Parquet is read on. */
const WORDS = 2 ** 32;

/**
 * Numbers as floats in the same order: of 64-bit integers beyond 2^53, several have the same one. Undefined for other values.
 */
export function toFloats(values: RawValues, isSigned: boolean): Float64Array | undefined {
  if (values instanceof Float64Array) return values;
  if (values instanceof Float32Array) return Float64Array.from(values);
  if (values instanceof Int32Array) return isSigned ? Float64Array.from(values) : unsigned32(values);
  return values instanceof BigInt64Array ? floatsOf64(values, isSigned) : undefined;
}

const unsigned32 = ({ buffer, byteOffset, length }: Int32Array): Float64Array =>
  Float64Array.from(new Uint32Array(buffer, byteOffset, length));

function floatsOf64({ buffer, byteOffset, length }: BigInt64Array, isSigned: boolean): Float64Array {
  const lower = new Uint32Array(buffer, byteOffset, 2 * length);
  const upper = isSigned ? new Int32Array(buffer, byteOffset, 2 * length) : lower;
  const floats = new Float64Array(length);
  for (let nth = 0; nth < length; nth += 1) floats[nth] = (upper[2 * nth + 1] ?? 0) * WORDS + (lower[2 * nth] ?? 0);
  return floats;
}

/** The bytes that whole numbers are stored in: equal for equal ones, and no others, within a column. */
export interface StoredKeys {
  readonly bytes: Uint8Array;
  readonly width: number;
}

export function storedKeys(values: RawValues): StoredKeys | undefined {
  if (!(values instanceof Int32Array || values instanceof BigInt64Array)) return undefined;
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: width } = values;
  return { bytes: new Uint8Array(buffer, byteOffset, byteLength), width };
}
