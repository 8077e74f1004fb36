/** The `hashFiles` function: one SHA-256 over the files of the workspace that match. */
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";

interface Pattern {
  readonly negated: boolean;
  readonly regexp: RegExp;
}

const FOLLOW = "--follow-symbolic-links";

/**
 * The SHA-256 of the SHA-256 digests of the matching files, in the order of a sorted walk; empty when none matches.
 * Patterns are those of `@actions/glob`: `*`, `?`, `[…]` and `**`, `!` takes out again, a folder stands for all in it.
 * @throws Error for an option that does not exist.
 */
export function hashFiles(workspace: string, args: readonly string[]): string {
  const [first, ...rest] = args;
  const hasOption = first?.startsWith("--") === true;
  if (hasOption && first?.toLowerCase() !== FOLLOW) {
    throw new Error(`Invalid glob option ${first}, available option: '${FOLLOW}'.`);
  }
  const patterns = (hasOption ? rest : args).flatMap((arg) => arg.split("\n")).flatMap((line) => read(workspace, line));
  const total = createHash("sha256");
  let found = false;
  for (const file of walk(workspace, hasOption)) {
    if (!matches(patterns, file) || statSync(file).isDirectory()) continue;
    found = true;
    total.update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return found ? total.digest("hex") : "";
}

function read(workspace: string, line: string): readonly Pattern[] {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return [];
  const negated = /^!*/.exec(text)?.[0].length ?? 0;
  const path = resolve(workspace, text.slice(negated));
  return [{ negated: negated % 2 === 1, regexp: toRegExp(path) }];
}

/** Later patterns win, as in a `.gitignore`. */
function matches(patterns: readonly Pattern[], file: string): boolean {
  return patterns.reduce((matched, { negated, regexp }) => (regexp.test(file) ? !negated : matched), false);
}

function toRegExp(path: string): RegExp {
  const segments = path.split(sep).slice(1).map(segmentSource);
  return new RegExp(`^${segments.join("")}(?:/.*)?$`, "s");
}

function segmentSource(segment: string): string {
  if (segment === "**") return "(?:/[^/]+)*";
  const source = segment.replace(/\[(!?)([^\]/]+)\]|[*?]|[\\^$.|+()[\]{}]/g, (sign, negated, set) => {
    if (sign === "*") return "[^/]*";
    if (sign === "?") return "[^/]";
    if (set !== undefined) return `[${negated ? "^" : ""}${set.replaceAll("\\", "\\\\")}]`;
    return `\\${sign}`;
  });
  return `/${source}`;
}

function* walk(folder: string, follow: boolean): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const isDirectory = (follow ? statSync : lstatSync)(path).isDirectory();
    if (isDirectory) yield* walk(path, follow);
    else yield path;
  }
}
