/** Moving refs: every change of branches and tags goes through here, by API, git push, merge or a commit of files. */
import { type Ref, ZERO_SHA } from "../../git/git-repository.ts";
import { isRefName } from "../../git/ref-name.ts";
import { ApiError, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { assertWorkflowsMayChange } from "../git/workflow-permission.ts";
import { updatePullsAfterPush } from "../pulls/update-pulls-after-push.ts";
import { assertPushAllowed } from "./push-rules.ts";

/** `main` of `refs/heads/main`, `v1` of `refs/tags/v1`; any other name as it is. */
export const shortRef = (name: string): string => name.replace(/^refs\/(heads|tags)\//, "");

export interface RefMove {
  /** The full name, `refs/heads/…`. */
  readonly ref: string;
  readonly sha: string;
  /** Move it also when the old commit is not an ancestor of the new one. */
  readonly force?: boolean;
  /** Move it only from this commit ({@link ZERO_SHA}: only if the ref is new); by default from any commit. */
  readonly expected?: string;
  /** The rules of the branch have been checked already: this is a merge, or the merge queue's own branch. */
  readonly skipProtection?: boolean;
  /** The move is one of many at once, for which GitHub sends no events. */
  readonly suppressEvents?: boolean;
}

/**
 * Moves or creates a ref, with everything that follows a push: events and updated pull requests. The first branch of an
 * empty repository may be created this way (a git push, a commit of files), only not by {@link createRef}.
 * @throws ApiError 422 for a name, object or history GitHub would not accept and when a rule of the branch forbids it,
 * 403 for workflow files the token may not change, 409 when the ref is not at the expected commit.
 */
export async function moveRef(world: World, repository: Repository, move: RefMove, caller: Caller): Promise<Ref> {
  const { ref, sha } = move;
  const { git } = repository;
  assertRefName(ref);
  const type = await resolveObjectType(repository, ref, sha);
  const current = await git.ref(ref);
  const before = current?.sha ?? ZERO_SHA;
  if (move.expected !== undefined && move.expected !== before) throw refMovedError(before, move.expected);
  // As in git, an unchanged ref is not a push: no rule can forbid it, and no event follows.
  if (before === sha) return { name: ref, sha, type };

  const forced = current !== undefined && !(await isFastForward(repository, before, sha));
  if (forced && !move.force) throw unprocessable("Update is not a fast forward");
  if (current === undefined) await assertNoNameConflict(repository, ref);
  if (!move.skipProtection) await assertPushAllowed(world, repository, ref, before, sha, caller);
  await assertWorkflowsMayChange(repository, before, sha, caller);

  const moved = current === undefined ? await git.createRef(ref, sha) : await git.updateRef(ref, sha, before);
  if (!moved) throw refMovedError((await git.ref(ref))?.sha ?? ZERO_SHA, before);
  const suppressEvents = move.suppressEvents ?? false;
  await propagateRefMove(world, repository, { ref, before, after: sha, forced, suppressEvents }, caller);
  return { name: ref, sha, type };
}

/** Creates a ref that must not exist yet. @throws ApiError 422 `Reference already exists`. */
export async function createRef(
  world: World,
  repository: Repository,
  input: { readonly ref: string; readonly sha: string },
  caller: Caller,
): Promise<Ref> {
  assertRefName(input.ref);
  await assertNotEmpty(repository);
  const exists = unprocessable("Reference already exists");
  if (await repository.git.ref(input.ref)) throw exists;
  try {
    return await moveRef(world, repository, { ...input, expected: ZERO_SHA }, caller);
  } catch (error) {
    // Another caller created it in the meantime.
    throw error instanceof ApiError && error.status === 409 ? exists : error;
  }
}

/** Moves a ref that must exist. @throws ApiError 422 `Reference does not exist`. */
export async function updateRef(world: World, repository: Repository, move: RefMove, caller: Caller): Promise<Ref> {
  if (!(await repository.git.ref(move.ref))) throw unprocessable("Reference does not exist");
  return moveRef(world, repository, move, caller);
}

/** @throws ApiError 422 when there is no such ref, it is the default branch, or a rule forbids it. */
export async function deleteRef(
  world: World,
  repository: Repository,
  target: Pick<RefMove, "ref" | "expected" | "skipProtection" | "suppressEvents">,
  caller: Caller,
): Promise<void> {
  const { ref } = target;
  // First of all: for a name that no ref can have, GitHub's answer is the same as for one that no ref has.
  const current = await repository.git.ref(ref);
  if (!current) throw unprocessable("Reference does not exist");
  assertRefName(ref);
  if (target.expected !== undefined && target.expected !== current.sha)
    throw refMovedError(current.sha, target.expected);
  if (ref === `refs/heads/${repository.defaultBranch}`) throw unprocessable("Cannot delete the default branch");
  if (!target.skipProtection) await assertPushAllowed(world, repository, ref, current.sha, ZERO_SHA, caller);
  if (!(await repository.git.deleteRef(ref))) throw unprocessable("Reference does not exist");
  const suppressEvents = target.suppressEvents ?? false;
  const moved = { ref, before: current.sha, after: ZERO_SHA, forced: false, suppressEvents };
  await propagateRefMove(world, repository, moved, caller);
}

/** @throws ApiError 409 for a repository without branches, where GitHub's git database accepts nothing. */
export async function assertNotEmpty(repository: Repository): Promise<void> {
  const branches = await repository.git.refs("refs/heads/");
  if (branches.length === 0) throw new ApiError(409, "Git Repository is empty.");
}

interface CompletedRefMove {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  readonly forced: boolean;
  readonly suppressEvents: boolean;
}

/** Publishes the events of a moved ref and updates its pull requests. */
async function propagateRefMove(
  world: World,
  repository: Repository,
  moved: CompletedRefMove,
  caller: Caller,
): Promise<void> {
  const { ref, before, after, suppressEvents } = moved;
  repository.pushedAt = world.clock.now();
  const kind = /^refs\/(heads|tags)\//.exec(ref)?.[1];
  // GitHub sends no events for refs that are neither branches nor tags.
  if (kind !== undefined && !suppressEvents) publishRefEvents(world, repository, kind, moved, caller);
  await updatePullsAfterPush(world, repository, ref, before, after, caller);
}

/** The events of a branch or tag that is new, for one that was put there without them. */
export async function announceRef(world: World, repository: Repository, ref: string, caller: Caller): Promise<void> {
  const after = (await repository.git.ref(ref))?.sha;
  if (after === undefined) throw new Error(`${repository.fullName} has no ${ref}`);
  const kind = ref.startsWith("refs/tags/") ? "tags" : "heads";
  publishRefEvents(
    world,
    repository,
    kind,
    { ref, before: ZERO_SHA, after, forced: false, suppressEvents: false },
    caller,
  );
}

function publishRefEvents(
  world: World,
  repository: Repository,
  kind: string,
  moved: CompletedRefMove,
  caller: Caller,
): void {
  const { ref, before, after, forced } = moved;
  // `cause` decides whether workflows start: what a job's own GITHUB_TOKEN pushes starts none.
  const origin = { repository, actor: caller.actor, cause: caller.token };
  const name = { ref: shortRef(ref), refType: kind === "heads" ? "branch" : "tag" } as const;
  if (before === ZERO_SHA) world.publish({ event: "create", ...name, ...origin });
  if (after === ZERO_SHA) world.publish({ event: "delete", ...name, ...origin });
  world.publish({ event: "push", ref, before, after, forced, ...origin });
}

function assertRefName(ref: string): void {
  if (ref.split("/").length < 3 || !ref.startsWith("refs/"))
    throw unprocessable("Reference name must contain at least three slash-separated components.");
  if (!isRefName(ref)) throw unprocessable(`${ref} is not a valid ref name.`);
  // GitHub docs, "Checking out pull requests locally": this namespace is read-only.
  if (ref.startsWith("refs/pull/")) throw unprocessable("Reference update failed");
}

/** @throws ApiError 422 when there is no such object, or it is not a commit and `ref` is a branch. */
async function resolveObjectType({ git }: Repository, ref: string, sha: string): Promise<Ref["type"]> {
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw unprocessable("The sha parameter must be exactly 40 characters and contain only [0-9a-f].");
  const type = await git.type(sha);
  if (type === undefined) throw unprocessable("Object does not exist");
  if (ref.startsWith("refs/heads/") && type !== "commit") throw unprocessable("Reference update failed");
  return type;
}

/** A tag may point at an object that is not a commit; moving it to or from such an object is never a fast-forward. */
async function isFastForward({ git }: Repository, before: string, after: string): Promise<boolean> {
  const [one, other] = [await git.resolve(before), await git.resolve(after)];
  return one !== undefined && other !== undefined && git.isAncestor(one, other);
}

/** A ref is a file or a folder of refs, never both. */
async function assertNoNameConflict({ git }: Repository, ref: string): Promise<void> {
  const [, kind] = ref.split("/");
  const others = await git.refs(`refs/${kind}/`);
  if (others.some(({ name }) => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`)))
    throw unprocessable("Reference update failed");
}

const refMovedError = (now: string, expected: string): ApiError =>
  new ApiError(409, `is at ${now} but expected ${expected}`);
