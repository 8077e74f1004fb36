/** Reads from GitHub what `resolveGateSubject` needs. */
import * as z from "zod";
import { type GateSubject, resolveGateSubject } from "../../core/gate/gate-subject.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const gitCommit = z.object({ parents: z.array(z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) })) });

/** @param trusted the commit the policy was read from. @throws ActionError `gate-no-subject`; GitHubError */
export async function findGateSubject(
  github: GitHub,
  trigger: Pick<TriggerEvent, "event" | "ref" | "sha">,
  trusted: string,
): Promise<GateSubject> {
  const { data } = await github.rest.git.getCommit({ ...github.repository, commit_sha: trigger.sha });
  const parents = parseResponse(gitCommit, data, `commit ${trigger.sha}`).parents.map(({ sha }) => sha);
  return resolveGateSubject(trigger, trusted, parents);
}
