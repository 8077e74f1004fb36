/** What a schema says about the value at a path. */
import type * as z from "zod";
import type { $ZodType, $ZodTypes } from "zod/v4/core";
import type { DocumentPath } from "./document.ts";

/** The schemas that may apply at a path: several for a union, none where the path does not exist. */
function schemasAt(root: z.ZodType, path: DocumentPath): readonly $ZodTypes[] {
  let here = unwrap(root as unknown as $ZodTypes);
  for (const step of path) here = here.flatMap((schema) => inside(schema, step)).flatMap(unwrap);
  return here;
}

/** The keys an object may have at a path. */
export function keysAt(root: z.ZodType, path: DocumentPath): readonly string[] {
  const keys = schemasAt(root, path).flatMap(({ _zod: { def } }) =>
    def.type === "object" ? Object.keys(def.shape) : [],
  );
  return [...new Set(keys)];
}

export type Choice = string | number | boolean | null;

/** The values a schema allows, where it lists them. */
export function choicesAt(root: z.ZodType, path: DocumentPath): readonly Choice[] {
  return schemasAt(root, path).flatMap(({ _zod: { def } }) => {
    const values = def.type === "enum" ? Object.values(def.entries) : def.type === "literal" ? def.values : [];
    return values.filter((value) => typeof value !== "bigint" && value !== undefined);
  });
}

/** The description that the schema's author gave a path, without a full stop. */
export function descriptionAt(root: z.ZodType, path: DocumentPath): string | undefined {
  const parent = path.length === 0 ? [root as unknown as $ZodType] : schemasAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const own = last === undefined ? parent : parent.flatMap((schema) => inside(schema as $ZodTypes, last));
  for (const schema of own.flatMap((outer) => wrappings(outer as $ZodTypes))) {
    const { description } = schema as unknown as z.ZodType;
    if (description !== undefined) return description.replace(/\.$/, "");
  }
  return undefined;
}

function inside(schema: $ZodTypes, step: string | number): $ZodTypes[] {
  const { def } = schema._zod;
  const next = ((): $ZodType | undefined => {
    switch (def.type) {
      case "object":
        return typeof step === "string" && Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
      case "record":
        return def.valueType;
      case "array":
        return def.element;
      case "tuple":
        return def.items[Number(step)] ?? def.rest ?? undefined;
      default:
        return undefined;
    }
  })();
  return next === undefined ? [] : [next as $ZodTypes];
}

/** Without the layers that only add a default, make something optional, or offer alternatives. */
function unwrap(schema: $ZodTypes): $ZodTypes[] {
  const { def } = schema._zod;
  switch (def.type) {
    case "union":
      return def.options.flatMap((option) => unwrap(option as $ZodTypes));
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "catch":
    case "nonoptional":
      return unwrap(def.innerType as $ZodTypes);
    case "pipe":
      return unwrap(def.in as $ZodTypes);
    case "lazy":
      return unwrap(def.getter() as $ZodTypes);
    default:
      return [schema];
  }
}

/** A schema and the layers inside it, outermost first: a description may be on any of them. */
function wrappings(schema: $ZodTypes): $ZodTypes[] {
  const { def } = schema._zod;
  return "innerType" in def ? [schema, ...wrappings(def.innerType as $ZodTypes)] : [schema];
}
