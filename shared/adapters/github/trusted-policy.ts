/** The policy that applies: read through the API from a commit that the change under judgement cannot choose. */

import * as z from "zod";
import type { PolicyReading } from "../../core/policy/choose-model.ts";
import { findMisplacedPolicy } from "../../core/policy/misplaced-policy.ts";
import { POLICY_PATH, type Policy } from "../../core/policy/policy.ts";
import { describePolicyChange } from "../../core/policy/policy-change.ts";
import { readPolicies, readPolicy } from "../../core/policy/read-policy.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import { type Problem, userError } from "../../problem/problem.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";
import { type FileAtCommit, readFileAtCommit, readFileOnce } from "./read-file-at-commit.ts";
import { findTrustedCommit, type LocalCommits, type TrustedCommit } from "./trusted-commit.ts";

export interface TrustedPolicy {
  readonly policy: Policy;
  readonly text: string;
  readonly path: string;
  /** The trusted commit, a full SHA. */
  readonly ref: string;
  /** `sha256:…` over the file's bytes. */
  readonly digest: string;
  /** For reviewers: that the change under judgement edits or removes the policy. May quote the change's own text. */
  readonly notes: readonly string[];
  /** Why nothing could be judged any more after the change under judgement; it is in the notes, too. */
  readonly broken: Problem | undefined;
  /** What the comparison with the base branch has told. */
  readonly change: ChangeFacts;
}

/** Of a change that was compared with its base branch; empty otherwise. */
export type ChangeFacts = Pick<TrustedCommit, "touched" | "behind">;

type Trigger = Pick<TriggerEvent, "event" | "ref" | "sha">;

interface Reading extends PolicyReading {
  readonly path?: string;
  /** As for `findTrustedCommit`. */
  readonly about?: string | undefined;
}

/** @throws ActionError `policy-missing`, or every problem of the policy; `policy-no-trusted-ref`; GitHubError */
export async function readTrustedPolicy(github: GitHub, trigger: Trigger, reading: Reading): Promise<TrustedPolicy> {
  return toTrustedPolicy(await findTrustedFile(github, trigger, reading), reading);
}

/**
 * The same policy for each of its models, or for the one that is named.
 *
 * @throws ActionError as `readTrustedPolicy`
 */
export async function readTrustedPolicies(
  github: GitHub,
  trigger: Trigger,
  reading: Reading,
): Promise<{ readonly policies: readonly Policy[]; readonly path: string }> {
  const { path, trusted } = await findTrustedFile(github, trigger, reading);
  const { reader, model = "" } = reading;
  const policies =
    model === "" ? readPolicies(trusted.text, path, reader) : [readPolicy(trusted.text, path, { reader, model })];
  return { policies, path };
}

async function findTrustedFile(
  github: GitHub,
  trigger: Trigger,
  reading: Reading,
): Promise<FoundPolicies & { readonly trusted: FileAtCommit }> {
  const found = await findPolicies(github, trigger, reading);
  const { path, commit, trusted, proposed } = found;
  if (trusted !== undefined) return { ...found, trusted };
  const adds = proposed === undefined ? "" : "; this change adds it, but must not be judged by its own rules";
  throw userError({
    code: "policy-missing",
    message: `there is no ${path} at the trusted commit ${commit.slice(0, 7)}${adds}`,
    place: { file: path },
    fix: proposed === undefined ? `Commit ${path} to the base branch` : "Merge it in a pull request of its own first",
  });
}

/** A repository that has no rules yet. */
export interface NoPolicy {
  /** The trusted commit, a full SHA. */
  readonly ref: string;
  /** The text of the one that the change under judgement adds. */
  readonly proposed: string | undefined;
}

/**
 * The same for an action that can do without. Only a repository that never had a policy has none: one that was removed, or
 * that lies where it is not read, is a mistake, and rules would silently not hold.
 *
 * @throws ActionError as `readTrustedPolicy`, and `policy-removed`, `policy-misplaced`
 */
export async function readTrustedPolicyIfAny(
  github: GitHub,
  trigger: Trigger,
  { local, ...reading }: Reading & { readonly local?: LocalCommits },
): Promise<TrustedPolicy | NoPolicy> {
  const { path = POLICY_PATH } = reading;
  const { commit, judged } = await findTrustedCommit(github, trigger, local);
  const trusted = await findFile(github, commit, path);
  const proposed = judged === undefined ? undefined : await readProposed(github, judged, path, local);
  if (trusted !== undefined)
    return toTrustedPolicy({ path, commit, trusted, proposed, isChange: judged !== undefined }, reading);
  assertNotMisplaced((await local?.listFiles(judged ?? commit)) ?? (await listPaths(github, commit)), path);
  return { ref: commit, proposed };
}

/**
 * The policy at a commit that is known to be trusted, for somebody who judges anew what another run has judged.
 *
 * @throws ActionError as `readTrustedPolicyIfAny`
 */
export async function readPolicyAt(
  github: GitHub,
  commit: string,
  reading: Reading,
): Promise<TrustedPolicy | NoPolicy> {
  const { path = POLICY_PATH } = reading;
  const trusted = await findFile(github, commit, path);
  if (trusted !== undefined)
    return toTrustedPolicy({ path, commit, trusted, proposed: undefined, isChange: false }, reading);
  assertNotMisplaced(await listPaths(github, commit), path);
  return { ref: commit, proposed: undefined };
}

const findFile = async (github: GitHub, commit: string, path: string): Promise<FileAtCommit | undefined> =>
  (await readFileOnce(github, commit, path)) ?? (await confirmNone(github, commit, path));

/** @throws ActionError `policy-misplaced` */
function assertNotMisplaced(paths: readonly string[], path: string): void {
  const misplaced = findMisplacedPolicy(paths);
  if (misplaced === undefined) return;
  throw userError({
    code: "policy-misplaced",
    message: "it looks like the policy, but is not where the policy is read",
    place: { file: misplaced },
    fix: `Move it to ${path}, or give it another name`,
  });
}

/**
 * A file that no commit ever touched is not there. Of one that was, the second read counts.
 * @throws ActionError `policy-removed`
 */
async function confirmNone(github: GitHub, commit: string, path: string): Promise<FileAtCommit | undefined> {
  const [newest] = await listCommitsOf(github, commit, path);
  if (newest === undefined) return undefined;
  const found = await readFileOnce(github, commit, path);
  if (found !== undefined) return found;
  throw userError({
    code: "policy-removed",
    message: `commit ${newest.slice(0, 7)} removed it, and ${commit.slice(0, 7)} has no rules any more`,
    place: { file: path },
    fix: "Restore it, or write a policy with the rules that hold now",
  });
}

async function readProposed(
  github: GitHub,
  judged: string,
  path: string,
  local: LocalCommits | undefined,
): Promise<string | undefined> {
  const bytes = await local?.readFile(judged, path);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  // The checkout says "there is none" as well when it does not have the commit.
  const isKnown = local !== undefined && (await local.listFiles(judged)) !== undefined;
  return isKnown ? undefined : (await readFileAtCommit(github, judged, path))?.text;
}

interface FoundPolicies {
  readonly path: string;
  readonly commit: string;
  readonly trusted: FileAtCommit | undefined;
  /** The text in the change. */
  readonly proposed: string | undefined;
  /** Whether a change is judged, which may edit the policy. */
  readonly isChange: boolean;
  readonly change?: ChangeFacts;
}

async function findPolicies(
  github: GitHub,
  trigger: Trigger,
  { path = POLICY_PATH, about }: Reading,
): Promise<FoundPolicies> {
  const { commit, judged, touched, behind } = await findTrustedCommit(github, trigger, undefined, about);
  const change = { touched, behind };
  const trusted = await readFileAtCommit(github, commit, path);
  if (judged === undefined || touched?.has(path) === false)
    return { path, commit, trusted, proposed: trusted?.text, isChange: false, change };
  const proposed = (await readFileAtCommit(github, judged, path))?.text;
  return { path, commit, trusted, proposed, isChange: true, change };
}

function toTrustedPolicy(
  { path, commit, trusted, proposed, isChange, change: facts = {} }: FoundPolicies & { readonly trusted: FileAtCommit },
  { reader, model }: PolicyReading,
): TrustedPolicy {
  const reading = { reader, model };
  const change = isChange ? describePolicyChange(path, commit, trusted.text, proposed, reading) : undefined;
  return {
    policy: readPolicy(trusted.text, path, reading),
    text: trusted.text,
    path,
    ref: commit,
    digest: trusted.digest,
    notes: change === undefined ? [] : [change.note],
    broken: change?.broken,
    change: facts,
  };
}

const listedCommit = z.object({ sha: z.string() });
/** The newest commit that changed the file. */
async function listCommitsOf(github: GitHub, commit: string, path: string): Promise<readonly string[]> {
  const { data } = await github.rest.repos.listCommits({ ...github.repository, sha: commit, path, per_page: 1 });
  return parseResponse(z.array(listedCommit), data, `the commits of ${path}`).map(({ sha }) => sha);
}

const tree = z.object({ tree: z.array(z.object({ path: z.string(), type: z.string() })) });
/** All files of a commit; of a very large one GitHub gives a part. */
async function listPaths(github: GitHub, commit: string): Promise<readonly string[]> {
  const { data } = await github.rest.git.getTree({ ...github.repository, tree_sha: commit, recursive: "1" });
  const parsed = parseResponse(tree, data, `the files of ${commit}`);
  return parsed.tree.filter(({ type }) => type === "blob").map(({ path }) => path);
}
