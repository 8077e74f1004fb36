/** The drafts of JSON Schema that are known. Each is loaded when a schema uses it. */
import type { Ajv, Options } from "ajv";

interface Draft {
  readonly load: (options: Options) => Promise<Ajv>;
}

/** By their default exports: of a module that is a function, as these are, a bundle has no other. */
const DRAFTS: Readonly<Record<string, Draft>> = {
  "https://json-schema.org/draft/2020-12/schema": {
    load: async (options) => toStandard(new (await import("ajv/dist/2020.js")).default.default(options)),
  },
  "https://json-schema.org/draft/2019-09/schema": {
    load: async (options) => toStandard(new (await import("ajv/dist/2019.js")).default.default(options)),
  },
  "http://json-schema.org/draft-07/schema": {
    load: async (options) => toStandard(new (await import("ajv")).default.default(options)),
  },
};

/** Those of the standard that `ajv-formats` has. They are held to in every draft; its other ones are of other standards. */
export const FORMATS = [
  "date",
  "time",
  "date-time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uri-reference",
  "uri-template",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
  "regex",
] as const;

/** What `ajv` adds to the standard; `id` is of draft-04. */
const NOT_STANDARD = ["$async", "nullable", "id"];

/** @param name the schema's `$schema`; without one, the newest draft. @returns `undefined` for any other */
export function findDraft(name: unknown = "https://json-schema.org/draft/2020-12/schema"): Draft | undefined {
  const known = typeof name === "string" ? name.replace(/#$/, "") : "";
  return Object.hasOwn(DRAFTS, known) ? DRAFTS[known] : undefined;
}

async function toStandard(ajv: Ajv): Promise<Ajv> {
  const { default: formats } = await import("ajv-formats");
  formats.default(ajv, [...FORMATS]);
  for (const keyword of NOT_STANDARD) ajv.removeKeyword(keyword);
  // `ajv` resolves anchors, but does not know the keyword.
  if (Object.hasOwn(ajv.RULES.keywords, "dependentRequired")) ajv.addKeyword("$anchor");
  return ajv;
}
