/** The page of a workflow run: its jobs, pending reviews, annotations, summaries, artifacts. */

import type { PendingDeployment } from "../../workflows/service.ts";
import type { EnvironmentApproval } from "../../world/actions.ts";
import type { Job, Repository, RunAttempt, WorkflowRun } from "../../world/repository.ts";
import { type Html, html } from "../html.ts";
import { actionForm, timeElement, titleText } from "../layout.ts";
import { renderLog } from "../log-view.ts";
import { renderMarkdown } from "../markdown.ts";
import type { ReferenceUrls } from "../references.ts";
import { statusIcon } from "../status-icon.ts";

export interface RunView {
  readonly repository: Repository;
  readonly run: WorkflowRun;
  readonly attempt: RunAttempt;
  readonly references: ReferenceUrls;
  /** The environments that the run waits for, as the current user sees them. */
  readonly pending: readonly PendingDeployment[];
}

export function renderRunPage(view: RunView): Html {
  const { repository, run, attempt } = view;
  const actionUrl = `/-/act/${repository.fullName}/runs/${run.id}`;
  const inProgress = attempt.status !== "completed";
  return html`<h1>${statusIcon(attempt.status, attempt.conclusion)} ${titleText(run.displayTitle)} <span class="muted">#${run.runNumber}</span></h1>
<p class="muted">${run.workflow.name} (<code>${run.workflow.path}</code>), ${run.event} by ${run.actor.login}
 on ${run.headBranch ?? run.ref} at ${run.headSha.slice(0, 7)}, attempt ${attempt.number}, ${timeElement(attempt.startedAt)}</p>
<div class="buttons">${inProgress ? actionForm(`${actionUrl}/cancel`, "Cancel run", "danger") : actionForm(`${actionUrl}/rerun`, "Run again", "plain")}</div>
${
  attempt.workflowErrors &&
  html`<section class="refusal"><strong>GitHub would not start this workflow:</strong><pre>${attempt.workflowErrors.join("\n")}</pre></section>`
}
${view.pending.length > 0 && approvalBox(view, actionUrl)}
<section><h2>Jobs</h2><ul class="rows">${attempt.jobs.map((job) => jobRow(repository, job))}</ul></section>
${annotations(attempt)}
${summaries(attempt, view.references)}
${artifacts(repository, run)}
${run.approvals.length > 0 && html`<section><h2>Reviews of deployments</h2><ul class="rows">${run.approvals.map(approvalRow)}</ul></section>`}`;
}

function approvalBox({ pending }: RunView, actionUrl: string): Html {
  return html`<section class="merge wait"><h2>${statusIcon("waiting")} Waiting for review</h2>
${pending.map(
  (environment) => html`<form class="review" method="post" action="${actionUrl}/review">
  <input type="hidden" name="environment" value="${environment.id}">
  <strong>${environment.name}</strong>
  ${environment.waitTimer > 0 && html`<span class="muted">wait timer: ${environment.waitTimer} min</span>`}
  <input name="comment" placeholder="Comment" aria-label="Comment on ${environment.name}">
  <button class="primary" name="state" value="approved"${disabled(environment)}>Approve and deploy</button>
  <button class="danger" name="state" value="rejected"${disabled(environment)}>Reject</button>
  <span class="muted">${environment.refusal !== undefined && html`${environment.refusal}. `}May review: ${(environment.reviewers ?? []).join(", ") || "nobody"}</span>
</form>`,
)}</section>`;
}

const disabled = (environment: PendingDeployment): Html | false =>
  !environment.currentUserCanApprove && html` disabled`;

function jobRow(repository: Repository, job: Job): Html {
  const seconds =
    job.startedAt && job.completedAt && ((job.completedAt.getTime() - job.startedAt.getTime()) / 1000).toFixed(1);
  return html`<li>${statusIcon(job.status, job.conclusion)}
<a href="/${repository.fullName}/actions/runs/${job.run.id}/job/${job.id}">${job.name}</a>
<span class="muted">${seconds && html`${seconds} s`} ${job.environment && html`→ ${job.environment}`} ${
    job.status === "queued" && html`waits for a runner with: ${job.labels.join(", ")}`
  }</span></li>`;
}

function annotations(attempt: RunAttempt): Html | false {
  const all = attempt.jobs.flatMap((job) =>
    job.steps.flatMap((step) => step.annotations.map((annotation) => ({ job, annotation }))),
  );
  return (
    all.length > 0 &&
    html`<section><h2>Annotations</h2><ul class="rows">${all.map(
      ({
        job,
        annotation,
      }) => html`<li class="annotation ${annotation.level}"><strong>${annotation.title ?? job.name}</strong>
<span class="muted">${annotation.path}:${annotation.startLine}</span><pre>${annotation.message}</pre></li>`,
    )}</ul></section>`
  );
}

function summaries(attempt: RunAttempt, references: ReferenceUrls): readonly Html[] {
  return attempt.jobs.flatMap((job) => {
    const text = job.steps.map((step) => step.summary).join("");
    if (text === "") return [];
    return [
      html`<section class="summary"><h2>${job.name} <span class="muted">summary</span></h2>
<div class="markdown-body">${renderMarkdown(text, { kind: "summary", references })}</div></section>`,
    ];
  });
}

function artifacts(repository: Repository, run: WorkflowRun): Html | false {
  const mine = [...repository.actions.artifacts.values()].filter((artifact) => artifact.run === run);
  return (
    mine.length > 0 &&
    html`<section><h2>Artifacts</h2><ul class="rows">${mine.map(
      (artifact) => html`<li><a href="/-/artifacts/${repository.fullName}/${artifact.id}">${artifact.name}</a>
<span class="muted">${artifact.size.toLocaleString("en")} bytes, ${artifact.digest.slice(0, 19)}…</span></li>`,
    )}</ul></section>`
  );
}

function approvalRow(approval: EnvironmentApproval): Html {
  return html`<li>${statusIcon(approval.state)} <strong>${approval.user.login}</strong> ${approval.state}
${approval.environments.join(", ")} <span class="muted">${approval.comment}</span></li>`;
}

/** One job's log, a fold for each step. */
export function renderJobPage(repository: Repository, job: Job): Html {
  return html`<h1>${statusIcon(job.status, job.conclusion)} ${job.name}</h1>
<p class="muted"><a href="/${repository.fullName}/actions/runs/${job.run.id}">${titleText(job.run.displayTitle)}</a>${
    job.runner && html`, on ${job.runner.name}`
  }</p>
${job.steps.map(
  (
    step,
  ) => html`<details class="step"${step.conclusion === "failure" || step.status === "in_progress" ? html` open` : ""}>
<summary>${statusIcon(step.status, step.conclusion)} ${step.name}</summary>
${renderLog(job.log.filter((line) => line.step === step.number).map((line) => line.text))}</details>`,
)}`;
}
