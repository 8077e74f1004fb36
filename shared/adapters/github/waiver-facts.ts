/** What GitHub knows about a waiver: whose change is judged, and whether somebody may write to the repository. */
import * as z from "zod";
import type { Approver, WaivedChange } from "../../core/gate/apply-waivers.ts";
import type { WaiverPorts } from "../../core/gate/judge-with-waivers.ts";
import type { TriggerEvent } from "../../core/policy/trigger-event.ts";
import type { GitHub } from "./github.ts";
import { parseResponse } from "./parse-response.ts";
import { readPull } from "./pulls.ts";

const pullRequestEvent = z.object({
  pull_request: z.object({ user: z.object({ login: z.string() }).nullable(), head: z.object({ ref: z.string() }) }),
});
const commentEvent = z.object({ issue: z.object({ number: z.int().positive(), pull_request: z.object({}) }) });
const mergeGroupEvent = z.object({ merge_group: z.object({ head_ref: z.string() }) });
const permission = z.object({
  permission: z.string(),
  user: z.object({ login: z.string(), id: z.int() }).nullable(),
});

/**
 * Of the event that started this run. A merge group has the name of its last pull request, whose change it adds.
 *
 * @param actor who started the run: the author of what was pushed
 */
export const createWaiverPorts = (
  github: GitHub,
  trigger: Pick<TriggerEvent, "event" | "ref"> & { readonly actor: string },
  now: Date,
): WaiverPorts => ({
  async findChange() {
    const today = now.toISOString().slice(0, 10);
    return { ...(await findAuthor(github, trigger)), today };
  },
  readApprovers: (logins) => readApprovers(github, logins),
});

async function findAuthor(
  github: GitHub,
  { event, ref, actor }: Pick<TriggerEvent, "event" | "ref"> & { readonly actor: string },
): Promise<Omit<WaivedChange, "today">> {
  const pull = pullRequestEvent.safeParse(event.payload);
  if (pull.success) {
    const { user, head } = pull.data.pull_request;
    return { author: user?.login, branch: head.ref };
  }
  const group = mergeGroupEvent.safeParse(event.payload);
  if (group.success) {
    const [, number] = /\/pr-(\d{1,9})-[0-9a-f]{40}$/.exec(group.data.merge_group.head_ref) ?? [];
    if (number === undefined) return { author: undefined, branch: undefined };
    const { author, head } = await readPull(github, Number(number));
    return { author, branch: head.branch };
  }
  const comment = commentEvent.safeParse(event.payload);
  if (comment.success) {
    // Whoever comments is not the author of what is judged.
    const { author, head } = await readPull(github, comment.data.issue.number);
    return { author, branch: head.branch };
  }
  return { author: actor === "" ? undefined : actor, branch: /^refs\/heads\/(.+)$/.exec(ref)?.[1] };
}

/** @throws GitHubError */
export async function readApprovers(github: GitHub, logins: readonly string[]): Promise<ReadonlyMap<string, Approver>> {
  const found = new Map<string, Approver>();
  const { getCollaboratorPermissionLevel } = github.rest.repos;
  for (const username of logins) {
    const response = await github.find(() => getCollaboratorPermissionLevel({ ...github.repository, username }));
    if (response === undefined) continue;
    const { permission: level, user } = parseResponse(permission, response, `the permission of ${username}`);
    if (user === null) continue;
    found.set(username, { login: user.login, id: user.id, mayWrite: level === "write" || level === "admin" });
  }
  return found;
}
