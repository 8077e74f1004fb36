/**
 * Tag names in the grammar of GTO (github.com/iterative/gto), so that its tools can read this registry too where names need
 * no escape.
 */
import { escapeName, unescapeName } from "./ref-name.ts";
import type { TagSelection } from "./registry.ts";
import { parseVersion } from "./version.ts";

export type RegistryTag =
  /** `visits@v1.2.0` */
  | { readonly kind: "version"; readonly model: string; readonly version: string }
  /** `visits@v1.2.0!` or `visits@v1.2.0!#2`: GTO's way to withdraw a version. It is read, but never written. */
  | { readonly kind: "withdrawal"; readonly model: string; readonly version: string }
  /** `visits#production#3` */
  | { readonly kind: "assignment"; readonly model: string; readonly environment: string; readonly number: number }
  /** `visits#=70roduction#3`: it looks like an assignment to an environment whose tags have another name. Never obeyed. */
  | { readonly kind: "odd"; readonly model: string; readonly environment: string };

const NAME_PATTERN = "[A-Za-z0-9_=-]+";
const VERSION_TAG = new RegExp(`^(${NAME_PATTERN})@(v[0-9A-Za-z.-]+)(!(?:#\\d+)?)?$`);
const ASSIGNMENT_TAG = new RegExp(`^(${NAME_PATTERN})#(${NAME_PATTERN})#([1-9]\\d{0,8})$`);

/** @returns `undefined` for every other tag of the repository, also for one that names its model in an odd way */
export function parseTagName(name: string): RegistryTag | undefined {
  const [, versionedModel, version, withdrawal] = VERSION_TAG.exec(name) ?? [];
  if (versionedModel !== undefined && version !== undefined) {
    const model = unescapeName(versionedModel);
    if (!model?.isExact || parseVersion(version) === undefined) return undefined;
    return { kind: withdrawal === undefined ? "version" : "withdrawal", model: model.name, version };
  }
  const [, assignedModel = "", assignedTo = "", number] = ASSIGNMENT_TAG.exec(name) ?? [];
  const [model, environment] = [unescapeName(assignedModel), unescapeName(assignedTo)];
  if (!model?.isExact || environment === undefined) return undefined;
  if (!environment.isExact) return { kind: "odd", model: model.name, environment: environment.name };
  return { kind: "assignment", model: model.name, environment: environment.name, number: Number(number) };
}

/** @throws ActionError `name-not-for-git` */
export const versionTagName = (model: string, version: string): string => `${escapeName(model, "model")}@${version}`;

/** @throws ActionError `name-not-for-git` */
export const assignmentTagName = (model: string, environment: string, number: number): string =>
  `${escapeName(model, "model")}#${escapeName(environment, "environment")}#${number}`;

/**
 * What the names of some tags begin with. Numbers are asked for by the hundred: a prefix has at most 111 of them, and one of a
 * number that does not exist yet shows that somebody has made it.
 *
 * @throws ActionError `name-not-for-git`
 */
export const tagPrefixes = (model: string, { versions, assignments }: TagSelection): readonly string[] => [
  ...versions.map((version) => versionTagName(model, version)),
  ...assignments.flatMap(({ environment, from, to }) => {
    const start = `${escapeName(model, "model")}#${escapeName(environment, "environment")}#`;
    const [first, last] = [Math.floor(from / 100), Math.floor(to / 100)];
    if (first === 0) return [start];
    return Array.from({ length: last - first + 1 }, (_, index) => `${start}${first + index}`);
  }),
];
