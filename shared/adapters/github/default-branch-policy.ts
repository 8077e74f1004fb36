/** For an action that runs without a policy, but must not ignore what one says about it. */
import type { PolicyReading } from "../../core/policy/choose-model.ts";
import { POLICY_PATH } from "../../core/policy/policy.ts";
import { assertKeysSupported } from "../../core/policy/record-version.ts";
import type { GitHub } from "./github.ts";
import { readDefaultBranch } from "./read-default-branch.ts";
import { readFileAtCommit } from "./read-file-at-commit.ts";

/**
 * Of the default branch, which no change under judgement can choose, whatever event started the run.
 *
 * @throws ActionError as `assertKeysSupported`; GitHubError
 */
export async function assertDefaultBranchPolicySupported(github: GitHub, reading: PolicyReading): Promise<void> {
  // One request reads the file, so that it does not matter whether the branch moves.
  const policy = await readFileAtCommit(github, await readDefaultBranch(github), POLICY_PATH);
  if (policy !== undefined) assertKeysSupported(policy.text, reading);
}
