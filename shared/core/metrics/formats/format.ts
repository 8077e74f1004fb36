/** What a reader of one kind of file finds: values with names, before it is known which of them are numbers. */
import type { Place } from "../../../problem/problem.ts";
import type { Metric } from "../../../records/fields.ts";
import type { DocumentPath } from "../../../text/document/document.ts";

/** A parsed file. */
export interface MetricSource {
  readonly path: string;
  readonly value: unknown;
  readonly placeOf: (path: DocumentPath) => Place;
}

/** What is found under one name. Whatever is no finite number is left out and counted. */
export interface FoundValue extends Partial<Omit<Metric, "name" | "slice" | "value">> {
  readonly name: string;
  readonly slice?: string | null;
  readonly value: unknown;
  readonly place: () => Place;
}

/** One kind of file that a tool writes. */
export interface MetricFormat {
  /** For people, for example `Keras history`. */
  readonly name: string;
  /** Tells the kind by what no other kind has by chance. */
  readonly recognises: (value: unknown) => boolean;
  readonly read: (source: MetricSource) => readonly FoundValue[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export const isNumber = (value: unknown): value is number => typeof value === "number";

export const isFiniteNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The own value of a key: a file may have a key `constructor`, and lack it. */
export const valueAt = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);

/** A value that the source has at a path. */
export const found = (
  { placeOf }: MetricSource,
  path: DocumentPath,
  name: string,
  value: unknown,
  more: Omit<FoundValue, "name" | "value" | "place"> = {},
): FoundValue => ({ name, value, ...more, place: () => placeOf(path) });

/** What is there and finite, to be spread into a found value. */
export const optional = <Key extends string>(key: Key, value: unknown): Partial<Record<Key, number>> =>
  isFiniteNumber(value) ? ({ [key]: value } as Partial<Record<Key, number>>) : {};
