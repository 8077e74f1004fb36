/** The permissions of a job's `GITHUB_TOKEN` (GitHub docs: "Use GITHUB_TOKEN for authentication in workflows"). */
import type { PermissionsBlock } from "./model.ts";

export type TokenPermissions = Readonly<Record<string, "read" | "write">>;

type Level = "none" | "read" | "write";

/** Keys of a `permissions:` block and the highest level of each, by GitHub's workflow schema. */
const MAX_LEVELS: Readonly<Record<string, "read" | "write">> = {
  actions: "write",
  "artifact-metadata": "write",
  attestations: "write",
  checks: "write",
  "code-quality": "write",
  contents: "write",
  "copilot-requests": "write",
  deployments: "write",
  discussions: "write",
  drives: "write",
  "id-token": "write",
  issues: "write",
  models: "read",
  packages: "write",
  pages: "write",
  "pull-requests": "write",
  "repository-projects": "write",
  "security-events": "write",
  statuses: "write",
  "vulnerability-alerts": "read",
};

/** These have `write` or nothing, no `read`. */
const withoutRead: ReadonlySet<string> = new Set(["id-token", "copilot-requests"]);
/** Granted only where a `permissions:` block requests them. */
const onlyOnRequest: ReadonlySet<string> = new Set(["id-token", "models", "copilot-requests", "vulnerability-alerts"]);

export interface PermissionSources {
  readonly workflow: PermissionsBlock | undefined;
  readonly job: PermissionsBlock | undefined;
  /** The repository's setting for workflows without a block: `read` is contents and packages, `write` is everything. */
  readonly repositoryDefault: "read" | "write";
  /** A run for a fork's pull request or by Dependabot: nothing may be written, whatever the blocks request. */
  readonly readOnly: boolean;
  /** What the calling job's token has, for a job of a called workflow; it gets no more. */
  readonly caller?: TokenPermissions | undefined;
}

/**
 * The permissions of a job's token, by GitHub's REST names (`pull_requests`). The job's block replaces that of the
 * workflow as a whole, and both remove everything they do not list, except `metadata`.
 */
export function tokenPermissions(sources: PermissionSources): TokenPermissions {
  const block = sources.job ?? sources.workflow;
  const granted = block === undefined ? withoutBlock(sources) : spellOut(block);
  const narrowed = Object.entries(granted).flatMap(([key, level]): [string, "read" | "write"][] => {
    const allowed = Math.min(
      rank(level),
      rank(MAX_LEVELS[key] ?? "none"),
      sources.readOnly ? rank("read") : rank("write"),
      sources.caller === undefined ? rank("write") : rank(sources.caller[restName(key)] ?? "none"),
    );
    if (allowed === 0 || (allowed === 1 && withoutRead.has(key))) return [];
    return [[restName(key), allowed === 1 ? "read" : "write"]];
  });
  return { ...Object.fromEntries(narrowed), metadata: "read" };
}

export interface PermissionViolation {
  /** The key as in a workflow file. */
  readonly key: string;
  readonly requested: Level;
  readonly allowed: Level;
}

/** What a called workflow's block requests beyond what its caller has: GitHub then does not start the run. */
export function permissionViolations(
  requested: PermissionsBlock,
  allowed: TokenPermissions,
): readonly PermissionViolation[] {
  return Object.entries(spellOut(requested)).flatMap(([key, level]) => {
    const limit = allowed[restName(key)] ?? "none";
    return rank(level) > rank(limit) ? [{ key, requested: level, allowed: limit }] : [];
  });
}

function withoutBlock({ repositoryDefault, caller }: PermissionSources): Readonly<Record<string, Level>> {
  if (caller !== undefined) return spellOut({ "*": "write" });
  if (repositoryDefault === "read") return { contents: "read", packages: "read" };
  return Object.fromEntries(Object.keys(MAX_LEVELS).map((key) => [key, onlyOnRequest.has(key) ? "none" : "write"]));
}

/** `read-all` and `write-all` key by key, each at most at the key's highest level. */
function spellOut(block: PermissionsBlock): Readonly<Record<string, Level>> {
  const all = block["*"];
  if (all === undefined) return block;
  return Object.fromEntries(
    Object.entries(MAX_LEVELS)
      .filter(([key]) => all === "write" || !withoutRead.has(key))
      .map(([key, limit]) => [key, rank(all) < rank(limit) ? all : limit]),
  );
}

function rank(level: Level): number {
  return ["none", "read", "write"].indexOf(level);
}

function restName(key: string): string {
  return key.replaceAll("-", "_");
}
