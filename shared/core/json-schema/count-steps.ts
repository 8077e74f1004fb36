/** How often a schema makes one value be checked: references that lead back, or that double at each step, never end. */
import type { DocumentPath } from "../../text/document/document.ts";
import { resolveReference } from "./resolve-reference.ts";
import { childrenOf, isObject, type SchemaObject, type Subschema, visitSchemas } from "./visit-schemas.ts";

/** Whose schemas are for the same value; those of the other keywords are for parts of it. */
const SAME_VALUE = new Set("allOf anyOf oneOf not if then else dependentSchemas dependencies".split(" "));

interface Steps {
  /** Of the schema that needs most. */
  readonly most: number;
  readonly mostAt: DocumentPath;
  /** A reference that leads to itself for the same value. */
  readonly endless: DocumentPath | undefined;
}

export function countSteps(root: SchemaObject): Steps {
  const known = new Map<SchemaObject, number>();
  const open = new Set<SchemaObject>();
  let endless: DocumentPath | undefined;

  const count = (at: Subschema): number => {
    const before = known.get(at.schema);
    if (before !== undefined) return before;
    open.add(at.schema);
    let steps = 1;
    for (const child of childrenOf(at)) if (SAME_VALUE.has(child.keyword)) steps += count(child);
    const { $ref: reference } = at.schema;
    const target = typeof reference === "string" ? resolveReference(root, reference) : undefined;
    if (target !== undefined && isObject(target.value)) {
      if (open.has(target.value)) endless ??= [...at.path, "$ref"];
      else steps += count({ path: target.path, schema: target.value });
    }
    open.delete(at.schema);
    known.set(at.schema, steps);
    return steps;
  };

  let [most, mostAt]: [number, DocumentPath] = [0, []];
  for (const at of visitSchemas({ path: [], schema: root })) {
    const steps = count(at);
    if (steps > most) [most, mostAt] = [steps, at.path];
  }
  return { most, mostAt, endless };
}
