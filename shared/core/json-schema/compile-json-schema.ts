/** From a JSON Schema's text to a check of values. */
import type { Ajv, Options, ValidateFunction } from "ajv";
import { userError } from "../../problem/problem.ts";
import { type Document, type DocumentPath, throwIfProblems } from "../../text/document/document.ts";
import { readJson } from "../../text/json/read-json.ts";
import { compileSchemaPattern } from "./compile-schema-pattern.ts";
import { findDraft } from "./drafts.ts";
import { findSchemaProblems, tooComplex } from "./find-schema-problems.ts";
import { type SchemaViolation, toViolations } from "./schema-violation.ts";
import { isObject, type SchemaObject, visitSchemas } from "./visit-schemas.ts";

export interface JsonSchema {
  /** Names in `required` and `properties` of the schema itself. */
  readonly fields: readonly string[];
  /**
   * None when the value satisfies the schema, else at most `MAX_VIOLATIONS`. Texts are read as the type the schema wants.
   * The value must be small: everything that is wrong is looked for, also after the first fault.
   */
  readonly check: (value: unknown) => readonly SchemaViolation[];
}

const MAX_CHARACTERS = 1024 * 1024;
const MAX_VIOLATIONS = 20;

const OPTIONS: Options = {
  strict: true,
  // All of these are valid by the standard, and none of them is a typo.
  strictRequired: false,
  strictTypes: false,
  strictTuples: false,
  allowMatchingProperties: true,
  allErrors: true,
  coerceTypes: "array",
  // 19.99 is a multiple of 0.01, which division of binary numbers denies.
  multipleOfPrecision: 9,
  // Without it `{}` would have what every object has: a field `constructor`.
  ownProperties: true,
  // What `ajv` thinks of a schema without being asked is nothing for the log.
  logger: false,
  code: { regExp: Object.assign(compileSchemaPattern, { code: "" }) },
};

/**
 * @param kind starts the codes of all problems, for example `metadata-schema`
 * @param file where the schema came from, as users know it
 * @throws ActionError with everything that is wrong with the schema, each with its place: `…-not-json`, `…-too-large`,
 *   `…-draft`, `…-unknown-keyword`, `…-unknown-format`, `…-pattern`, `…-remote-reference`, `…-missing-reference`,
 *   `…-dynamic-reference`, `…-data-reference`, `…-embedded`, `…-endless`, `…-too-complex`, `…-invalid`
 */
export async function compileJsonSchema(text: string, file: string, kind: string): Promise<JsonSchema> {
  if (text.length > MAX_CHARACTERS) {
    const message = `it is larger than ${MAX_CHARACTERS} characters`;
    throw userError({ code: `${kind}-too-large`, message, place: { file }, fix: "Describe less in it" });
  }
  const document = readJson(text, file, kind);
  const { value: root } = document;
  if (!isObject(root)) {
    const message = "a JSON Schema for fields is an object";
    throw userError({ code: `${kind}-invalid`, message, place: document.placeOf([]), fix: "Write it in { }" });
  }
  const draft = findDraft(root["$schema"]);
  if (draft === undefined) {
    throw userError({
      code: `${kind}-draft`,
      message: "this draft of JSON Schema is not known: only 2020-12, 2019-09 and draft-07 are",
      place: document.placeOf(["$schema"]),
      fix: 'Write "https://json-schema.org/draft/2020-12/schema"',
    });
  }
  const ajv = await draft.load(OPTIONS);
  throwIfProblems(findSchemaProblems(document, root, ajv));
  const validate = compile(ajv, root, document);
  return { fields: listFields(root), check: (value) => findViolations(validate, value, document, root) };
}

function listFields({ required, properties }: SchemaObject): readonly string[] {
  const names = Array.isArray(required) ? required.map(String) : [];
  return [...new Set([...names, ...(isObject(properties) ? Object.keys(properties) : [])])];
}

function findViolations(
  validate: ValidateFunction,
  given: unknown,
  document: Document,
  root: SchemaObject,
): readonly SchemaViolation[] {
  const odd = findMethodName(given, []);
  if (odd !== undefined) {
    return [{ path: odd, message: "has a name that cannot be checked", rule: document.placeOf([]) }];
  }
  // Reading a text as another type changes the value.
  const value = structuredClone(given);
  try {
    if (validate(value)) return [];
  } catch (error) {
    // A rule that refers to itself, for a value that is read as a list of itself.
    if (!(error instanceof RangeError)) throw error;
    return [
      { path: [], message: "cannot be checked: the schema refers to itself without end", rule: document.placeOf([]) },
    ];
  }
  const found = toViolations(validate.errors ?? [], value, document, root);
  const [shown, more] = [found.slice(0, MAX_VIOLATIONS - 1), found.length - MAX_VIOLATIONS + 1];
  if (more <= 1) return found;
  return [...shown, { path: [], message: `breaks the schema in ${more} more ways`, rule: document.placeOf([]) }];
}

/** `ajv` calls these methods of what it compares. */
const METHODS: readonly string[] = ["toString", "valueOf"];

function findMethodName(value: unknown, path: DocumentPath): DocumentPath | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, key];
    const found = METHODS.includes(key) ? at : findMethodName(inner, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is wrong although every part is valid: keywords that have no effect where they are. */
function compile(ajv: Ajv, root: SchemaObject, document: Document): ValidateFunction {
  try {
    return ajv.compile(root);
  } catch (error) {
    const { kind } = document;
    if (error instanceof RangeError) {
      const { code, path, message, fix } = tooComplex([]);
      throw userError({ code: `${kind}-${code}`, message, place: document.placeOf(path), fix }, error);
    }
    const said = error instanceof Error ? error.message : String(error);
    const message = said.replace(/^strict mode: /, "");
    const [, word = ""] = /^"([^"]+)"/.exec(message) ?? [];
    const path = [...visitSchemas({ path: [], schema: root })].find(({ schema }) => Object.hasOwn(schema, word))?.path;
    throw userError(
      {
        code: `${kind}-invalid`,
        message,
        place: document.placeOf([...(path ?? []), word], "key"),
        fix: "Correct it, so that all of the schema has an effect",
      },
      error,
    );
  }
}
