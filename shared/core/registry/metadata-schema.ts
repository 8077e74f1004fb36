/** The JSON Schema that the policy names for the governance fields of a version. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { formatPath } from "../../text/document/document.ts";
import { compileJsonSchema } from "../json-schema/compile-json-schema.ts";
import type { SchemaViolation } from "../json-schema/schema-violation.ts";
import { findSource, type GovernanceSources } from "./governance.ts";

export interface MetadataSchema {
  readonly text: string;
  /** In the repository. */
  readonly path: string;
}

export interface MetadataRules {
  /** Names of the fields that the schema describes or requires: a model card may have them. */
  readonly fields: readonly string[];
  /** @throws ActionError (a refusal) `metadata-refused`, one problem for each rule that is broken, at its place in the schema */
  readonly assert: (governance: Readonly<Record<string, unknown>>, sources: GovernanceSources) => void;
}

/**
 * @param schema from a trusted commit: a change must not loosen the rules that its own version is held to. `undefined`
 *   when the policy names none, and everything is accepted
 * @throws ActionError `metadata-schema-…` with everything that is wrong with the schema itself
 */
export async function compileMetadataSchema(schema: MetadataSchema | undefined): Promise<MetadataRules> {
  if (schema === undefined) return { fields: [], assert: () => {} };
  const { fields, check } = await compileJsonSchema(schema.text, schema.path, "metadata-schema");
  return {
    fields,
    assert: (governance, sources) => {
      const problems = check(governance).map((violation) => toProblem(violation, sources));
      if (problems.length > 0) throw new ActionError("refused", problems);
    },
  };
}

function toProblem({ path, message, rule }: SchemaViolation, sources: GovernanceSources): Problem {
  const [name] = path;
  const subject = name === undefined ? "the set of governance fields" : `the governance field ${formatPath(path)}`;
  const fix = name === undefined ? "Correct the fields" : fixFor(String(name), sources);
  return { code: "metadata-refused", message: `${subject} ${message}`, place: rule, fix };
}

function fixFor(name: string, sources: GovernanceSources): string {
  switch (findSource(name, sources)) {
    case "given":
      return "Correct or remove it in the input governance";
    case "card":
      return "Correct or remove it in the model card";
    case "fromPolicy":
      return 'Correct it under "model:" in .github/mlops.yml';
    case undefined:
      return `Add "${name}=…" to the input governance, or "${name}:" to the model card`;
  }
}
