/** Tag names in the grammar of GTO (github.com/iterative/gto), so that its tools can read this registry too. */
import { parseVersion } from "./version.ts";

export type RegistryTag =
  /** `visits@v1.2.0` */
  | { readonly kind: "version"; readonly model: string; readonly version: string }
  /** `visits@v1.2.0!` or `visits@v1.2.0!#2`: GTO's way to withdraw a version. It is read, but never written. */
  | { readonly kind: "withdrawal"; readonly model: string; readonly version: string }
  /** `visits#production#3` */
  | { readonly kind: "assignment"; readonly model: string; readonly environment: string; readonly number: number };

/** Names of models and environments as in the policy; GTO would allow more. */
const NAME_PATTERN = "[a-z][a-z0-9-]{0,62}";
const VERSION_TAG = new RegExp(`^(${NAME_PATTERN})@(v[0-9A-Za-z.-]+)(!(?:#\\d+)?)?$`);
const ASSIGNMENT_TAG = new RegExp(`^(${NAME_PATTERN})#(${NAME_PATTERN})#([1-9]\\d{0,8})$`);

/** @returns `undefined` for every other tag of the repository */
export function parseTagName(name: string): RegistryTag | undefined {
  const [, model, version, withdrawal] = VERSION_TAG.exec(name) ?? [];
  if (model !== undefined && version !== undefined) {
    if (parseVersion(version) === undefined) return undefined;
    return { kind: withdrawal === undefined ? "version" : "withdrawal", model, version };
  }
  const [, assignedModel, environment, number] = ASSIGNMENT_TAG.exec(name) ?? [];
  if (assignedModel === undefined || environment === undefined) return undefined;
  return { kind: "assignment", model: assignedModel, environment, number: Number(number) };
}

export const versionTagName = (model: string, version: string): string => `${model}@${version}`;

export const assignmentTagName = (model: string, environment: string, number: number): string =>
  `${model}#${environment}#${number}`;
