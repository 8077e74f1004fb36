/** Releases: what was published for which tag. */
import { isRefName } from "../../git/ref-name.ts";
import { type FieldError, notFound, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Release } from "../../world/releases.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { countCharacters } from "../conversations/text-limits.ts";
import { mayPush } from "../people/access.ts";
import { moveRef } from "./refs.ts";

/** From GitHub's error message; seen in softprops/action-gh-release#374. */
export const MAX_RELEASE_BODY_LENGTH = 125_000;

export interface ReleaseFields {
  readonly tag?: string | undefined;
  /** The branch or commit for a new tag, when there is no such tag yet. */
  readonly target?: string | undefined;
  readonly name?: string | null | undefined;
  readonly body?: string | null | undefined;
  readonly draft?: boolean | undefined;
  readonly prerelease?: boolean | undefined;
  readonly latest?: Release["latest"] | undefined;
}

/**
 * Creates a release; unless it is a draft, it is published and its tag created.
 * @throws ApiError 422 for a tag that has a release or is invalid, a missing target, a text that is too long.
 */
export async function createRelease(
  world: World,
  repository: Repository,
  input: ReleaseFields & { readonly tag: string },
  caller: Caller,
): Promise<Release> {
  const release: Release = {
    id: world.nextId(),
    author: caller.actor,
    tag: input.tag,
    target: input.target ?? repository.defaultBranch,
    name: input.name ?? null,
    body: input.body ?? null,
    draft: input.draft ?? false,
    prerelease: input.prerelease ?? false,
    latest: input.latest ?? "true",
    createdAt: world.clock.now(),
    publishedAt: null,
    assets: new Map(),
  };
  assertRelease(repository, release, undefined);
  // Before the first await, so that of two callers with one tag only one finds it free.
  repository.releases.set(release.id, release);
  if (release.draft) return release;
  try {
    await ensureTag(world, repository, release, caller);
  } catch (error) {
    repository.releases.delete(release.id);
    throw error;
  }
  release.publishedAt = world.clock.now();
  makeLatest(repository, release);
  publishReleaseEvents(world, repository, release, ["created", ...publication(release)], caller);
  return release;
}

/** Changes a release; a draft that is no longer one is published. @throws ApiError 422 as {@link createRelease}. */
export async function updateRelease(
  world: World,
  repository: Repository,
  release: Release,
  change: ReleaseFields,
  caller: Caller,
): Promise<void> {
  const wasDraft = release.draft;
  const changed = withChange(release, change);
  assertRelease(repository, changed, release);
  if (changed.draft) {
    Object.assign(release, changed);
    return;
  }
  await ensureTag(world, repository, changed, caller);
  const changes = {
    ...(changed.name !== release.name && { name: { from: release.name ?? "" } }),
    ...(changed.body !== release.body && { body: { from: release.body ?? "" } }),
  };
  Object.assign(release, changed, { publishedAt: release.publishedAt ?? world.clock.now() });
  makeLatest(repository, release);
  const origin = { repository, actor: caller.actor, cause: caller.token };
  if (wasDraft) publishReleaseEvents(world, repository, release, publication(release), caller);
  else world.publish({ event: "release", action: "edited", release, changes, ...origin });
}

/** The tag stays. */
export function deleteRelease(world: World, repository: Repository, release: Release, caller: Caller): void {
  repository.releases.delete(release.id);
  if (!release.draft) publishReleaseEvents(world, repository, release, ["deleted"], caller);
}

/** Newest first. Drafts are visible to those who may push (GitHub docs, "List releases"). */
export function visibleReleases(repository: Repository, caller: Caller | undefined): readonly Release[] {
  const seesDrafts = caller !== undefined && mayPush(repository, caller);
  return [...repository.releases.values()].filter((release) => seesDrafts || !release.draft).toReversed();
}

/** @throws ApiError 404, also for a draft that the caller may not see. */
export function releaseById(repository: Repository, id: number, caller: Caller | undefined): Release {
  const release = visibleReleases(repository, caller).find((one) => one.id === id);
  if (!release) throw notFound();
  return release;
}

/** The published release of a tag. @throws ApiError 404. */
export function releaseByTag(repository: Repository, tag: string): Release {
  const release = [...repository.releases.values()].find((one) => one.tag === tag && !one.draft);
  if (!release) throw notFound();
  return release;
}

/**
 * The one marked as latest, or else the newest; never a draft or a prerelease. @throws ApiError 404 when there is none.
 */
export function latestRelease(repository: Repository): Release {
  const candidates = visibleReleases(repository, undefined).filter((one) => !one.prerelease && one.latest !== "false");
  const release = candidates.find((one) => one.latest === "true") ?? candidates[0];
  if (!release) throw notFound();
  return release;
}

/** Creates the release's tag if there is none. */
async function ensureTag(world: World, repository: Repository, release: Release, caller: Caller): Promise<void> {
  const { git } = repository;
  const ref = `refs/tags/${release.tag}`;
  if (await git.ref(ref)) return;
  if ((await git.refs("refs/heads/")).length === 0) throw validationFailed("Repository is empty.");
  const sha = await git.resolve(release.target);
  if (sha === undefined) throw validationFailed({ resource: "Release", code: "invalid", field: "target_commitish" });
  await moveRef(world, repository, { ref, sha }, caller);
}

/** At most one release is marked as the latest. */
function makeLatest(repository: Repository, release: Release): void {
  if (release.latest !== "true") return;
  for (const other of repository.releases.values())
    if (other !== release && other.latest === "true") other.latest = "legacy";
}

function assertRelease(repository: Repository, input: Release, itself: Release | undefined): void {
  const errors: FieldError[] = [];
  const taken = [...repository.releases.values()].some(
    (other) => other !== itself && !other.draft && other.tag === input.tag,
  );
  if (!isRefName(`refs/tags/${input.tag}`))
    errors.push({ resource: "Release", code: "custom", field: "tag_name", message: "tag_name is not well-formed" });
  else if (taken && !input.draft) errors.push({ resource: "Release", code: "already_exists", field: "tag_name" });
  if (countCharacters(input.body ?? "") > MAX_RELEASE_BODY_LENGTH) {
    const message = `body is too long (maximum is ${MAX_RELEASE_BODY_LENGTH} characters)`;
    errors.push({ resource: "Release", code: "custom", field: "body", message });
  }
  if (errors.length > 0) throw validationFailed(...errors);
}

/** GitHub docs, webhook "release": `published`, followed by the kind of release. */
const publication = ({ prerelease }: Release): readonly string[] => [
  "published",
  prerelease ? "prereleased" : "released",
];

function publishReleaseEvents(
  world: World,
  repository: Repository,
  release: Release,
  actions: readonly string[],
  caller: Caller,
): void {
  for (const action of actions)
    world.publish({ event: "release", action, release, repository, actor: caller.actor, cause: caller.token });
}

const withChange = (release: Release, change: ReleaseFields): Release => ({
  ...release,
  tag: change.tag ?? release.tag,
  target: change.target ?? release.target,
  name: change.name === undefined ? release.name : change.name,
  body: change.body === undefined ? release.body : change.body,
  draft: change.draft ?? release.draft,
  prerelease: change.prerelease ?? release.prerelease,
  latest: change.latest ?? release.latest,
});
