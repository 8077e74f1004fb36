/**
 * pandera: the `message` of its `SchemaErrors`, or their `failure_cases` as JSON records. Made with 0.35.
 * A run that found nothing has no such error: `{"SCHEMA": {}, "DATA": {}}` says it.
 */
import { type ImportedCheck, isObject, type JsonObject, textOf } from "./imported-checks.ts";

/** @returns `undefined` for a file of another kind */
export function readPandera(file: unknown): readonly ImportedCheck[] | undefined {
  if (Array.isArray(file)) return readFailureCases(file);
  return isObject(file) ? readMessage(file) : undefined;
}

function readMessage(file: JsonObject): readonly ImportedCheck[] | undefined {
  const kinds = Object.entries(file);
  if (kinds.length === 0 || !kinds.every(([kind, reasons]) => /^(?:SCHEMA|DATA)$/.test(kind) && isObject(reasons)))
    return undefined;
  const errors = kinds.flatMap(([, reasons]) => Object.values(reasons as JsonObject));
  if (!errors.every(Array.isArray)) return undefined;
  // Validation is the check that passes where no other fails.
  const whole: ImportedCheck = {
    name: "validation",
    column: null,
    outcome: errors.length === 0 ? "pass" : "fail",
    count: null,
  };
  const found = errors.flat().map((error): ImportedCheck => {
    const { schema, column, check } = isObject(error) ? error : {};
    return {
      name: textOf(check) ?? "check",
      column: column === schema ? null : textOf(column),
      outcome: "fail",
      count: null,
    };
  });
  return found.length > 0 ? found : [whole];
}

function readFailureCases(cases: readonly unknown[]): readonly ImportedCheck[] | undefined {
  if (cases.length === 0 || !cases.every((each) => isObject(each) && "failure_case" in each && "check" in each))
    return undefined;
  const counts = new Map<string, { readonly check: ImportedCheck; count: number }>();
  for (const { schema_context, column, check } of cases as readonly JsonObject[]) {
    const name = textOf(check) ?? "check";
    const of = schema_context === "DataFrameSchema" ? null : textOf(column);
    const key = `${name}\0${of}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { check: { name, column: of, outcome: "fail", count: null }, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].map(({ check, count }) => ({ ...check, count }));
}
