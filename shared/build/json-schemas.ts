/** JSON Schemas of everything a user writes or a tool reads: for editors and for other languages. */
import * as z from "zod";
import { contract } from "../core/data/contract.ts";
import { policy1 } from "../core/policy/policy-1.ts";
import { policy2 } from "../core/policy/policy-2.ts";
import { buildRecordSchemas } from "./record-schemas.ts";

/** What users write: a key that has a default may be left out. Editors tell the versions of a policy by their number. */
const USER_FILE_SCHEMAS = { contract, policy: z.discriminatedUnion("version", [policy2, policy1]) };

/** By the name of the file. */
export function buildJsonSchemas(): Readonly<Record<string, unknown>> {
  return { ...convert(USER_FILE_SCHEMAS), ...buildRecordSchemas() };
}

function convert(schemas: Readonly<Record<string, z.ZodType>>): Record<string, unknown> {
  const entries = Object.entries(schemas).map(([name, schema]): [string, unknown] => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
    return [name, { $schema, title: `mlops-actions ${name}`, ...rest }];
  });
  return Object.fromEntries(entries);
}
