/** A version is promoted: to staging at once, to production when somebody else approves. Then it is rolled back. */
import type { Person, WorkflowRun } from "@mlops-actions/localhub";
import { captureLedger, captureSummaries, expectJobs } from "../observe.ts";
import type { StoryFixture } from "../story-fixture.ts";
import { done, StoryError, type StoryStep, stopped, waits } from "../story-step.ts";
import { waitForRun } from "../wait-for-run.ts";

const MODEL = "visits";

export async function promoteToStaging({ github, alice }: StoryFixture, version: string): Promise<StoryStep> {
  const inputs = { version, environment: "staging", kind: "promote" };
  const run = await waitForRun(github, await alice.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "success" });
  return {
    title: `${version} is promoted to staging`,
    lines: [done(`alice promotes ${version} to staging, which needs no approval`)],
    views: [...captureSummaries(run), await captureLedger(github, MODEL)],
  };
}

export async function promoteToProduction({ github, alice, carol }: StoryFixture, version: string): Promise<StoryStep> {
  const inputs = { version, environment: "production", kind: "promote" };
  const run = await waitForRun(github, await alice.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "waiting" });
  const refusal = await submitApproval(alice, run, "looks good to me");
  if (refusal.status === 200) throw new StoryError("a requester approved their own promotion");
  expectJobs(github, run, { apply: "waiting" });
  await submitApproval(carol, run, approvalComment(run));
  await waitForRun(github, run);
  expectJobs(github, run, { apply: "success" });
  return {
    title: `${version} waits for production until somebody else approves`,
    lines: [
      waits(`alice requests ${version} for production; the plan shows what it replaces, and waits for approval`),
      stopped(`her own approval is refused: ${refusal.message}`),
      done("carol reads the plan and approves it; exactly this plan is applied"),
    ],
    views: [...captureSummaries(run), await captureLedger(github, MODEL)],
  };
}

export async function rollBack({ github, alice, carol }: StoryFixture, from: string, to: string): Promise<StoryStep> {
  const reason = "Calls about waiting times doubled";
  const inputs = { environment: "production", kind: "roll-back", reason };
  const run = await waitForRun(github, await carol.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "waiting" });
  await submitApproval(alice, run, approvalComment(run));
  await waitForRun(github, run);
  expectJobs(github, run, { apply: "success" });
  return {
    title: `${from} is rolled back to ${to}`,
    lines: [
      done(`carol starts the roll back: one workflow dispatch, with a reason ("${reason}")`),
      done(`alice approves; ${to} is deployed to production again, and the ledger has every step`),
    ],
    views: [...captureSummaries(run), await captureLedger(github, MODEL)],
  };
}

/** What the waiting job's name asks for: an approval that contains these digits is for this plan and no other. */
function approvalComment(run: WorkflowRun): string {
  const job = run.attempts.at(-1)?.jobs.find(({ key }) => key === "apply");
  const [, digits] = /^apply, if approved with ([0-9a-f]{8})$/.exec(job?.name ?? "") ?? [];
  if (digits === undefined)
    throw new StoryError(`the job that waits for approval is named ${job?.name}, without digits`);
  return `I have read plan ${digits}`;
}

/** Approves the deployment to production over the API, as the page and any client do. */
async function submitApproval(person: Person, run: WorkflowRun, comment: string) {
  const environment = person.repository.environments.get("production");
  const route = "POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments";
  const body = { run_id: run.id, environment_ids: [environment?.id], state: "approved", comment };
  const response = await person.request(route, body);
  return { status: response.status, message: String(response.body?.errors?.[0] ?? response.body?.message ?? "") };
}
