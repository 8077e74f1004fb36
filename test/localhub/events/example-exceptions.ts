/** Where payloads rightly differ from the published examples, for the test that holds them to those. */
import type { Exception } from "./example-shapes.ts";

const NEWER = "newer than the examples; in GitHub's description";
const OWN = "everybody has their own";

export const EXCEPTIONS: readonly Exception[] = [
  { at: "*user_view_type is in no example", why: NEWER },
  { at: "*.client_id is in no example", why: NEWER },
  { at: "*.verified_at is in no example", why: NEWER },
  { at: "*:release.immutable is in no example", why: NEWER },
  { at: "*:workflow_run.referenced_workflows is in no example", why: NEWER },
  { at: "*:issue.state_reason is in no example", why: NEWER },
  { at: "*:issue.timeline_url is in no example", why: NEWER },
  { at: "*:organization is in no example", why: "GitHub docs: sent wherever an organisation owns the repository" },
  { at: "*:installation is missing", why: "only in what an app's own webhook gets; workflows do not see it" },
  { at: "*app.permissions.*", why: OWN },
  { at: "workflow_dispatch:inputs.*", why: OWN },
  { at: "repository_dispatch.*:client_payload.*", why: OWN },
  { at: "push:repository.owner.email is null", why: "an organisation need not show an address" },
  { at: "push:*.added is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "push:*.removed is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "push:*.modified is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "*.milestone is null", why: "this hub has no milestones" },
  { at: "*.assignee is null", why: "nobody is assigned" },
  { at: "pull_request.edited:changes is in no example", why: "there is no example; GitHub docs, `pull_request`" },
  { at: "issues.edited:changes.*", why: "GitHub docs, `issues`: the title or the body" },
  { at: "issues.reopened:issue.closed_at is null", why: "an open issue has not been closed; the example's has" },
  { at: "pull_request.closed:pull_request.mergeable is null", why: "GitHub docs: null while it is not known" },
  { at: "pull_request.closed:pull_request.rebaseable is null", why: "GitHub docs: null while it is not known" },
  {
    at: "check_run.rerequested:check_run.check_suite.conclusion is null",
    why: 'GitHub docs, "Rerequest a check run": the conclusion of the suite is cleared',
  },
];
