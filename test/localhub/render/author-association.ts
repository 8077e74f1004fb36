/** `author_association`: the relation of an author of an issue, pull request, comment or review to the repository. */
import type { components } from "@octokit/openapi-types";
import { isCollaborator } from "../operations/people/access.ts";
import { membersOf } from "../operations/people/account-lookup.ts";
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

/** @param opensPull The author opened a pull request, and may be a first-time contributor. */
export function authorAssociation(
  world: World,
  repository: Repository,
  author: Account,
  opensPull = false,
): components["schemas"]["author-association"] {
  const { owner } = repository;
  if (owner === author) return "OWNER";
  if (owner.kind === "Organization" && membersOf(world, owner).has(author)) return "MEMBER";
  if (isCollaborator(repository, author)) return "COLLABORATOR";
  const contributed = [...repository.pulls.values()].some(
    (pull) => pull.merged && repository.issues.get(pull.number)?.author === author,
  );
  if (contributed) return "CONTRIBUTOR";
  return opensPull && author.kind === "User" ? "FIRST_TIME_CONTRIBUTOR" : "NONE";
}
