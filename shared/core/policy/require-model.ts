/** The one model that an action works on. Several are refused when the policy is read (`not-supported-yet.ts`). */
import { userError } from "../../problem/problem.ts";
import type { ModelDescription, ModelPolicy, Policy } from "./policy.ts";

export function getModelPolicy({ models }: Policy): ModelPolicy {
  const [only, ...others] = models;
  if (only === undefined || others.length > 0) throw new Error(`a policy with ${models.length} models was not refused`);
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
