/** The `hashFiles` function: one SHA-256 over the files of the workspace that match. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { matchesFile, readFilePatterns } from "../../workflow-language/file-patterns.ts";

const FOLLOW = "--follow-symbolic-links";

/**
 * The SHA-256 of the SHA-256 digests of the matching files, in the order of a sorted walk; empty when none matches.
 * @throws Error for an option that does not exist.
 */
export function hashFiles(workspace: string, args: readonly string[]): string {
  const [first, ...rest] = args;
  const hasOption = first?.startsWith("--") === true;
  if (hasOption && first?.toLowerCase() !== FOLLOW) {
    throw new Error(`Invalid glob option ${first}, available option: '${FOLLOW}'.`);
  }
  const patterns = readFilePatterns(workspace, (hasOption ? rest : args).join("\n"));
  const total = createHash("sha256");
  let found = false;
  for (const file of walk(workspace, hasOption)) {
    // A link that is not followed is hashed as the file it leads to; GitHub's runner too fails for one that leads nowhere.
    if (!matchesFile(patterns, file) || statSync(file).isDirectory()) continue;
    found = true;
    total.update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return found ? total.digest("hex") : "";
}

/**
 * The files below a folder. With `follow`, links that lead nowhere or back to a folder above them are skipped
 * (`@actions/glob`, `DefaultGlobber.stat`).
 * @param above The real paths of the folders above `folder`.
 */
function* walk(folder: string, follow: boolean, above: readonly string[] = []): Generator<string> {
  const real = realpathSync(folder);
  if (above.includes(real)) return;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const entry = follow ? statSync(path, { throwIfNoEntry: false }) : lstatSync(path);
    if (entry?.isDirectory()) yield* walk(path, follow, [...above, real]);
    else if (entry) yield path;
  }
}
