/**
 * Patterns that pick files of a folder: what `hashFiles` and the artifact actions take. `*` and `?` stay within a
 * name, `**` crosses folders, `[…]` is a set, `!` takes out again, a folder stands for all that is in it.
 */
export interface FilePattern {
  readonly negated: boolean;
  /** Fits absolute paths with forward slashes. */
  readonly regexp: RegExp;
  /** The folder or file where a search for it begins: the path up to the first name that is a pattern. */
  readonly searchRoot: string;
}

/** One pattern a line, relative to `root`, an absolute path; empty lines and `#` comments do not count. */
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

/** Whether a single name, without folders, fits. */
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
