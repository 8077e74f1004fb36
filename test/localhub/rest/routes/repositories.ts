/** The repository itself and its forks. */
import { createFork } from "../../operations/people/forks.ts";
import { forksOf } from "../../operations/people/networks.ts";
import { renderFullRepository, renderMinimalRepository } from "../../render/repository.ts";
import type { Repository } from "../../world/repository.ts";
import { maySee } from "../callers/visibility.ts";
import { list, ok, type Route, route } from "../route.ts";

interface ForkBody {
  readonly organization?: string;
  readonly name?: string;
  readonly default_branch_only?: boolean;
}

export const repositoryRoutes: readonly Route[] = [
  route("repos/get", ({ world, repository, caller }) => ok(renderFullRepository(world, repository, caller?.actor))),

  route("repos/list-forks", ({ world, repository, query, caller }) => {
    const newest = forksOf(world, repository).filter((fork) => maySee(fork, caller));
    // The local GitHub has no stars and watchers: sorted by those, all forks are equal.
    const forks: readonly Repository[] = query["sort"] === "oldest" ? newest.toReversed() : newest;
    return list(forks, (fork) => renderMinimalRepository(world, fork));
  }),

  route("repos/create-fork", async ({ world, repository, body, requiredCaller: caller }) => {
    const { organization, name, default_branch_only: defaultBranchOnly } = body as ForkBody;
    const fork = await createFork(world, repository, { organization, name, defaultBranchOnly }, caller);
    return { kind: "json", status: 202, body: renderFullRepository(world, fork, caller.actor) };
  }),
];
