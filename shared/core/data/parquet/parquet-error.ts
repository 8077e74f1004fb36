/** A Parquet file that cannot be read. The message completes "the Parquet file …". */
export class ParquetError extends Error {}

/** A page unpacks to more than the contract allows. */
export class ParquetTooLarge extends Error {}

/** Bytes of a file at any place. An adapter implements it. */
export interface RandomAccess {
  readonly size: number;
  /** @throws when the file ends before */
  read(from: number, length: number): Uint8Array;
}

/** Unpacks one page, in the codecs that the platform has. */
export type Unpack = (codec: string, packed: Uint8Array, size: number) => Uint8Array | undefined;

/** CRC-32 of ISO 3309, as gzip has it. */
export type Checksum = (bytes: Uint8Array) => number;

/** What decoding needs of the platform. */
export interface PageTools {
  readonly unpack: Unpack;
  readonly checksum: Checksum;
  /** Unpacked bytes per packed byte. */
  readonly maxRatio: number;
}
