/** Reads from GitHub the commit that `chooseTrustedRef` points to. */
import * as z from "zod";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import { assertOnBranch, baseInEvent, baseOfTestMerge, chooseTrustedRef } from "../../core/policy/trusted-ref.ts";
import { type GitHub, GitHubError } from "./github.ts";
import { parseResponse } from "./parse-response.ts";
import { readDefaultBranch } from "./read-default-branch.ts";

export interface TrustedCommit {
  /** Full SHA. */
  readonly commit: string;
  /** The commit under judgement, whose own files are not trusted; `undefined` where nothing is being judged. */
  readonly judged: string | undefined;
  /** Paths that the change touches, old names too; `undefined`: not known, or too many to be listed. */
  readonly touched?: ReadonlySet<string> | undefined;
  /** How many commits its branch has that the change was not merged with; `undefined`: not known. */
  readonly behind?: number | undefined;
}

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const gitCommit = z.object({ parents: z.array(z.object({ sha })) });
const comparison = z.object({ status: z.string() });
const branchHead = z.object({ object: z.object({ sha, type: z.literal("commit") }) });

/**
 * The checkout of an action whose job also ran the code of the change: what it may be lied to by the checkout or the event
 * file, it may be lied to anyway. It asks GitHub less.
 */
export interface LocalCommits {
  parents(commit: string): Promise<readonly string[] | undefined>;
  readFile(commit: string, path: string): Promise<Uint8Array | undefined>;
  listFiles(commit: string): Promise<readonly string[] | undefined>;
}

/**
 * @param about a commit whose comparison with the default branch is asked for anyway
 * @throws ActionError `policy-no-trusted-ref`, or GitHubError: without a trusted commit nothing may be judged
 */
export async function findTrustedCommit(
  github: GitHub,
  trigger: Pick<TriggerEvent, "event" | "ref" | "sha">,
  local?: LocalCommits,
  about?: string,
): Promise<TrustedCommit> {
  const ref = chooseTrustedRef(trigger);
  switch (ref.kind) {
    case "commit":
      return { commit: ref.commit, judged: ref.judged };
    case "first-parent": {
      const here = await local?.parents(ref.judged);
      if (here !== undefined && baseOfTestMerge(ref.judged, here) === baseInEvent(trigger))
        return { commit: baseOfTestMerge(ref.judged, here), judged: ref.judged };
      // Of a usual change the comparison has the test merge, too: its parents take no other request.
      const { mergeBase, touched, behind } = await compareWithBranch(github, ref.branch, ref.judged);
      const commit = baseOfTestMerge(ref.judged, here ?? (await readParents(github, ref.judged)));
      // The branch may have moved on, and the change may have taken in some of that: then the base is asked about itself.
      if (mergeBase !== commit) await checkOnBranch(github, commit, ref.branch);
      return { commit, judged: ref.judged, touched: mergeBase === commit ? touched : undefined, behind };
    }
    case "default-branch": {
      const known = about === undefined ? undefined : await compareWithDefaultBranch(github, about);
      const commit = known?.head ?? (await readBranchHead(github, await readDefaultBranch(github)));
      return { commit, judged: undefined };
    }
  }
}

const changedFile = z.object({ filename: z.string(), previous_filename: z.string().optional() });
const changes = z.object({
  merge_base_commit: z.object({ sha }),
  behind_by: z.int().nonnegative(),
  commits: z.array(gitCommit.extend({ sha })),
  files: z.array(changedFile).optional(),
});
/** GitHub lists at most so many, on the first page. */
const MAX_LISTED_FILES = 300;
/** The test merge is the last of the change's commits: with more of them, it is asked for by itself. */
const LISTED_COMMITS = 50;

/** What the change adds to the branch, in one request: from which commit of the branch on, which commits and which files. */
async function compareWithBranch(
  github: GitHub,
  branch: string,
  judged: string,
): Promise<Pick<TrustedCommit, "touched"> & { readonly mergeBase: string; readonly behind: number }> {
  const basehead = `${branch}...${judged}`;
  const { data } = await github.rest.repos.compareCommitsWithBasehead({
    ...github.repository,
    basehead,
    per_page: LISTED_COMMITS,
  });
  const compared = parseResponse(changes, data, `the comparison ${basehead}`);
  const { merge_base_commit: base, behind_by: behind, commits, files } = compared;
  for (const commit of commits) rememberParents(github, commit.sha, Promise.resolve(parentsOf(commit)));
  const names = files?.flatMap(({ filename, previous_filename: old }) =>
    old === undefined ? [filename] : [filename, old],
  );
  const isWhole = files !== undefined && files.length < MAX_LISTED_FILES;
  return { mergeBase: base.sha, behind, touched: isWhole ? new Set(names) : undefined };
}

/** The commit that the branch has now. @throws GitHubError */
export async function readBranchHead(github: GitHub, branch: string): Promise<string> {
  const { data } = await github.rest.git.getRef({ ...github.repository, ref: `heads/${branch}` });
  return parseResponse(branchHead, data, `branch ${branch}`).object.sha;
}

/** @throws ActionError `policy-no-trusted-ref` for a commit that the branch does not have; GitHubError */
export async function checkOnBranch(github: GitHub, commit: string, branch: string): Promise<void> {
  const basehead = `${branch}...${commit}`;
  const { compareCommitsWithBasehead: compare } = github.rest.repos;
  const response = await github.find(() => compare({ ...github.repository, basehead, per_page: 1 }));
  const found = response === undefined ? undefined : parseResponse(comparison, response, `the comparison ${basehead}`);
  assertOnBranch(commit, branch, found?.status ?? "unknown");
}

/** A commit never changes. */
const knownParents = new WeakMap<GitHub, Map<string, Promise<readonly string[]>>>();

/** In their order; asked once for each commit. @throws GitHubError */
export async function readParents(
  github: GitHub,
  commit: string,
  local?: Pick<LocalCommits, "parents">,
): Promise<readonly string[]> {
  const here = await local?.parents(commit);
  if (here !== undefined) return here;
  return knownParents.get(github)?.get(commit) ?? rememberParents(github, commit, requestParents(github, commit));
}

function rememberParents(
  github: GitHub,
  commit: string,
  parents: Promise<readonly string[]>,
): Promise<readonly string[]> {
  const known = knownParents.get(github) ?? new Map<string, Promise<readonly string[]>>();
  knownParents.set(github, known.set(commit, parents));
  return parents;
}

const parentsOf = ({ parents }: z.infer<typeof gitCommit>): readonly string[] => parents.map((parent) => parent.sha);

async function requestParents(github: GitHub, commit: string): Promise<readonly string[]> {
  const { data } = await github.rest.git.getCommit({ ...github.repository, commit_sha: commit });
  return parentsOf(parseResponse(gitCommit, data, `commit ${commit}`));
}

export interface DefaultBranch {
  /** The commit that it has now. */
  readonly head: string;
  readonly contains: boolean;
}

const headOfBase = z.object({
  status: z.enum(["ahead", "behind", "diverged", "identical"]),
  base_commit: z.object({ sha }),
});
/** Within one step: its decisions are about one state of the branch. */
const comparedWithDefault = new WeakMap<GitHub, Map<string, Promise<DefaultBranch | undefined>>>();

/** In one request. @returns `undefined` for a commit that the repository does not know. @throws GitHubError */
export function compareWithDefaultBranch(github: GitHub, commit: string): Promise<DefaultBranch | undefined> {
  const known = comparedWithDefault.get(github) ?? new Map<string, Promise<DefaultBranch | undefined>>();
  comparedWithDefault.set(github, known);
  const answer = known.get(commit) ?? askComparison(github, commit);
  known.set(commit, answer);
  return answer;
}

async function askComparison(github: GitHub, commit: string): Promise<DefaultBranch | undefined> {
  // By its full name: a tag may have the name of the branch.
  const basehead = `refs/heads/${await readDefaultBranch(github)}...${commit}`;
  const { compareCommitsWithBasehead: compare } = github.rest.repos;
  try {
    const response = await github.find(() => compare({ ...github.repository, basehead, per_page: 1 }));
    if (response === undefined) return undefined;
    const { status, base_commit: base } = parseResponse(headOfBase, response, `the comparison ${basehead}`);
    return { head: base.sha, contains: status === "behind" || status === "identical" };
  } catch (error) {
    // GitHub compares only commits with a common ancestor.
    if (error instanceof GitHubError && error.status === 422) return undefined;
    throw error;
  }
}
