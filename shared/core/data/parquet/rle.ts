/** Runs and packed bits, as levels and places in a dictionary are written. The encoding "RLE / bit-packing hybrid". */
import { ParquetError } from "./parquet-error.ts";

const CORRUPT = "has a corrupt page: its runs do not fit";

/** Fills `output`, whose length says how many there are. @param width bits of a value, at most 32 */
export function readRuns(bytes: Uint8Array, from: number, end: number, width: number, output: Int32Array): void {
  const byteWidth = (width + 7) >> 3;
  let at = from;
  let filled = 0;
  while (filled < output.length) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new ParquetError(CORRUPT);
      const byte = bytes[at] ?? 0;
      at += 1;
      header |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const count = header >>> 1;
    if (count === 0) continue;
    if ((header & 1) === 0) {
      if (at + byteWidth > end) throw new ParquetError(CORRUPT);
      let value = 0;
      for (let byte = 0; byte < byteWidth; byte += 1) value |= (bytes[at + byte] ?? 0) << (8 * byte);
      at += byteWidth;
      const to = Math.min(filled + count, output.length);
      output.fill(value, filled, to);
      filled = to;
    } else {
      const length = count * width;
      const wanted = Math.min(8 * count, output.length - filled);
      if (at + Math.ceil((wanted * width) / 8) > end) throw new ParquetError(CORRUPT);
      unpackBits(bytes, at, width, output, filled, wanted);
      filled += wanted;
      at += length;
    }
  }
}

/** A value takes at most 32 bits, which lie in five bytes. */
function unpackBits(bytes: Uint8Array, from: number, width: number, output: Int32Array, first: number, count: number) {
  const mask = width === 32 ? -1 : (1 << width) - 1;
  let bit = 0;
  for (let nth = 0; nth < count; nth += 1, bit += width) {
    const at = from + Math.floor(bit / 8);
    const shift = bit % 8;
    const low =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    const upper = shift === 0 ? 0 : (bytes[at + 4] ?? 0) << (32 - shift);
    output[first + nth] = ((low >>> shift) | upper) & mask;
  }
}
