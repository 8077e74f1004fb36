/** The actions as a release carries them: `action.yml` and bundle. Built when they are not fresh. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface BuiltAction {
  readonly name: string;
  /** A folder outside the repository with what the action's folder in a release holds. */
  readonly folder: string;
  /** Absolute path of what `action.yml` names as `main`. */
  readonly main: string;
  /** Absolute paths of all that `action.yml` names. */
  readonly entries: readonly string[];
}

/** Brings all bundles up to date; over at once when they are. */
export function buildActions(): void {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Every action with a bundle, copied to where no dependency of the repository can be found. */
export function copyBuiltActions(): readonly BuiltAction[] {
  buildActions();
  const away = mkdtempSync(join(tmpdir(), "built-actions-"));
  return readdirSync(join(root, "actions"))
    .filter((name) => existsSync(join(root, "actions", name, "main.ts")))
    .map((name) => {
      const folder = join(away, name);
      for (const part of ["action.yml", "dist"]) {
        cpSync(join(root, "actions", name, part), join(folder, part), { recursive: true });
      }
      const named = readFileSync(join(folder, "action.yml"), "utf8").matchAll(/^ {2}(?:main|post): (\S+)$/gm);
      const entries = [...named].map(([, path = ""]) => join(folder, path));
      return { name, folder, entries, main: entries[0] ?? "" };
    });
}
