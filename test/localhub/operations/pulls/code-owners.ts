/** CODEOWNERS: whose approval the changed files need. */
import type { GitRepository } from "../../git/git-repository.ts";
import type { Account, Team } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";

/** GitHub docs, "About code owners": searched in this order, the first one found is used. */
const CODEOWNERS_PATHS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** GitHub docs, "About code owners": larger files are not loaded. */
const SIZE_LIMIT = 3 * 1024 * 1024;

export interface OwnerRule {
  readonly pattern: string;
  /** As written: `@alice`, `@acme/team` or an email address. Empty: the path has no owner. */
  readonly owners: readonly string[];
}

/** The text of the file at that revision; empty when there is none. */
export async function readOwners(git: GitRepository, revision: string): Promise<string> {
  for (const path of CODEOWNERS_PATHS) {
    const content = await git.read(revision, path);
    if (content !== undefined) return content.length > SIZE_LIMIT ? "" : content.toString();
  }
  return "";
}

export function parseOwners(text: string): readonly OwnerRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...owners] = line
      .replace(/(^|\s)#.*$/, "")
      .trim()
      .split(/\s+/);
    return pattern === undefined || pattern === "" ? [] : [{ pattern, owners }];
  });
}

/** The owners of a path as written: the last rule that matches decides. */
export function ownersOf(rules: readonly OwnerRule[], path: string): readonly string[] {
  return rules.findLast(({ pattern }) => ownerPattern(pattern).test(path))?.owners ?? [];
}

/** Whether `account` is the owner: by login, by team or by email address. */
export function isOwner(world: World, repository: Repository, owner: string, account: Account): boolean {
  if (!owner.startsWith("@")) return account.email?.toLowerCase() === owner.toLowerCase();
  const name = owner.slice(1).toLowerCase();
  if (!name.includes("/")) return account.login.toLowerCase() === name;
  const team: Team | undefined = world.teams.get(name);
  return team !== undefined && repository.teams.has(team) && team.members.has(account);
}

/** The rules of a `.gitignore` file, without `!`, `[ ]` and escapes (GitHub docs: "CODEOWNERS syntax"). */
function ownerPattern(pattern: string): RegExp {
  const anchored = pattern.slice(0, -1).includes("/");
  const bare = pattern.replace(/^\//, "").replace(/\/$/, "");
  const source = bare
    .split("/")
    .map((part) => (part === "**" ? part : part.split("*").map(literal).join("[^/]*").replaceAll("\\?", "[^/]")))
    .join("/")
    .replaceAll("**/", "(?:[^/]+/)*")
    .replace(/\/\*\*$/, "/.+");
  // `docs/*` matches only the files of the folder; any other pattern that matches a folder matches everything below it.
  const below = pattern.endsWith("/") ? "/.*" : bare.endsWith("/*") ? "" : "(?:/.*)?";
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${source}${below}$`, "su");
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
