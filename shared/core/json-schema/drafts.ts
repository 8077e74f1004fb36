/** The drafts of JSON Schema that are known. Each is loaded when a schema uses it. */
import type { Ajv, Options } from "ajv";

interface Draft {
  readonly load: (options: Options) => Promise<Ajv>;
}

const DRAFTS: Readonly<Record<string, Draft>> = {
  "https://json-schema.org/draft/2020-12/schema": {
    load: async (options) => withFormats(new (await import("ajv/dist/2020.js")).Ajv2020(options)),
  },
  "https://json-schema.org/draft/2019-09/schema": {
    load: async (options) => withFormats(new (await import("ajv/dist/2019.js")).Ajv2019(options)),
  },
  "http://json-schema.org/draft-07/schema": {
    load: async (options) => withFormats(new (await import("ajv")).Ajv(options)),
  },
};

/** @param name the schema's `$schema`; without one, the newest draft. @returns `undefined` for any other */
export function findDraft(name: unknown = "https://json-schema.org/draft/2020-12/schema"): Draft | undefined {
  const known = typeof name === "string" ? name.replace(/#$/, "") : "";
  return Object.hasOwn(DRAFTS, known) ? DRAFTS[known] : undefined;
}

/** `date`, `email`, `uri` and the other formats of the standard are held to, in every draft. */
async function withFormats(ajv: Ajv): Promise<Ajv> {
  const { default: formats } = await import("ajv-formats");
  formats.default(ajv);
  return ajv;
}
