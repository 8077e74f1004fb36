/** Reading the tree as the architecture rules see it: paths, lines and imports. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";

export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** For relative imports: the imported file's path from the root. */
  readonly file: string | undefined;
  readonly typeOnly: boolean;
}

/** Every TypeScript file git knows or does not ignore. */
export function readSourceFiles(root: string): readonly SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && existsSync(`${root}/${path}`))
    .map((path) => sourceFile(path, readFileSync(`${root}/${path}`, "utf8")));
}

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, imports: [...importsOf(path, text)] };
}

// Static imports, re-exports and dynamic imports of a literal; our formatter keeps each on shapes this understands.
const IMPORT =
  /^(?:import|export)\s(?<type>type\s)?(?:[^"';]*?\sfrom\s)?"(?<from>[^"]+)"|\bimport\("(?<dynamic>[^"]+)"\)/gm;

function* importsOf(path: string, text: string): Generator<Import> {
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match.groups?.from ?? match.groups?.dynamic ?? "";
    yield {
      specifier,
      file: specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined,
      typeOnly: match.groups?.type !== undefined,
    };
  }
}
