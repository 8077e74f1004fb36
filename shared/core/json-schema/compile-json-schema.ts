/** From a JSON Schema's text to a check of values. */
import type { Options, ValidateFunction } from "ajv";
import { type ActionError, userError } from "../../problem/problem.ts";
import { type Document, type DocumentPath, quoteText } from "../../text/document/document.ts";
import { readJson } from "../../text/json/read-json.ts";
import { PatternError } from "../../text/pattern/pattern-reader.ts";
import { compileSearch } from "./compile-search.ts";
import { findDraft } from "./drafts.ts";
import { findKey, visitKeys } from "./find-key.ts";
import { type SchemaViolation, toViolation } from "./schema-violation.ts";

export interface JsonSchema {
  /** At most `MAX_VIOLATIONS`; none when the value satisfies the schema. Texts are read as the type the schema wants. */
  readonly check: (value: unknown) => readonly SchemaViolation[];
}

const MAX_CHARACTERS = 1024 * 1024;
const MAX_VIOLATIONS = 20;

const OPTIONS: Options = {
  strict: true,
  // A property may be described without being required, and a type may be left out.
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  coerceTypes: "array",
  // A schema says which of its parts need a property; `ajv` would print what it thinks of that.
  logger: false,
};

/**
 * @param kind starts the codes of all problems, for example `metadata-schema`
 * @param file where the schema came from, as users know it
 * @throws ActionError with the place of what is wrong with the schema: `…-not-json`, `…-too-large`, `…-draft`,
 *   `…-remote-reference`, `…-pattern`, `…-invalid`
 */
export async function compileJsonSchema(text: string, file: string, kind: string): Promise<JsonSchema> {
  const fail = (code: string, message: string, fix: string, path: DocumentPath = [], part?: "key" | "value") =>
    userError({ code: `${kind}-${code}`, message, place: document.placeOf(path, part), fix });
  if (text.length > MAX_CHARACTERS) throw tooLarge(kind, file);
  const document = readJson(text, file, kind);
  const { value } = document;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fail("invalid", "a JSON Schema is an object", "Write it in { }");
  }
  for (const { path, key, inner } of visitKeys(value)) {
    if (!/^\$(?:ref|dynamicRef|recursiveRef)$/.test(key) || typeof inner !== "string" || inner.startsWith("#"))
      continue;
    const fix = 'Copy what it refers to into "$defs", and refer to it as "#/$defs/name"';
    throw fail("remote-reference", `${quoteText(inner)} is in another file, and none is read`, fix, path);
  }
  const draft = findDraft("$schema" in value ? value.$schema : undefined);
  if (draft === undefined) {
    const fix = 'Write "https://json-schema.org/draft/2020-12/schema"';
    throw fail("draft", "this draft of JSON Schema is not known", fix, ["$schema"]);
  }
  let pattern = "";
  const regExp = (text: string) => {
    pattern = text;
    return compileSearch(text);
  };
  try {
    const ajv = await draft.load({ ...OPTIONS, code: { regExp: Object.assign(regExp, { code: "" }) } });
    const validate = ajv.compile(value);
    if ("$async" in validate) throw new Error('"$async" is not a keyword of the standard');
    return { check: (checked) => findViolations(validate, document, checked) };
  } catch (error) {
    throw toSchemaError(error, pattern, document, fail);
  }
}

function findViolations(validate: ValidateFunction, document: Document, value: unknown): readonly SchemaViolation[] {
  // What is coerced is a copy.
  if (validate(structuredClone(value))) return [];
  return (validate.errors ?? []).slice(0, MAX_VIOLATIONS).map((error) => toViolation(error, document));
}

type Fail = (code: string, message: string, fix: string, path?: DocumentPath, part?: "key" | "value") => ActionError;

/** `ajv` describes what it refuses in one sentence, and quotes the word that it is about. */
function toSchemaError(error: unknown, pattern: string, { value }: Document, fail: Fail): ActionError {
  if (error instanceof PatternError) {
    const path = findKey(value, "pattern", pattern) ?? findKey(value, pattern) ?? [];
    return fail("pattern", `the pattern ${quoteText(pattern)} cannot be used: ${error.message}`, error.fix, path);
  }
  const message = error instanceof Error ? error.message.replace(/^strict mode: /, "") : String(error);
  const [, word = ""] = /"([^"]+)"/.exec(message) ?? [];
  const path = findKey(value, word) ?? [];
  return fail(
    "invalid",
    message,
    "Correct the schema; no other keywords and formats than the standard's are known",
    path,
    "key",
  );
}

const tooLarge = (kind: string, file: string): ActionError =>
  userError({
    code: `${kind}-too-large`,
    message: `it is larger than ${MAX_CHARACTERS} characters`,
    place: { file },
    fix: "Describe less in it",
  });
