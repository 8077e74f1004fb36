/** Where payloads rightly differ from the published examples, for the test that compares the two. */
import type { AllowedDifference } from "./diff-against-examples.ts";

const NEWER = "newer than the examples; in GitHub's description";
const OWN = "everyone has their own";

export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  { path: "*user_view_type is in no example", reason: NEWER },
  { path: "*.client_id is in no example", reason: NEWER },
  { path: "*.verified_at is in no example", reason: NEWER },
  { path: "*:release.immutable is in no example", reason: NEWER },
  { path: "*:workflow_run.referenced_workflows is in no example", reason: NEWER },
  { path: "*:issue.state_reason is in no example", reason: NEWER },
  { path: "*:issue.timeline_url is in no example", reason: NEWER },
  { path: "*:organization is in no example", reason: "GitHub docs: sent wherever an organisation owns the repository" },
  { path: "*:installation is missing", reason: "only in what an app's own webhook gets; workflows do not see it" },
  { path: "*app.permissions.*", reason: OWN },
  { path: "workflow_dispatch:inputs.*", reason: OWN },
  { path: "repository_dispatch.*:client_payload.*", reason: OWN },
  { path: "push:repository.owner.email is null", reason: "an organisation need not show an email address" },
  { path: "push:*.added is missing", reason: "GitHub docs, `push`: workflows do not get it" },
  { path: "push:*.removed is missing", reason: "GitHub docs, `push`: workflows do not get it" },
  { path: "push:*.modified is missing", reason: "GitHub docs, `push`: workflows do not get it" },
  { path: "*.milestone is null", reason: "the local GitHub has no milestones" },
  { path: "*.assignee is null", reason: "nobody is assigned" },
  { path: "pull_request.edited:changes is in no example", reason: "there is no example; GitHub docs, `pull_request`" },
  { path: "issues.edited:changes.*", reason: "GitHub docs, `issues`: the title or the body" },
  { path: "issues.reopened:issue.closed_at is null", reason: "an open issue has not been closed; the example's has" },
  { path: "pull_request.closed:pull_request.mergeable is null", reason: "GitHub docs: null while it is not known" },
  { path: "pull_request.closed:pull_request.rebaseable is null", reason: "GitHub docs: null while it is not known" },
  {
    path: "check_run.rerequested:check_run.check_suite.conclusion is null",
    reason: 'GitHub docs, "Rerequest a check run": the conclusion of the suite is cleared',
  },
];
