/** The policy that applies: read through the API from a commit that the change under judgement cannot choose. */

import { POLICY_PATH, type Policy } from "../../core/policy/policy.ts";
import { describePolicyChange } from "../../core/policy/policy-change.ts";
import { type PolicyReading, readPolicy } from "../../core/policy/read-policy.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import { userError } from "../../problem/problem.ts";
import type { GitHub } from "./github.ts";
import { readFileAtCommit } from "./read-file-at-commit.ts";
import { findTrustedCommit } from "./trusted-commit.ts";

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
}

/** @throws ActionError `policy-missing`, or every problem of the policy; `policy-no-trusted-ref`; GitHubError */
export async function readTrustedPolicy(
  github: GitHub,
  trigger: Pick<TriggerEvent, "event" | "ref" | "sha">,
  { reader, path = POLICY_PATH }: PolicyReading & { readonly path?: string },
): Promise<TrustedPolicy> {
  const { commit, judged } = await findTrustedCommit(github, trigger);
  const trusted = await readFileAtCommit(github, commit, path);
  const proposed = judged === undefined ? undefined : await readFileAtCommit(github, judged, path);
  if (trusted === undefined) {
    const adds = proposed === undefined ? "" : "; this change adds it, but must not be judged by its own rules";
    throw userError({
      code: "policy-missing",
      message: `there is no ${path} at the trusted commit ${commit.slice(0, 7)}${adds}`,
      place: { file: path },
      fix: proposed === undefined ? `Commit ${path} to the base branch` : "Merge it in a pull request of its own first",
    });
  }
  const note =
    judged === undefined ? undefined : describePolicyChange(path, commit, trusted.text, proposed?.text, { reader });
  return {
    policy: readPolicy(trusted.text, path, { reader }),
    text: trusted.text,
    path,
    ref: commit,
    digest: trusted.digest,
    notes: note === undefined ? [] : [note],
  };
}
