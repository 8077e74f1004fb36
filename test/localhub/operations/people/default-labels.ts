/** The nine labels GitHub gives every new repository (GitHub docs: "Managing labels", About default labels). */
import type { Label } from "../../world/issues.ts";
import type { World } from "../../world/world.ts";

const DEFAULTS = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
] as const;

/** New copies, with the keys of `Repository.labels`. */
export function defaultLabels(world: World): Map<string, Label> {
  return new Map(
    DEFAULTS.map(([name, color, description]) => [
      name,
      { id: world.nextId(), name, color, description, default: true },
    ]),
  );
}
