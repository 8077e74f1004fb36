/** The story of report-metrics: read what was decided, find the pull request it is about, keep its one comment true. */
import { ActionFailure } from "../../shared/action/problem.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertBelievable, warningsAbout } from "../../shared/core/comment/believe.ts";
import type { Conversation } from "../../shared/core/comment/conversation.ts";
import { assertFresh, keepOneComment } from "../../shared/core/comment/keep-one.ts";
import { printMarker } from "../../shared/core/comment/marker.ts";
import { choosePull, type Pull, subjectOf } from "../../shared/core/comment/subject.ts";
import { type Judgement, renderComment, renderVerdict } from "../../shared/report/verdict.ts";
import { whyUndecided } from "./judgement.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The verdict and the data report, as far as they are there. */
  readonly judgement: () => Promise<Judgement>;
  readonly pull: (number: number) => Promise<Pull>;
  readonly pullsFrom: (owner: string, branch: string) => Promise<readonly Pull[]>;
  readonly conversation: (number: number) => Conversation;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const judgement = await ports.judgement();
  const subject = subjectOf(context);
  const failed = whyUndecided(judgement, inputs.record);
  const repository = `${context.urls.server}/${context.repository}`;
  const page = (run: number): string => `${repository}/actions/runs/${run}`;
  if (subject.kind === "none") {
    log.notice(`No comment: ${subject.why}. The job summary has the report.`);
    return {
      outputs: { comment: "none", url: "" },
      summary: renderVerdict(judgement, { repository, run: page(context.run.id) }),
      failed,
    };
  }

  // Decide what may be said.
  assertBelievable(judgement, context.repository, subject.judging);
  const { workflow, revision } = subject.judging;
  const warnings = warningsAbout(judgement, subject.judging);
  const surroundings = { repository, run: page(revision.run), head: revision.head, warnings };
  const summary = renderVerdict(judgement, surroundings);

  // Show.
  try {
    const pull =
      subject.kind === "pull-request"
        ? await ports.pull(subject.number)
        : choosePull(await ports.pullsFrom(subject.source.owner, subject.source.branch), subject.source, revision.head);
    assertFresh(revision.head, pull.head.sha);
    const place = { workflow, key: inputs.key };
    const body = renderComment(judgement, surroundings, printMarker(place, revision));
    const kept = await keepOneComment(ports.conversation(pull.number), place, { body, revision }, inputs.author);
    log.info(`The comment on pull request ${pull.number} is ${kept.how}: ${kept.comment.url}`);
    if (kept.learnt !== undefined) log.notice(`The token writes as ${kept.learnt}. Add "author: ${kept.learnt}".`);
    return { outputs: { comment: kept.how, url: kept.comment.url }, summary, failed };
  } catch (error) {
    // The gate's answer does not hang on whether it could be told here.
    if (!(error instanceof ActionFailure) || error.problems[0]?.code !== "permission-missing") throw error;
    log.warn({
      code: "comment-forbidden",
      message: "the token may not comment on pull requests; the job summary has the report",
      fix: 'Add under "permissions:" of the job: "pull-requests: write". Forks and Dependabot never get it: use the workflow on workflow_run for them',
    });
    return { outputs: { comment: "none", url: "" }, summary, failed };
  }
};
