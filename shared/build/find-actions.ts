/** The actions of the suite, found by their `spec.ts`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ActionSpec } from "../action/spec.ts";

export interface FoundAction {
  readonly spec: ActionSpec;
  /** From the repository's root, `actions/<name>`. */
  readonly folder: string;
}

/** @throws Error for a `spec.ts` that exports no `spec`, or one whose name is not its folder's */
export async function findActions(root: string): Promise<readonly FoundAction[]> {
  const names = readdirSync(join(root, "actions"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "actions", entry.name, "spec.ts")))
    .map(({ name }) => name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const module: unknown = await import(pathToFileURL(join(root, "actions", name, "spec.ts")).href);
      const { spec } = module as { readonly spec?: ActionSpec };
      if (spec?.name !== name) throw new Error(`actions/${name}/spec.ts must export a spec named "${name}"`);
      return { spec, folder: `actions/${name}` };
    }),
  );
}
