/** Reads what `resolveGateSubject` needs. */
import { type GateSubject, resolveGateSubject } from "../../core/gate/gate-subject.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import type { GitHub } from "../github/github.ts";
import { type LocalCommits, readParents } from "../github/trusted-commit.ts";

/**
 * @param trusted the commit the policy was read from
 * @param local as for `findTrustedCommit`
 * @throws ActionError `gate-event`, `gate-no-subject`; GitHubError
 */
export async function findGateSubject(
  github: GitHub,
  trigger: Pick<TriggerEvent, "event" | "ref" | "sha">,
  trusted: string,
  local?: LocalCommits,
): Promise<GateSubject> {
  return resolveGateSubject(trigger, trusted, await readParents(github, trigger.sha, local));
}
