/** Tag names by the grammar of GTO (github.com/iterative/gto), so that its tools read our registry too. */
import { readVersion } from "./version.ts";

export type RegistryTag =
  /** `visits@v1.2.0` */
  | { readonly kind: "version"; readonly model: string; readonly version: string }
  /** `visits@v1.2.0!` or `visits@v1.2.0!#2`: GTO's way to withdraw a version. We read it and never write it. */
  | { readonly kind: "withdrawal"; readonly model: string; readonly version: string }
  /** `visits#production#3` */
  | { readonly kind: "assignment"; readonly model: string; readonly environment: string; readonly number: number };

/** As the policy spells models and environments; GTO would allow more. */
const WORD = "[a-z][a-z0-9-]{0,62}";
const ABOUT_VERSION = new RegExp(`^(${WORD})@(v[0-9A-Za-z.-]+)(!(?:#\\d+)?)?$`);
const ASSIGNMENT = new RegExp(`^(${WORD})#(${WORD})#([1-9]\\d{0,8})$`);

/** @returns `undefined` for every other tag of the repository */
export function readTagName(name: string): RegistryTag | undefined {
  const [, model, version, withdrawn] = ABOUT_VERSION.exec(name) ?? [];
  if (model !== undefined && version !== undefined) {
    if (readVersion(version) === undefined) return undefined;
    return { kind: withdrawn === undefined ? "version" : "withdrawal", model, version };
  }
  const [, assigned, environment, number] = ASSIGNMENT.exec(name) ?? [];
  if (assigned === undefined || environment === undefined) return undefined;
  return { kind: "assignment", model: assigned, environment, number: Number(number) };
}

export const versionTag = (model: string, version: string): string => `${model}@${version}`;

export const assignmentTag = (model: string, environment: string, number: number): string =>
  `${model}#${environment}#${number}`;
