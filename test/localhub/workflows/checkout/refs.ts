/** Which refs a checkout fetches, and what it switches to. */
import type { GitCommand } from "./git-command.ts";

export interface RequestedRef {
  /** A full ref, or a branch or tag by its short name; empty when only the commit is known. */
  readonly ref: string;
  /** Empty when the ref decides. */
  readonly commit: string;
}

const TAGS = "+refs/tags/*:refs/tags/*";

export interface FetchScope {
  /** All branches and tags with their history. */
  readonly everything: boolean;
  readonly tags: boolean;
}

export function refSpecs({ ref, commit }: RequestedRef, { everything, tags }: FetchScope): readonly string[] {
  const pull = after(ref, "refs/pull/");
  if (everything) {
    const pullSpec = pull === undefined ? [] : [`+${commit || ref}:refs/remotes/pull/${pull}`];
    return ["+refs/heads/*:refs/remotes/origin/*", TAGS, ...pullSpec];
  }
  return [...(tags ? [TAGS] : []), ...narrowSpecs({ ref, commit }, tags)];
}

function narrowSpecs({ ref, commit }: RequestedRef, tags: boolean): readonly string[] {
  const branch = after(ref, "refs/heads/");
  if (branch !== undefined) return [`+${commit || ref}:refs/remotes/origin/${branch}`];
  const pull = after(ref, "refs/pull/");
  if (pull !== undefined) return [`+${commit || ref}:refs/remotes/pull/${pull}`];
  // A tag is fetched as itself: an annotated one is more than its commit.
  if (after(ref, "refs/tags/") !== undefined) return tags ? [] : [`+${ref}:${ref}`];
  if (commit !== "") return [commit];
  if (ref.toLowerCase().startsWith("refs/")) return [`+${ref}:${ref}`];
  return [`+refs/heads/${ref}*:refs/remotes/origin/${ref}*`, ...(tags ? [] : [`+refs/tags/${ref}*:refs/tags/${ref}*`])];
}

/** Whether the fetched ref points to the commit of the event. */
export async function hasFetchedCommit(git: GitCommand, { ref, commit }: RequestedRef): Promise<boolean> {
  if (commit === "") return true;
  const branch = after(ref, "refs/heads/");
  const isTag = after(ref, "refs/tags/") !== undefined;
  if (ref !== "" && branch === undefined && !isTag) return true;
  const revision = ref === "" ? commit : branch === undefined ? ref : `refs/remotes/origin/${branch}`;
  return (await git.tryRun("rev-parse", "--verify", "--quiet", `${revision}^{commit}`)) === commit.toLowerCase();
}

export interface CheckoutTarget {
  readonly ref: string;
  /** Where a local branch of that name starts; absent for a detached checkout. */
  readonly start: string | undefined;
}

/** @throws Error when a short name is neither a branch nor a tag. */
export async function checkoutTarget(git: GitCommand, { ref, commit }: RequestedRef): Promise<CheckoutTarget> {
  const branch = after(ref, "refs/heads/");
  if (branch !== undefined) return { ref: branch, start: `refs/remotes/origin/${branch}` };
  const pull = after(ref, "refs/pull/");
  if (pull !== undefined) return { ref: `refs/remotes/pull/${pull}`, start: undefined };
  if (ref === "" || (after(ref, "refs/") !== undefined && commit !== "")) {
    return { ref: after(ref, "refs/tags/") === undefined ? commit : ref, start: undefined };
  }
  if (after(ref, "refs/") !== undefined) return { ref, start: undefined };
  const start = `refs/remotes/origin/${ref}`;
  if (await exists(git, start)) return { ref, start };
  if (await exists(git, `refs/tags/${ref}`)) return { ref: `refs/tags/${ref}`, start: undefined };
  throw new Error(`A branch or tag with the name '${ref}' could not be found`);
}

async function exists(git: GitCommand, ref: string): Promise<boolean> {
  return (await git.tryRun("show-ref", "--verify", "--quiet", ref)) !== undefined;
}

/** What follows the prefix, compared without regard to case; `undefined` when the ref has another prefix. */
function after(ref: string, prefix: string): string | undefined {
  return ref.toLowerCase().startsWith(prefix) ? ref.slice(prefix.length) : undefined;
}
