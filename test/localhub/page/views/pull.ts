/** The page of a pull request: its description, comments and reviews, checks, and whether it may merge. */
import { mergeBoxCheckRuns } from "../../operations/checks/checks.ts";
import { latestStatuses } from "../../operations/checks/statuses.ts";
import type { Issue, IssueComment } from "../../world/issues.ts";
import type { Review } from "../../world/pulls.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";
import { actionForm, timeElement, titleText } from "../layout.ts";
import { renderMarkdown } from "../markdown.ts";
import type { ReferenceUrls } from "../references.ts";
import { statusIcon } from "../status-icon.ts";

export interface PullView {
  readonly repository: Repository;
  readonly pull: PullRequest;
  readonly issue: Issue;
  readonly references: ReferenceUrls;
  /** Why it cannot merge now; empty when it can. */
  readonly blockers: readonly string[];
  /** Whether the current user opened it: nobody approves their own. */
  readonly isAuthor: boolean;
  readonly files: readonly { readonly path: string; readonly additions: number; readonly deletions: number }[];
}

export function renderPullPage(view: PullView): Html {
  const { repository, pull, issue } = view;
  const state = pull.merged ? "merged" : issue.state;
  const head = pull.head === pull.base ? pull.headRef : `${pull.head?.owner.login ?? "unknown"}:${pull.headRef}`;
  return html`<h1>${titleText(issue.title)} <span class="muted">#${pull.number}</span></h1>
<p><span class="pill ${state}">${state}</span> ${issue.author.login} wants to merge <code>${head}</code> into <code>${pull.baseRef}</code>
  <span class="muted">at ${pull.headSha.slice(0, 7)}</span></p>
<div class="columns"><div class="timeline">
${comment(issue.author.login, issue.createdAt, issue.body ?? "", view.references)}
${timeline(repository, pull).map((entry) =>
  entry.kind === "comment"
    ? comment(entry.comment.author.login, entry.comment.createdAt, entry.comment.body, view.references, entry.comment)
    : review(entry.review, view.references),
)}
${issue.state === "open" && mergeBox(view)}
</div><aside>
<h2>Checks</h2>${checkList(repository, pull.headSha)}
<h2>Files</h2><ul class="files">${view.files.map(
    (file) =>
      html`<li><code>${file.path}</code> <span class="good">+${file.additions}</span> <span class="bad">−${file.deletions}</span></li>`,
  )}</ul>
</aside></div>`;
}

function comment(login: string, at: Date, body: string, references: ReferenceUrls, source?: IssueComment): Html {
  return html`<article class="comment"${source && html` id="issuecomment-${source.id}"`}>
<header><strong>${login}</strong> <span class="muted">${timeElement(at)}${source && source.updatedAt > source.createdAt && ", edited"}</span></header>
<div class="markdown-body">${body === "" ? html`<em class="muted">No description.</em>` : renderMarkdown(body, { kind: "comment", references })}</div>
</article>`;
}

const REVIEW_WORDS = {
  APPROVED: "approved these changes",
  CHANGES_REQUESTED: "requested changes",
  COMMENTED: "reviewed",
  DISMISSED: "had a review that was dismissed",
  PENDING: "has a review that is not submitted",
} as const;

function review(entry: Review, references: ReferenceUrls): Html {
  return html`<p class="event">${statusIcon(entry.state === "APPROVED" ? "approved" : entry.state === "CHANGES_REQUESTED" ? "rejected" : "neutral")}
<strong>${entry.author.login}</strong> ${REVIEW_WORDS[entry.state]} <span class="muted">at ${entry.commitId.slice(0, 7)}</span></p>
${entry.body !== "" && html`<div class="markdown-body quoted">${renderMarkdown(entry.body, { kind: "comment", references })}</div>`}`;
}

function mergeBox({ repository, pull, blockers, isAuthor }: PullView): Html {
  const base = `/-/act/${repository.fullName}/pulls/${pull.number}`;
  return html`<section class="merge ${blockers.length === 0 ? "good" : "wait"}">
${
  blockers.length === 0
    ? html`<p>${statusIcon("success")} This pull request can be merged.</p>${actionForm(`${base}/merge`, "Merge", "primary")}`
    : html`<p>${statusIcon("action_required")} Merging is blocked:</p><ul>${blockers.map((blocker) => html`<li>${blocker}</li>`)}</ul>`
}
${
  isAuthor
    ? html`<p class="muted">Its author cannot approve it: choose somebody else under “acting as”.</p>`
    : actionForm(`${base}/approve`, "Approve", "plain")
}
<form class="reply" method="post" action="${base}/comment"><textarea name="body" required placeholder="Leave a comment"></textarea><button class="plain">Comment</button></form>
</section>`;
}

type TimelineEntry =
  | { readonly kind: "comment"; readonly at: Date; readonly comment: IssueComment }
  | { readonly kind: "review"; readonly at: Date; readonly review: Review };

function timeline(repository: Repository, pull: PullRequest): readonly TimelineEntry[] {
  const comments = [...repository.comments.values()]
    .filter((entry) => entry.issue === pull.number)
    .map((entry): TimelineEntry => ({ kind: "comment", at: entry.createdAt, comment: entry }));
  const reviews = pull.reviews
    .filter((entry) => entry.submittedAt !== undefined)
    .map((entry): TimelineEntry => ({ kind: "review", at: entry.submittedAt ?? new Date(0), review: entry }));
  return [...comments, ...reviews].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function checkList(repository: Repository, sha: string): Html {
  const runs = mergeBoxCheckRuns(repository, sha);
  const statuses = latestStatuses(repository, sha);
  if (runs.length + statuses.length === 0) return html`<p class="empty">None.</p>`;
  return html`<ul class="checks">
${runs.map((run) => {
  const link = run.detailsUrl;
  return html`<li>${statusIcon(run.status, run.conclusion)} ${link ? html`<a href="${link}">${run.name}</a>` : run.name}
  ${run.output.title && html`<span class="muted">${run.output.title}</span>`}</li>`;
})}
${statuses.map(
  (status) =>
    html`<li>${statusIcon(status.state)} ${status.context} <span class="muted">${status.description}</span></li>`,
)}
</ul>`;
}
