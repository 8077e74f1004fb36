/** Finds the operation of GitHub's description for the method and path of a request. */
import type { DescribedOperation } from "../../openapi/description.ts";

export interface Match {
  readonly operation: DescribedOperation;
  /** Decoded path parameters. */
  readonly path: Readonly<Record<string, string>>;
}

export type Matcher = (method: string, pathname: string) => Match | undefined;

/**
 * Parameters whose values may contain slashes, which some clients do not escape: file paths, branch and tag names,
 * comparisons.
 */
const SLASHED = new Set(["path", "ref", "branch", "tag", "basehead"]);

/**
 * Operations that clients also call with their last parameter left empty: the root folder, all refs, the default
 * branch.
 */
const EMPTY_TAIL = new Set([
  "repos/get-content",
  "git/list-matching-refs",
  "repos/download-tarball-archive",
  "repos/download-zipball-archive",
]);

interface Candidate {
  readonly operation: DescribedOperation;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

export function createMatcher(operations: Iterable<DescribedOperation>): Matcher {
  const byMethod = new Map<string, Candidate[]>();
  for (const operation of [...operations].sort((one, other) => bySpecificity(one.path, other.path))) {
    const method = operation.method.toUpperCase();
    byMethod.set(method, [...(byMethod.get(method) ?? []), candidateOf(operation)]);
  }
  return (method, pathname) => {
    // GitHub supports HEAD wherever it supports GET.
    for (const { operation, pattern, names } of byMethod.get(method === "HEAD" ? "GET" : method) ?? []) {
      const found = pattern.exec(pathname);
      if (found) {
        return { operation, path: Object.fromEntries(names.map((name, i) => [name, decoded(found[i + 1] ?? "")])) };
      }
    }
    return undefined;
  };
}

function candidateOf(operation: DescribedOperation): Candidate {
  const names: string[] = [];
  const source = operation.path
    .split("/")
    .slice(1)
    .map((segment, index, all) => {
      const name = parameterName(segment);
      if (name === undefined) return `/${segment.replaceAll(".", "\\.")}`;
      names.push(name);
      if (!SLASHED.has(name)) return "/([^/]+)";
      return index === all.length - 1 && EMPTY_TAIL.has(operation.id) ? "(?:/(.*))?" : "/(.+)";
    })
    .join("");
  return { operation, names, pattern: new RegExp(`^${source || "/"}$`) };
}

/**
 * Static segments before parameters, parameters of one segment before those of many, and longer paths before shorter.
 */
function bySpecificity(one: string, other: string): number {
  const [left, right] = [one.split("/"), other.split("/")];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = looseness(left[i] ?? "") - looseness(right[i] ?? "");
    if (difference !== 0) return difference;
  }
  return right.length - left.length;
}

function looseness(segment: string): number {
  const name = parameterName(segment);
  if (name === undefined) return 0;
  return SLASHED.has(name) ? 2 : 1;
}

const parameterName = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
