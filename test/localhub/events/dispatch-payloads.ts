/** The payloads of the events that start runs by command: nothing has changed in the repository. */
import type { Account } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderCommonFields, renderRepositoryFields } from "./event-fields.ts";

export type Payload = Readonly<Record<string, unknown>>;

export interface Dispatch {
  /** The workflow file's path. */
  readonly workflow: string;
  /** Full, `refs/heads/…`. */
  readonly ref: string;
  /** As the workflow gets them: checked, with defaults. */
  readonly inputs: Payload;
  readonly sender: Account;
}

/** The payload of `workflow_dispatch`. */
export function dispatchPayload(world: World, repository: Repository, dispatch: Dispatch): Payload {
  const { workflow, ref, inputs, sender } = dispatch;
  return { inputs, ref, workflow, ...renderCommonFields(world, repository, sender) };
}

export interface RepositoryDispatch {
  readonly eventType: string;
  readonly clientPayload: Payload;
  readonly sender: Account;
}

/** The payload of `repository_dispatch`: its type is the action, so that `types:` can filter by it. */
export function repositoryDispatchPayload(world: World, repository: Repository, dispatch: RepositoryDispatch): Payload {
  return {
    action: dispatch.eventType,
    branch: repository.defaultBranch,
    client_payload: dispatch.clientPayload,
    ...renderCommonFields(world, repository, dispatch.sender),
  };
}

/** The payload of `schedule`. Nobody sends it: there is no `sender`. */
export function schedulePayload(
  world: World,
  repository: Repository,
  { cron, workflow }: { readonly cron: string; readonly workflow: string },
): Payload {
  return { schedule: cron, workflow, ...renderRepositoryFields(world, repository) };
}
