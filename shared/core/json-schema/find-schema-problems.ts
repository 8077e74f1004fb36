/** What is wrong with a JSON Schema, before `ajv` makes code of it: everything at once, each with its place. */
import type { Ajv } from "ajv";
import type { Problem } from "../../problem/problem.ts";
import { findClosestMatch } from "../../text/document/closest-match.ts";
import { type Document, type DocumentPath, formatPath, quoteText } from "../../text/document/document.ts";
import { PatternError } from "../../text/pattern/pattern-reader.ts";
import { compileSchemaPattern } from "./compile-schema-pattern.ts";
import { countSteps } from "./count-steps.ts";
import { FORMATS } from "./drafts.ts";
import { resolvePointer, resolveReference } from "./resolve-reference.ts";
import { describeViolation } from "./schema-violation.ts";
import { countParts, hasSchemas, isObject, type SchemaObject, type Subschema, visitSchemas } from "./visit-schemas.ts";

/** Some hundred fields; compiling this many takes about a second. */
const MAX_PARTS = 6_000;
/** For one value. */
const MAX_STEPS = 10_000;
/** Each may take a tenth of a second for a long text, whatever it is. */
const MAX_PATTERNS = 50;

interface Fault {
  readonly code: string;
  readonly path: DocumentPath;
  readonly message: string;
  readonly fix: string;
  /** What the place shows. */
  readonly part?: "key" | "value";
}

/** @param ajv of the schema's draft */
export function findSchemaProblems(document: Document, root: SchemaObject, ajv: Ajv): readonly Problem[] {
  const faults =
    countParts(root) > MAX_PARTS || countPatterns(root) > MAX_PATTERNS ? [tooComplex([])] : [...findFaults(root, ajv)];
  return faults.map(({ code, path, message, fix, part }) => ({
    code: `${document.kind}-${code}`,
    message,
    place: document.placeOf(path, part),
    fix,
  }));
}

function countPatterns(root: SchemaObject): number {
  let count = 0;
  for (const { schema } of visitSchemas({ path: [], schema: root })) {
    const { pattern, patternProperties } = schema;
    count +=
      (typeof pattern === "string" ? 1 : 0) + (isObject(patternProperties) ? Object.keys(patternProperties).length : 0);
  }
  return count;
}

export const tooComplex = (path: DocumentPath): Fault => ({
  code: "too-complex",
  path,
  message: "checking a value by this schema would take too long",
  fix: "Describe less in it, and with fewer references",
});

function* findFaults(root: SchemaObject, ajv: Ajv): Generator<Fault> {
  const told = new Set<string>();
  for (const at of visitSchemas({ path: [], schema: root })) {
    for (const fault of [...findKeywordFaults(at, ajv), ...findReferenceFaults(at, root)]) {
      told.add(JSON.stringify(fault.path));
      yield fault;
    }
  }
  const { most, mostAt, endless } = countSteps(root);
  if (endless !== undefined) {
    const message = "this reference leads back to itself, and would be followed for ever";
    yield { code: "endless", path: endless, message, fix: "Refer to another schema, or refer from within a property" };
  } else if (most > MAX_STEPS) yield tooComplex(mostAt);

  if (ajv.validateSchema(root)) return;
  for (const error of ajv.errors ?? []) {
    const { path } = resolvePointer(root, error.instancePath);
    const key = JSON.stringify(path);
    // Of all that a draft says about one part, the first is the most exact.
    if (told.has(key)) continue;
    told.add(key);
    const message = `${formatPath(path) || "the schema"} ${describeViolation(error, root).message}`;
    yield { code: "invalid", path, message, fix: "Write it as the draft of JSON Schema has it" };
  }
}

function* findKeywordFaults({ path, schema }: Subschema, ajv: Ajv): Generator<Fault> {
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...path, keyword];
    if (path.length > 0 && (keyword === "$id" || keyword === "$schema")) {
      const message = `${quoteText(keyword)} would begin another schema inside this one`;
      yield { code: "embedded", path: at, message, fix: `Remove it, and refer to "#/$defs/name"`, part: "key" };
    } else if (!Object.hasOwn(ajv.RULES.keywords, keyword)) {
      yield unknownKeyword(keyword, at, Object.keys(ajv.RULES.keywords));
    } else if (!hasSchemas(keyword) && isObject(value) && Object.hasOwn(value, "$data")) {
      const message = `${quoteText("$data")} would take a rule from the value that is checked, and is not in the standard`;
      yield { code: "data-reference", path: at, message, fix: "Write the rule itself" };
    } else if (keyword === "format" && typeof value === "string" && !(FORMATS as readonly string[]).includes(value)) {
      const fix = `Write one of ${FORMATS.join(", ")}; or a pattern`;
      yield { code: "unknown-format", path: at, message: `the format ${quoteText(value)} is not known`, fix };
    } else if (keyword === "pattern" && typeof value === "string") yield* findPatternFaults(value, at);
    else if (keyword === "patternProperties" && isObject(value)) {
      for (const pattern of Object.keys(value)) yield* findPatternFaults(pattern, [...at, pattern], "key");
    }
  }
}

function unknownKeyword(keyword: string, path: DocumentPath, known: readonly string[]): Fault {
  const meant = findClosestMatch(keyword, known);
  const fix = meant === undefined ? "Remove it: only what the draft defines is known" : `Write ${quoteText(meant)}`;
  return { code: "unknown-keyword", path, message: `unknown keyword ${quoteText(keyword)}`, fix, part: "key" };
}

function* findPatternFaults(pattern: string, path: DocumentPath, part?: "key"): Generator<Fault> {
  try {
    compileSchemaPattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const message = `the pattern ${quoteText(pattern)} cannot be used: ${error.message}`;
    yield { code: "pattern", path, message, fix: error.fix, ...(part === undefined ? {} : { part }) };
  }
}

function* findReferenceFaults({ path, schema }: Subschema, root: SchemaObject): Generator<Fault> {
  for (const keyword of ["$dynamicRef", "$recursiveRef"]) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const message = `in a schema of one file ${quoteText(keyword)} means what "$ref" does`;
    yield { code: "dynamic-reference", path: [...path, keyword], message, fix: 'Write "$ref"', part: "key" };
  }
  const { $ref: reference } = schema;
  if (typeof reference !== "string") return;
  const at = [...path, "$ref"];
  if (!reference.startsWith("#")) {
    const message = `${quoteText(reference)} is in another file, and none is read`;
    const fix = 'Copy what it refers to into "$defs", and refer to it as "#/$defs/name"';
    yield { code: "remote-reference", path: at, message, fix };
    return;
  }
  const { value } = resolveReference(root, reference);
  if (isObject(value) || typeof value === "boolean") return;
  const message = `${quoteText(reference)} refers to nothing`;
  yield { code: "missing-reference", path: at, message, fix: 'Correct it, or add what it refers to to "$defs"' };
}
