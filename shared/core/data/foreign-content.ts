/** Names what a file is that is no CSV at all, by its first bytes, and says what to do about it. */

/** So many bytes decide. */
export const START_LENGTH = 512;

interface Format {
  readonly name: string;
  readonly advice: string;
  readonly is: (start: string) => boolean;
}

/** Bytes as characters of the same number. A text could begin like some of these: what is binary has control characters. */
const magic = (name: string, bytes: string, advice: string, isText = false): Format => ({
  name,
  advice,
  is: (start) => start.startsWith(bytes) && (isText || isBinary(start)),
});

const isBinary = (start: string): boolean => Array.from(start, (byte) => byte.charCodeAt(0)).some((byte) => byte < 9);

const AS_CSV = "export it as CSV";
const AS_PARQUET = "write it as Parquet, JSON Lines or CSV";
const UNPACK = "unpack it in a step before this one, or pack it with gzip, zstd or zip";
const PACK_ONCE = "pack it once";

const isWorkbookText = (start: string): boolean =>
  start.startsWith("PK\x03\x04") && /\[Content_Types\]\.xml|xl\//.test(start);

/** Such a file is a ZIP archive, too. */
export const isWorkbook = (start: Uint8Array): boolean => isWorkbookText(asCharacters(start));

const asCharacters = (start: Uint8Array): string => String.fromCharCode(...start.subarray(0, START_LENGTH));

const FORMATS: readonly Format[] = [
  magic("a Git LFS pointer", "version https://git-lfs.github.com/spec/v1", "set lfs: true on actions/checkout", true),
  {
    name: "a DVC pointer",
    advice: "run dvc pull in a step before this one, and check the file it fetches",
    is: (start) =>
      /^(?:#.*\n)*(?:outs:\s*\n\s*- (?:md5|hash|etag|path|size): |md5: \S+\s*\n(?:.*\n)*outs:)/.test(start),
  },
  {
    name: "an HTML page",
    advice: "the download probably failed: open it to see why",
    is: (start) => /^\s*<(?:!doctype html|html)\b/i.test(start),
  },
  {
    name: "a JSON array",
    advice: "write JSON Lines, one object on each line (pandas: orient='records', lines=True; DuckDB: ARRAY false)",
    is: (start) => /^\s*\[\s*\{\s*["}]/.test(start),
  },
  magic("an XML file", "<?xml ", AS_CSV, true),
  { name: "an Excel workbook", advice: AS_CSV, is: isWorkbookText },
  magic("a ZIP archive within a packed file", "PK\x03\x04", PACK_ONCE),
  magic("an old Excel workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", AS_CSV, true),
  magic("a Parquet file", "PAR1", "do not pack it, as it packs itself, and have no other format in the contract"),
  magic("an encrypted Parquet file", "PARE", AS_CSV),
  magic("an Arrow stream", "\xff\xff\xff\xff", AS_PARQUET),
  magic("an Arrow file", "ARROW1", AS_PARQUET),
  magic("an ORC file", "ORC", AS_PARQUET),
  magic("an Avro file", "Obj\x01", AS_PARQUET),
  magic("an SQLite database", "SQLite format 3\x00", AS_CSV),
  magic("an HDF5 file", "\x89HDF\r\n\x1a\n", AS_CSV, true),
  magic("a NumPy array", "\x93NUMPY", AS_CSV, true),
  magic("a PDF", "%PDF-", AS_CSV, true),
  magic("packed twice, first with gzip", "\x1f\x8b", PACK_ONCE, true),
  magic("packed twice, first with zstd", "\x28\xb5\x2f\xfd", PACK_ONCE, true),
  magic("packed with xz", "\xfd7zXZ\x00", UNPACK, true),
  magic("packed with bzip2", "BZh", UNPACK),
  magic("packed with lz4", "\x04\x22\x4d\x18", UNPACK, true),
];

/** @param start the first bytes of the content, after it was unpacked; `START_LENGTH` of them, or all there are */
export function nameForeignContent(start: Uint8Array): string | undefined {
  const text = asCharacters(start);
  const format = FORMATS.find(({ is }) => is(text));
  return format && `the file is ${format.name}, which is not read: ${format.advice}`;
}

/** What UTF-16 without a byte order mark looks like: every other byte of a text in English is NUL. */
export function guessUtf16(start: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const pairs = Math.floor(start.length / 2);
  const nuls = [0, 1].map((odd) => start.filter((byte, at) => at % 2 === odd && byte === 0).length);
  const [even = 0, odd = 0] = nuls;
  if (pairs < 2) return undefined;
  if (odd > 0.8 * pairs && even === 0) return "utf-16le";
  return even > 0.8 * pairs && odd === 0 ? "utf-16be" : undefined;
}

/** Whether a plain file is Parquet, by its first bytes: a text could begin with the same letters. */
export const isParquet = (start: Uint8Array): boolean => {
  const text = asCharacters(start);
  return /^PAR[1E]/.test(text) && isBinary(text);
};
