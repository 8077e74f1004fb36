/** The labels of a repository. */

import type { FieldError } from "../../world/api-error.ts";
import { notFound, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Label } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { countCharacters, tooLong } from "./text-limits.ts";

/** GitHub's limits, from its error messages. */
const NAME_LIMIT = 50;
const DESCRIPTION_LIMIT = 100;

/** The colour (grey) of a label that is created by adding it to an issue. */
const DEFAULT_COLOR = "ededed";

export interface LabelFields {
  readonly name?: string;
  /** Six hexadecimal digits, without `#`. */
  readonly color?: string;
  readonly description?: string | null;
}

/** Names are compared without case. @throws ApiError 404 */
export function labelByName(repository: Repository, name: string): Label {
  const label = repository.labels.get(name.toLowerCase());
  if (label === undefined) throw notFound();
  return label;
}

/** @throws ApiError 422 for a taken name or texts that exceed GitHub's limits. */
export function createLabel(
  world: World,
  repository: Repository,
  input: LabelFields & { readonly name: string },
  caller: Caller,
): Label {
  assertLabel(repository, input, undefined);
  const label = addLabel(world, repository, input);
  world.publish({ event: "label", action: "created", label, repository, actor: caller.actor, cause: caller.token });
  return label;
}

export function updateLabel(
  world: World,
  repository: Repository,
  label: Label,
  change: LabelFields,
  caller: Caller,
): Label {
  assertLabel(repository, change, label);
  repository.labels.delete(label.name.toLowerCase());
  const before = { ...label };
  label.name = change.name ?? label.name;
  label.color = change.color?.toLowerCase() ?? label.color;
  if (change.description !== undefined) label.description = change.description;
  repository.labels.set(label.name.toLowerCase(), label);
  const changes = {
    ...(label.name !== before.name && { name: { from: before.name } }),
    ...(label.color !== before.color && { color: { from: before.color } }),
    ...(label.description !== before.description && { description: { from: before.description ?? "" } }),
  };
  const origin = { repository, actor: caller.actor, cause: caller.token };
  world.publish({ event: "label", action: "edited", label, changes, ...origin });
  return label;
}

/** Removes the label from every issue too. */
export function deleteLabel(world: World, repository: Repository, label: Label, caller: Caller): void {
  repository.labels.delete(label.name.toLowerCase());
  for (const issue of repository.issues.values()) issue.labels.delete(label);
  world.publish({ event: "label", action: "deleted", label, repository, actor: caller.actor, cause: caller.token });
}

/** Adds only the record; nothing is checked or published. */
export function addLabel(world: World, repository: Repository, input: LabelFields & { readonly name: string }): Label {
  const label: Label = {
    id: world.nextId(),
    name: input.name,
    color: input.color?.toLowerCase() ?? DEFAULT_COLOR,
    description: input.description ?? null,
    default: false,
  };
  repository.labels.set(label.name.toLowerCase(), label);
  return label;
}

/** @param itself The existing label, which may keep its name. @throws ApiError 422 */
export function assertLabel(repository: Repository, input: LabelFields, itself: Label | undefined): void {
  const errors: FieldError[] = [];
  const { name, color, description } = input;
  if (name !== undefined) {
    const holder = repository.labels.get(name.toLowerCase());
    if (name.trim() === "") errors.push({ resource: "Label", code: "missing_field", field: "name" });
    if (countCharacters(name) > NAME_LIMIT) errors.push(tooLong("Label", "name", NAME_LIMIT));
    if (holder !== undefined && holder !== itself) {
      errors.push({ resource: "Label", code: "already_exists", field: "name" });
    }
  }
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    errors.push({ resource: "Label", code: "invalid", field: "color" });
  }
  if (countCharacters(description ?? "") > DESCRIPTION_LIMIT) {
    errors.push(tooLong("Label", "description", DESCRIPTION_LIMIT));
  }
  if (errors.length > 0) throw validationFailed(...errors);
}
