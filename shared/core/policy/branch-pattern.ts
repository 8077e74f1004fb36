/** Branches by a pattern: `*` any characters but `/`, `**` any characters, `?` one character. */
export function matchesBranch(pattern: string, branch: string): boolean {
  const source = pattern.replaceAll(
    /\*\*|[*?]|[^*?]+/g,
    (part) => WILDCARDS[part] ?? part.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${source}$`, "su").test(branch);
}

const WILDCARDS: Readonly<Record<string, string>> = { "**": ".*", "*": "[^/]*", "?": "[^/]" };
