/** A kind of record: its versions, and the way from each to the other. */
import type * as z from "zod";

/** The versions that are read, and written where the policy asks for them. */
export type RecordVersion = 1 | 2;
export const NEWEST_VERSION: RecordVersion = 2;
export const OLDEST_VERSION: RecordVersion = 1;

export interface RecordFormat<One, Two> {
  /** As in its schema's name, for example `training-record`. */
  readonly kind: string;
  /** The action that writes it. */
  readonly writer: string;
  readonly schemas: { readonly 1: z.ZodType<One>; readonly 2: z.ZodType<Two> };
  /** Pure and total: it says nothing that the record of version 1 did not say. */
  readonly upgrade: (record: One) => Two;
  /**
   * To the form of version 1. What version 1 does not know may stay in it: it is dropped when the record is written.
   *
   * @throws ActionError `record-1-cannot-hold` for what must not be dropped
   */
  readonly downgrade: (record: Two) => unknown;
}

/** A record as it was read or will be written. It is the only thing that has a digest. */
export interface ReadRecord<Content> {
  /** Of version 2, upgraded if need be. */
  readonly record: Content;
  /** As written. */
  readonly version: RecordVersion;
  /** The JSON value as written: digests are over it. It is never shown. */
  readonly written: unknown;
}

/** `mlops-actions/verdict@1` */
export const schemaName = (kind: string, version: number): string => `mlops-actions/${kind}@${version}`;

/** The kind and version of a record that names them; any version. */
export function parseSchemaName(name: unknown): { readonly kind: string; readonly version: number } | undefined {
  const [, kind, version] = typeof name === "string" ? (/^mlops-actions\/([a-z-]+)@(\d{1,9})$/.exec(name) ?? []) : [];
  return kind === undefined ? undefined : { kind, version: Number(version) };
}

/** Whether a JSON value says that it is a record of this kind, of any version. */
export const isRecordOf = ({ kind }: { readonly kind: string }, value: unknown): boolean =>
  typeof value === "object" && value !== null && "schema" in value && parseSchemaName(value.schema)?.kind === kind;
