/** Reviews of pull requests. */
import type { components } from "@octokit/openapi-types";
import type { Review } from "../world/pulls.ts";
import type { PullRequest } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { authorAssociation } from "./author-association.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { pullPageUrl, repositoryApiUrl } from "./urls.ts";

export function renderReview(world: World, pull: PullRequest, review: Review) {
  const html = `${pullPageUrl(world, pull.base, pull.number)}#pullrequestreview-${review.id}`;
  const url = repositoryApiUrl(world, pull.base, `pulls/${pull.number}`);
  return {
    id: review.id,
    node_id: nodeId("review", review.id, pull.base.id),
    user: renderAccount(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: url,
    author_association: authorAssociation(world, pull.base, review.author),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(review.submittedAt && { submitted_at: timestamp(review.submittedAt) }),
    commit_id: review.commitId,
  } satisfies components["schemas"]["pull-request-review"];
}
