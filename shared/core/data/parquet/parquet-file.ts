/** The footer of a Parquet file: its columns, and where their pages are. */
import { type FileMetaData, parquetMetadata, parquetSchema, type SchemaElement, type SchemaTree } from "hyparquet";
import { ParquetError, type RandomAccess } from "./parquet-error.ts";

/** A column of a file that has values, not a group of columns. */
export interface Leaf {
  readonly path: string;
  /** By its position in every row group. */
  readonly position: number;
  readonly element: SchemaElement;
  /** Which definition level a value has; lower ones are null. */
  readonly maxDefinition: number;
  /** Whether a row may have several values. */
  readonly isRepeated: boolean;
}

export interface ParquetFile {
  readonly metadata: FileMetaData;
  readonly leaves: readonly Leaf[];
  readonly rows: number;
}

const MAGIC = "PAR1";
const ENCRYPTED = "PARE";
const TAIL = 8;
const MAX_FOOTER = 256 * 1024 * 1024;

/** @throws ParquetError */
export function readFooter(file: RandomAccess): ParquetFile {
  if (file.size < 12) throw new ParquetError("is cut off");
  if (!/^PAR[1E]$/.test(String.fromCharCode(...file.read(0, 4)))) throw new ParquetError("does not begin as one");
  const tail = file.read(file.size - TAIL, TAIL);
  const magic = String.fromCharCode(...tail.subarray(4));
  if (magic === ENCRYPTED) throw new ParquetError("is encrypted: write it without encryption");
  if (magic !== MAGIC) throw new ParquetError("is cut off: it does not end with its footer");
  const length = new DataView(tail.buffer, tail.byteOffset, TAIL).getUint32(0, true);
  if (length > file.size - 12 || length > MAX_FOOTER)
    throw new ParquetError("has a damaged footer: its length is wrong");
  const metadata = parse(file.read(file.size - TAIL - length, length + TAIL));
  const leaves: Leaf[] = [];
  addLeaves(parquetSchema(metadata), "", { definition: 0, isRepeated: false }, leaves);
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(metadata.num_rows)) throw new ParquetError("has a damaged footer: its numbers of rows disagree");
  for (const { columns, num_rows: count } of metadata.row_groups) {
    const isWhole = columns.length === leaves.length && count >= 0n && columns.every(({ meta_data: data }) => data);
    if (!isWhole) throw new ParquetError("has a damaged footer, or encrypted columns");
    if (columns.some(({ file_path: path }) => path)) throw new ParquetError("keeps its columns in other files");
  }
  return { metadata, leaves, rows };
}

function parse(bytes: Uint8Array): FileMetaData {
  try {
    return parquetMetadata(new Uint8Array(bytes).buffer, { geoparquet: false });
  } catch (error) {
    if (error instanceof ParquetError) throw error;
    throw new ParquetError("has a damaged footer");
  }
}

function addLeaves(
  { element, children }: SchemaTree,
  prefix: string,
  above: { readonly definition: number; readonly isRepeated: boolean },
  leaves: Leaf[],
): void {
  for (const child of children) {
    const { name, repetition_type: repetition } = child.element;
    const path = `${prefix}${name}`;
    const definition = above.definition + (repetition === "REQUIRED" ? 0 : 1);
    const isRepeated = above.isRepeated || repetition === "REPEATED";
    if (child.children.length > 0) addLeaves(child, `${path}.`, { definition, isRepeated }, leaves);
    else leaves.push({ path, position: leaves.length, element: child.element, maxDefinition: definition, isRepeated });
  }
  if (element === undefined) throw new ParquetError("has a damaged footer");
}
