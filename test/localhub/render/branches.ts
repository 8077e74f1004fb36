/** Branches and tags in lists and in the replies of the branch routes. */
import type { components } from "@octokit/openapi-types";
import type { Commit, Ref } from "../git/git-repository.ts";
import { isProtected, requiredChecksOf } from "../operations/protection/protection-summary.ts";
import { shortRef } from "../operations/refs/refs.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderCommit } from "./commit.ts";
import { nodeId } from "./node-id.ts";
import { commitApiUrl, escapedPath, repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderShortBranch(world: World, repository: Repository, ref: Ref): Schemas["short-branch"] {
  const name = shortRef(ref.name);
  return {
    name,
    commit: { sha: ref.sha, url: commitApiUrl(world, repository, ref.sha) },
    protected: isProtected(world, repository, name),
    ...renderProtectionSummary(world, repository, name),
  };
}

/** A branch in the list of branches whose head is a given commit. */
export function renderBranchAtHead(world: World, repository: Repository, ref: Ref): Schemas["branch-short"] {
  const short = renderShortBranch(world, repository, ref);
  return { name: short.name, commit: short.commit, protected: short.protected };
}

export function renderBranch(
  world: World,
  repository: Repository,
  name: string,
  commit: Commit,
): Schemas["branch-with-protection"] {
  return {
    name,
    commit: renderCommit(world, repository, commit),
    _links: {
      self: branchApi(world, repository, name),
      html: repositoryPageUrl(world, repository, `tree/${escapedPath(name)}`),
    },
    protected: isProtected(world, repository, name),
    ...renderProtectionSummary(world, repository, name),
  };
}

/** @param sha The commit the tag points at, through its tag object if it has one. */
export function renderTag(world: World, repository: Repository, ref: Ref, sha: string): Schemas["tag"] {
  const path = escapedPath(ref.name);
  return {
    name: shortRef(ref.name),
    commit: { sha, url: commitApiUrl(world, repository, sha) },
    zipball_url: repositoryApiUrl(world, repository, `zipball/${path}`),
    tarball_url: repositoryApiUrl(world, repository, `tarball/${path}`),
    node_id: nodeId("ref", ref.name, repository.id),
  };
}

/** The short form of a branch's protection, which everyone may read. */
function renderProtectionSummary(world: World, repository: Repository, name: string) {
  const protection = repository.protections.get(name);
  const contexts = requiredChecksOf(world, repository, name);
  const everyone = protection?.enforceAdmins ? "everyone" : "non_admins";
  return {
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: contexts.length > 0 ? everyone : "off",
        contexts: contexts.map(({ context }) => context),
        checks: contexts.map(({ context, appId }) => ({ context, app_id: appId })),
      },
    },
    protection_url: `${branchApi(world, repository, name)}/protection`,
  };
}

const branchApi = (world: World, repository: Repository, name: string): string =>
  repositoryApiUrl(world, repository, `branches/${escapedPath(name)}`);
