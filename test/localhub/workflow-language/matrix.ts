/** `strategy.matrix`: its combinations, as GitHub's service builds them (actions/runner, MatrixBuilder). */
import { equals } from "@actions/expressions/result";
import { toData, valueToText } from "./expression-data.ts";
import { isList, isMapping, type Json } from "./values.ts";

/** GitHub docs, Actions limits: jobs one matrix may generate per workflow run. */
export const MAX_COMBINATIONS = 256;

export interface Combination {
  /** The `matrix` context of the job. */
  readonly values: Readonly<Record<string, Json>>;
  /** What the job's name shows in parentheses. Values an `include` adds to a combination are not shown. */
  readonly displayValues: readonly Json[];
}

type Mapping = Readonly<Record<string, Json>>;

/** Thrown for a matrix that GitHub rejects. `path` leads to the error inside the matrix. */
export class MatrixError extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.name = "MatrixError";
    this.path = path;
  }
}

/**
 * The combinations of an evaluated matrix, in GitHub's order: the last vector changes fastest, entries of `include`
 * that match no combination come last.
 * @throws MatrixError for a matrix that GitHub rejects, and for more than 256 combinations.
 */
export function expandMatrix(matrix: Json): readonly Combination[] {
  if (!isMapping(matrix)) throw new MatrixError([], "A matrix must be a mapping of names to lists of values");
  const { include, exclude, ...rest } = matrix;
  const vectors = Object.entries(rest).map(([name, values]) => readVector(name, values));
  const included = readFilters("include", include, "Matrix include mapping does not contain any values");
  const excluded = readFilters("exclude", exclude, "Matrix exclude filter must not be empty");
  if (vectors.length === 0 && included.length === 0) {
    throw new MatrixError([], "Matrix must define at least one vector");
  }
  const names = new Set(vectors.map(({ name }) => name));
  for (const [index, filter] of excluded.entries()) {
    const unknown = Object.keys(filter).find((key) => !names.has(key));
    if (unknown === undefined) continue;
    const message = `Matrix exclude key '${unknown}' does not match any key within the matrix`;
    throw new MatrixError(["exclude", index, unknown], message);
  }
  assertWithinLimit(vectors.reduce((size, { values }) => size * values.length, vectors.length > 0 ? 1 : 0));
  const originals = product(vectors).filter((values) => !excluded.some((filter) => matches(filter, values)));
  const combinations = addIncluded(originals, included, names);
  assertWithinLimit(combinations.length);
  return combinations;
}

/**
 * A job's name with the values of its combination, as GitHub shows it: at most 100 characters. Only for a name without
 * an expression in it; one with an expression is shown as it evaluates.
 */
export function combinationName(jobName: string, combination: Combination): string {
  const shown = combination.displayValues.flatMap(leaves).map(valueToText);
  const name = shown.length === 0 ? jobName : `${jobName} (${shown.join(", ")})`;
  return name.length > 100 ? `${name.slice(0, 97)}...` : name;
}

/** The `strategy` context. Without a limit, all jobs may run at once. */
export function strategyContext(
  index: number,
  total: number,
  strategy: { readonly failFast: boolean; readonly maxParallel: number | undefined },
): Readonly<Record<string, Json>> {
  const { failFast, maxParallel } = strategy;
  return {
    "fail-fast": failFast,
    "job-index": index,
    "job-total": total,
    "max-parallel": maxParallel !== undefined && maxParallel > 0 ? maxParallel : total,
  };
}

interface Vector {
  readonly name: string;
  readonly values: readonly Json[];
}

function readVector(name: string, values: Json): Vector {
  if (!isList(values)) throw new MatrixError([name], `Matrix vector '${name}' must be a list of values`);
  if (values.length === 0) throw new MatrixError([name], `Matrix vector '${name}' does not contain any values`);
  return { name, values };
}

function readFilters(key: "include" | "exclude", filters: Json | undefined, whenEmpty: string): readonly Mapping[] {
  if (filters === undefined || filters === null) return [];
  if (!isList(filters)) throw new MatrixError([key], `Matrix ${key} must be a list of mappings`);
  return filters.map((filter, index) => {
    if (!isMapping(filter)) throw new MatrixError([key, index], `Matrix ${key} must be a list of mappings`);
    if (Object.keys(filter).length === 0) throw new MatrixError([key, index], whenEmpty);
    return filter;
  });
}

function product(vectors: readonly Vector[]): readonly Mapping[] {
  if (vectors.length === 0) return [];
  return vectors.reduce<readonly Mapping[]>(
    (combinations, { name, values }) =>
      combinations.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value }))),
    [{}],
  );
}

/**
 * An entry of `include` is added to every combination whose original values it does not contradict; it may overwrite
 * what earlier entries added. One that matches none is a combination of its own, which later entries do not extend.
 */
function addIncluded(
  originals: readonly Mapping[],
  included: readonly Mapping[],
  names: ReadonlySet<string>,
): readonly Combination[] {
  const entries = included.map((entry) => ({ entry, ...partition(entry, names) }));
  const extended = originals.map((original) => {
    const extras = entries.flatMap(({ filter, extra }) => (matches(filter, original) ? [extra] : []));
    const values = Object.fromEntries([original, ...extras].flatMap((part) => Object.entries(part)));
    return { values, displayValues: Object.values(original) };
  });
  const alone = entries.flatMap(({ filter, extra }) => {
    if (originals.some((original) => matches(filter, original))) return [];
    const values = { ...filter, ...extra };
    return [{ values, displayValues: Object.values(values) }];
  });
  return [...extended, ...alone];
}

function partition(entry: Mapping, names: ReadonlySet<string>): { readonly filter: Mapping; readonly extra: Mapping } {
  const pairs = Object.entries(entry);
  return {
    filter: Object.fromEntries(pairs.filter(([key]) => names.has(key))),
    extra: Object.fromEntries(pairs.filter(([key]) => !names.has(key))),
  };
}

/** Whether every value in the filter, at any depth, equals that of the combination by the rules of `==`. */
function matches(filter: Json, value: Json | undefined): boolean {
  if (isMapping(filter)) {
    const within = isMapping(value) ? value : {};
    return Object.entries(filter).every(([key, expected]) => matches(expected, within[key]));
  }
  if (isList(filter)) {
    const within = isList(value) ? value : [];
    return filter.every((expected, index) => matches(expected, within[index]));
  }
  return equals(toData(value), toData(filter));
}

/** The plain values inside a value; `null` and the empty text are not shown. */
function leaves(value: Json): readonly (string | number | boolean)[] {
  if (isMapping(value)) return Object.values(value).flatMap(leaves);
  if (isList(value)) return value.flatMap(leaves);
  return value === null || value === "" ? [] : [value];
}

function assertWithinLimit(size: number): void {
  if (size <= MAX_COMBINATIONS) return;
  throw new MatrixError([], `The matrix generates ${size} jobs; a matrix may generate at most ${MAX_COMBINATIONS}`);
}
