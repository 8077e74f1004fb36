/** Which paths a file of code owners covers, as GitHub reads it: the last pattern that matches counts. */

/** @returns whether somebody owns the path, from the repository's root without a leading `/` */
export function isOwned(codeOwners: string, path: string): boolean {
  const last = codeOwners
    .split(/\r?\n/)
    .map((line) => line.replace(/\s#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .findLast(([pattern = ""]) => matches(pattern, path));
  return (last?.length ?? 0) > 1;
}

/** As in `.gitignore`, without `!` and ranges: GitHub ignores such lines. */
function matches(pattern: string, path: string): boolean {
  if (pattern.startsWith("!") || pattern.includes("[")) return false;
  const isAnchored = pattern.replace(/\/$/, "").includes("/");
  const body = pattern.replace(/^\//, "").replace(/\/$/, "");
  const expression = body
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => WILDCARDS[part] ?? part.replaceAll(/[.+^${}()|\\]/g, "\\$&"))
    .join("");
  // A folder covers what is in it; `docs/*` only what is directly in it.
  const below = pattern.endsWith("/") ? "/.*" : /(?:^|\/)\*$/.test(body) ? "" : "(?:/.*)?";
  return new RegExp(`^${isAnchored ? "" : "(?:.*/)?"}${expression}${below}$`).test(path);
}

const WILDCARDS: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };
