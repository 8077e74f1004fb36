/** Walks over the pages of one column in one row group. Nothing of a page is used before its checksum was verified. */
import type { ColumnMetaData, PageHeader, ParquetType } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { snappyUncompress } from "hyparquet/src/snappy.js";
import { corrupt, decode, quote } from "./decode-values.ts";
import { type PageTools, ParquetError, ParquetTooLarge, type RandomAccess } from "./parquet-error.ts";
import type { Leaf } from "./parquet-file.ts";
import { readRuns } from "./rle.ts";
import type { RawValues } from "./stored-values.ts";

/** Rows that come one after the other. */
export interface PageRows {
  readonly count: number;
  /** For each row 1 where there is a value; undefined where all rows have one. */
  readonly isGiven: Uint8Array | undefined;
  /** Of the rows that have one. With a dictionary, `indices` are places in it. */
  readonly values: RawValues;
  readonly indices: Int32Array | undefined;
}

/** Two values are enough for any number of rows. */
const BOOLEANS: RawValues = [false, true];

const HEADER_WINDOW = 16 * 1024;
const MAX_HEADER = 16 * 1024 * 1024;
/** What unpacks to no more is small enough, whatever its ratio. */
const EXEMPT_BYTES = 8 * 1024 * 1024;
const MAX_PAGE = 2 ** 31 - 1;

/** @throws ParquetError, ParquetTooLarge */
export function* readPages(
  file: RandomAccess,
  leaf: Leaf,
  chunk: ColumnMetaData,
  rows: number,
  tools: PageTools,
): Generator<PageRows> {
  const { dictionary_page_offset: dictionaryAt, data_page_offset: dataAt } = chunk;
  const hasDictionary = dictionaryAt !== undefined && dictionaryAt > 0n && dictionaryAt < dataAt;
  let at = Number(hasDictionary ? dictionaryAt : dataAt);
  const end = at + Number(chunk.total_compressed_size);
  if (!(at >= 4 && end <= file.size)) throw new ParquetError("has a damaged footer: a column lies outside of the file");
  let dictionary: RawValues | undefined;
  let left = rows;
  while (left > 0) {
    if (at >= end) throw new ParquetError(`is corrupt: ${quote(leaf)} has fewer values than rows`);
    const { header, length } = readHeader(file, at, end, leaf);
    at += length;
    const packed = file.read(at, header.compressed_page_size);
    at += header.compressed_page_size;
    verify(header, packed, leaf, tools);
    const { type, codec } = chunk;
    if (header.type === "DICTIONARY_PAGE") {
      if (dictionary !== undefined) throw corrupt(leaf, "it has two dictionaries");
      const bytes = unpackPage(codec, packed, header.uncompressed_page_size, leaf, tools);
      dictionary = decode(bytes, "PLAIN", type, header.dictionary_page_header?.num_values ?? -1, leaf);
    } else if (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2") {
      // Before anything of this size is made.
      const { num_values: count = -1 } = header.data_page_header ?? header.data_page_header_v2 ?? {};
      if (count > left || count < 0) throw corrupt(leaf, "a page has more values than there are rows");
      const page =
        header.type === "DATA_PAGE"
          ? openPage(header, packed, chunk, leaf, tools)
          : openPageV2(header, packed, chunk, leaf, tools);
      left -= page.count;
      yield readValues(page, type, leaf, dictionary);
    } else if (header.type !== "INDEX_PAGE") throw corrupt(leaf, "a page has an unknown kind");
  }
}

function readHeader(file: RandomAccess, at: number, end: number, leaf: Leaf) {
  for (let window = HEADER_WINDOW; ; window *= 16) {
    const bytes = file.read(at, Math.min(window, end - at));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    try {
      const header = parquetHeader(reader);
      const { compressed_page_size: packed, uncompressed_page_size: size } = header;
      const isPossible = packed >= 0 && size >= 0 && size < MAX_PAGE && at + reader.offset + packed <= end;
      if (isPossible) return { header, length: reader.offset };
    } catch {
      // Longer than what was read, or no header.
      if (bytes.length < end - at && window < MAX_HEADER) continue;
    }
    throw corrupt(leaf, "its header is wrong");
  }
}

function verify({ crc }: PageHeader, packed: Uint8Array, leaf: Leaf, { checksum }: PageTools): void {
  if (crc !== undefined && checksum(packed) !== crc >>> 0) throw corrupt(leaf, "its checksum is wrong");
}

function unpackPage(codec: string, packed: Uint8Array, size: number, leaf: Leaf, tools: PageTools): Uint8Array {
  if (codec === "UNCOMPRESSED") return packed;
  if (size > EXEMPT_BYTES && size > tools.maxRatio * packed.length) {
    throw new ParquetTooLarge(`a page of ${quote(leaf)} unpacks to more than ${tools.maxRatio} times its size`);
  }
  let bytes: Uint8Array | undefined;
  try {
    if (codec === "SNAPPY") {
      bytes = new Uint8Array(size);
      snappyUncompress(packed, bytes);
    } else bytes = tools.unpack(codec, packed, size);
  } catch {
    throw corrupt(leaf, "it cannot be unpacked");
  }
  if (bytes === undefined) {
    throw new ParquetError(`is packed with ${codec}, which is not read: write it with zstd, snappy, gzip or brotli`);
  }
  if (bytes.length !== size) throw corrupt(leaf, "it unpacks to another length");
  return bytes;
}

interface OpenPage {
  readonly count: number;
  readonly encoding: string;
  readonly isGiven: Uint8Array | undefined;
  readonly given: number;
  readonly bytes: Uint8Array;
}

function openPage(
  header: PageHeader,
  packed: Uint8Array,
  chunk: ColumnMetaData,
  leaf: Leaf,
  tools: PageTools,
): OpenPage {
  const data = header.data_page_header;
  if (data === undefined) throw corrupt(leaf, "its header is wrong");
  const bytes = unpackPage(chunk.codec, packed, header.uncompressed_page_size, leaf, tools);
  const [count, { encoding }] = [data.num_values, data];
  if (leaf.maxDefinition === 0) return { count, encoding, isGiven: undefined, given: count, bytes };
  if (data.definition_level_encoding !== "RLE") throw new ParquetError("has levels in a form that is not read");
  if (bytes.length < 4) throw corrupt(leaf, "it is too short");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.length) throw corrupt(leaf, "it is too short");
  const levels = readLevels(bytes, 4, 4 + length, count, leaf);
  return { count, encoding, ...levels, bytes: bytes.subarray(4 + length) };
}

function openPageV2(
  header: PageHeader,
  packed: Uint8Array,
  chunk: ColumnMetaData,
  leaf: Leaf,
  tools: PageTools,
): OpenPage {
  const data = header.data_page_header_v2;
  if (data === undefined) throw corrupt(leaf, "its header is wrong");
  const { num_values: count, encoding } = data;
  const length = data.definition_levels_byte_length;
  const start = data.repetition_levels_byte_length + length;
  const size = header.uncompressed_page_size - start;
  if (!(start >= 0 && length >= 0 && start <= packed.length && size >= 0)) throw corrupt(leaf, "its lengths are wrong");
  const levels =
    leaf.maxDefinition === 0
      ? { isGiven: undefined, given: count }
      : readLevels(packed, start - length, start, count, leaf);
  const rest = packed.subarray(start);
  const isPacked = data.is_compressed !== false && size > 0;
  return { count, encoding, ...levels, bytes: isPacked ? unpackPage(chunk.codec, rest, size, leaf, tools) : rest };
}

function readLevels(bytes: Uint8Array, from: number, end: number, count: number, { maxDefinition }: Leaf) {
  const width = 32 - Math.clz32(maxDefinition);

  const levels = new Int32Array(count);
  readRuns(bytes, from, end, width, levels);
  const isGiven = new Uint8Array(count);
  let given = 0;
  for (let at = 0; at < count; at += 1) {
    if (levels[at] !== maxDefinition) continue;
    isGiven[at] = 1;
    given += 1;
  }
  return { isGiven: given === count ? undefined : isGiven, given };
}

function readValues(page: OpenPage, type: ParquetType, leaf: Leaf, dictionary: RawValues | undefined): PageRows {
  const { count, encoding, isGiven, given, bytes } = page;
  if (encoding !== "PLAIN_DICTIONARY" && encoding !== "RLE_DICTIONARY") {
    const values = decode(bytes, encoding, type, given, leaf);
    if (type !== "BOOLEAN") return { count, isGiven, values, indices: undefined };
    return { count, isGiven, values: BOOLEANS, indices: Int32Array.from(values, Number) };
  }
  if (dictionary === undefined) throw corrupt(leaf, "its dictionary is missing");
  const indices = new Int32Array(given);
  if (given > 0) {
    const width = bytes[0] ?? 33;
    if (width > 32) throw corrupt(leaf, "its runs do not fit");
    if (width > 0) readRuns(bytes, 1, bytes.length, width, indices);
  }
  for (const index of indices) {
    if (index >>> 0 >= dictionary.length) throw corrupt(leaf, "a place is outside of its dictionary");
  }
  return { count, isGiven, values: dictionary, indices };
}
