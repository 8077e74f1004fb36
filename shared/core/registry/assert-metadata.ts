/** The governance fields of a version, held to the JSON Schema that the policy names. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { compileJsonSchema } from "../json-schema/compile-json-schema.ts";
import type { SchemaViolation } from "../json-schema/schema-violation.ts";

export interface MetadataSchema {
  readonly text: string;
  /** In the repository. */
  readonly path: string;
}

/**
 * @param schema from a trusted commit: a change must not loosen the rules that its own version is held to
 * @throws ActionError (a refusal) `metadata-refused`, one problem for each violation; `metadata-schema-…` for the schema
 */
export async function assertMetadata(
  governance: Readonly<Record<string, unknown>>,
  { text, path }: MetadataSchema,
): Promise<void> {
  const schema = await compileJsonSchema(text, path, "metadata-schema");
  const problems = schema.check(governance).map(toProblem);
  if (problems.length > 0) throw new ActionError("refused", problems);
}

const toProblem = ({ path, message, rule }: SchemaViolation): Problem => ({
  code: "metadata-refused",
  message: path === "" ? `the governance fields: ${message}` : `the governance field ${path} ${message}`,
  place: rule,
  fix: "Correct it in the input governance or in the model card; a change of the schema is a pull request of its own",
});
