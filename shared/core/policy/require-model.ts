import { userError } from "../../problem/problem.ts";
import type { Policy } from "./policy.ts";

export type ModelPolicy = NonNullable<Policy["model"]>;

/** @throws ActionError `policy-without-model` */
export function requireModel({ model }: Policy, path: string): ModelPolicy {
  if (model !== undefined) return model;
  throw userError({
    code: "policy-without-model",
    message: "the policy of the default branch does not describe a model",
    place: { file: path },
    fix: 'Add "model:" with its name and files, and merge it',
  });
}
