/**
 * Patterns that select files of a folder, for `hashFiles` and the artifact actions. `*` and `?` stay within a
 * name, `**` crosses folders, `[…]` is a set, `!` excludes again, a folder means everything in it.
 */
export interface FilePattern {
  readonly negated: boolean;
  /** Matches absolute paths with forward slashes. */
  readonly regexp: RegExp;
  /** The folder or file where its search starts: the path up to the first name that is a pattern. */
  readonly searchRoot: string;
}

/** One pattern a line, relative to `root`, an absolute path; empty lines and `#` comments are ignored. */
export function readFilePatterns(root: string, text: string): readonly FilePattern[] {
  return text.split("\n").flatMap((line) => {
    const pattern = line.trim();
    if (pattern === "" || pattern.startsWith("#")) return [];
    const marks = /^!*/.exec(pattern)?.[0].length ?? 0;
    const segments = segmentsOf(root, pattern.slice(marks));
    const firstPattern = segments.findIndex((segment) => /[*?[]/.test(segment));
    const fixed = firstPattern < 0 ? segments : segments.slice(0, firstPattern);
    return [
      {
        negated: marks % 2 === 1,
        regexp: new RegExp(`^${segments.map(segmentSource).join("")}(?:/.*)?$`, "s"),
        searchRoot: `/${fixed.join("/")}`,
      },
    ];
  });
}

/** Later patterns win, as in a `.gitignore`. */
export function matchesFile(patterns: readonly FilePattern[], file: string): boolean {
  return patterns.reduce((matched, { negated, regexp }) => (regexp.test(file) ? !negated : matched), false);
}

/** Whether a single name, without folders, matches. */
export function matchesName(pattern: string, name: string): boolean {
  return new RegExp(`^${segmentSource(pattern)}$`, "s").test(`/${name}`);
}

/** The names along the absolute path, `.` and `..` resolved. */
function segmentsOf(root: string, path: string): readonly string[] {
  const segments: string[] = [];
  for (const segment of (path.startsWith("/") ? path : `${root}/${path}`).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments;
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
