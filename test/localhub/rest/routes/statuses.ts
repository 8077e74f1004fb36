/** Commit statuses. */

import { createStatus, latestStatuses, type NewStatus, statusesOf } from "../../operations/checks/statuses.ts";
import { resolveCommitSha } from "../../operations/git/revisions.ts";
import { renderCombinedStatus, renderSimpleStatus, renderStatus } from "../../render/statuses.ts";
import { created, list, type Route, route } from "../route.ts";

interface StatusBody extends Pick<NewStatus, "state" | "context" | "description"> {
  readonly target_url?: string | null;
}

export const statusRoutes: readonly Route[] = [
  route("repos/create-commit-status", async ({ world, repository, path, body, requiredCaller: caller }) => {
    const { target_url: targetUrl, ...status } = body as unknown as StatusBody;
    const made = await createStatus(world, repository, path["sha"] ?? "", { ...status, targetUrl }, caller);
    return created(renderStatus(world, repository, made));
  }),

  route("repos/list-commit-statuses-for-ref", async ({ world, repository, path }) => {
    const sha = await resolveCommitSha(repository, path["ref"] ?? "");
    return list(statusesOf(repository, sha), (status) => renderStatus(world, repository, status));
  }),

  route("repos/get-combined-status-for-ref", async ({ world, repository, path }) => {
    const sha = await resolveCommitSha(repository, path["ref"] ?? "");
    const latest = latestStatuses(repository, sha);
    return list(
      latest,
      (status) => renderSimpleStatus(world, repository, status),
      "statuses",
      renderCombinedStatus(world, repository, sha, latest),
    );
  }),
];
