/** Decodes the values of a page, in every encoding but a dictionary's. */
import type { DecodedArray, ParquetType } from "hyparquet";
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from "hyparquet/src/delta.js";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { readPlain } from "hyparquet/src/plain.js";
import { ParquetError } from "./parquet-error.ts";
import type { Leaf } from "./parquet-file.ts";
import { readRuns } from "./rle.ts";
import { joinByteValues, type RawValues, readByteValues } from "./stored-values.ts";

export const quote = ({ path }: Leaf): string => JSON.stringify(path);
export const corrupt = (leaf: Leaf, what: string): ParquetError =>
  new ParquetError(`has a corrupt page in ${quote(leaf)}: ${what}`);

/** @throws ParquetError where the bytes are not so many values */
export function decode(bytes: Uint8Array, encoding: string, type: ParquetType, count: number, leaf: Leaf): RawValues {
  if (count < 0) throw corrupt(leaf, "its number of values is wrong");
  // A copy of its own, so that nothing beyond it can be read but one byte; aligned, too.
  const own = new Uint8Array(bytes.length + 1);
  own.set(bytes);
  const { type_length: length } = leaf.element;
  try {
    if (encoding === "PLAIN" && type === "BYTE_ARRAY") return readByteValues(own, count);
    const reader = { view: new DataView(own.buffer, 0, bytes.length), offset: 0 };
    const values = decodeAs(reader, own.subarray(0, bytes.length), encoding, type, count, length);
    const isWhole = values !== undefined && values.length === count && reader.offset <= bytes.length;
    if (isWhole) return asStored(values, type);
  } catch (error) {
    if (error instanceof ParquetError) throw error;
    throw corrupt(leaf, "its values do not fit");
  }
  throw corrupt(leaf, `its values do not fit, or are encoded by ${encoding}, which is not read`);
}

/** In the same kind of array whatever the encoding is. The bytes of whole numbers may be keys. */
function asStored(values: DecodedArray, type: ParquetType): RawValues {
  const read = values as ArrayLike<number> & ArrayLike<bigint> & RawValues;
  if (type === "BYTE_ARRAY") return joinByteValues(values as readonly Uint8Array[]);
  if (type === "INT32" && !(values instanceof Int32Array)) return Int32Array.from(read);
  if (type === "INT64" && !(values instanceof BigInt64Array)) return BigInt64Array.from(read);
  return read;
}

function decodeAs(
  reader: { view: DataView<ArrayBuffer>; offset: number },
  bytes: Uint8Array,
  encoding: string,
  type: ParquetType,
  count: number,
  length: number | undefined,
): DecodedArray | undefined {
  switch (encoding) {
    case "PLAIN":
      return readPlain(reader, type, count, length);
    case "RLE": {
      if (type !== "BOOLEAN") return undefined;
      const bits = new Int32Array(count);
      readRuns(bytes, 4, bytes.length, 1, bits);
      return bits;
    }
    case "BYTE_STREAM_SPLIT":
      return byteStreamSplit(reader, count, type, length);
    case "DELTA_BINARY_PACKED": {
      const values = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, values);
      return values;
    }
    case "DELTA_LENGTH_BYTE_ARRAY": {
      const values: Uint8Array[] = new Array(count);
      deltaLengthByteArray(reader, count, values);
      return values;
    }
    case "DELTA_BYTE_ARRAY": {
      const values: Uint8Array[] = new Array(count);
      deltaByteArray(reader, count, values);
      return values;
    }
    default:
      return undefined;
  }
}
