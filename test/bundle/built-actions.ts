/** The actions as a release contains them: `action.yml` and bundle. Built when they are out of date. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface BuiltAction {
  readonly name: string;
  /** A folder outside the repository with the files of the action's folder in a release. */
  readonly folder: string;
  /** Absolute path of the `main` of `action.yml`. */
  readonly main: string;
  /** Absolute paths of `main` and `post` of `action.yml`. */
  readonly entries: readonly string[];
}

/** Brings all bundles up to date; returns at once when they are. */
export function buildActions(): void {
  execFileSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Every action with a bundle, copied to where no dependency of the repository can be found. */
export function copyBuiltActions(): readonly BuiltAction[] {
  buildActions();
  const copies = mkdtempSync(join(tmpdir(), "built-actions-"));
  return readdirSync(join(root, "actions"))
    .filter((name) => existsSync(join(root, "actions", name, "main.ts")))
    .map((name) => {
      const folder = join(copies, name);
      for (const part of ["action.yml", "dist"]) {
        cpSync(join(root, "actions", name, part), join(folder, part), { recursive: true });
      }
      const matches = readFileSync(join(folder, "action.yml"), "utf8").matchAll(/^ {2}(?:main|post): (\S+)$/gm);
      const entries = [...matches].map(([, path = ""]) => join(folder, path));
      return { name, folder, entries, main: entries[0] ?? "" };
    });
}
