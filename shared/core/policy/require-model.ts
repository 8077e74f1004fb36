/** The one model that an action works on: it was chosen when the policy was read. */
import { userError } from "../../problem/problem.ts";
import type { ModelDescription, ModelPolicy, Policy } from "./policy.ts";

export function getModelPolicy({ models }: Policy): ModelPolicy {
  const [only, ...others] = models;
  if (only === undefined || others.length > 0) throw new Error(`of ${models.length} models none was chosen`);
  return only;
}

/** @throws ActionError `policy-without-model` */
export function requireModel({ model }: ModelPolicy, path: string): ModelDescription {
  if (model !== null) return model;
  throw userError({
    code: "policy-without-model",
    message: "the policy of the default branch does not describe a model",
    place: { file: path },
    fix: 'Add "model:" with its name and files, and merge it',
  });
}
