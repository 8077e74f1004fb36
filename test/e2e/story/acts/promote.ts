/** A version moves up: staging at once, production when somebody else agrees. And back again. */

import type { Person } from "../../../localhub/index.ts";
import type { WorkflowRun } from "../../../localhub/world/repository.ts";
import { type Act, done, StoryBroken, stopped, waits } from "../act.ts";
import { over } from "../await-run.ts";
import { expectJobs, jobsOf, showLedger, showSummaries } from "../observe.ts";
import type { Stage } from "../stage.ts";

const MODEL = "visits";

export async function toStaging({ github, alice }: Stage, version: string): Promise<Act> {
  const inputs = { version, environment: "staging", kind: "promote" };
  const run = await over(github, await alice.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "success" });
  return {
    title: `${version} goes to staging`,
    lines: [done(`alice promotes ${version} to staging, which needs nobody's approval`)],
    shows: [...showSummaries(run), await showLedger(github, MODEL)],
  };
}

export async function toProduction({ github, alice, carol }: Stage, version: string): Promise<Act> {
  const inputs = { version, environment: "production", kind: "promote" };
  const run = await over(github, await alice.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "waiting" });
  const answer = await review(alice, run, "looks good to me");
  if (answer.status === 200) throw new StoryBroken("a requester approved their own promotion");
  expectJobs(github, run, { apply: "waiting" });
  await review(carol, run, approvalOf(run));
  await over(github, run);
  expectJobs(github, run, { apply: "success" });
  return {
    title: `${version} waits for production until somebody else agrees`,
    lines: [
      waits(`alice asks for ${version} in production; the plan says what it replaces, and waits`),
      stopped(`her own approval is refused: ${answer.message}`),
      done("carol reads the plan and approves it; what she approved is what is promoted"),
    ],
    shows: [...showSummaries(run), await showLedger(github, MODEL)],
  };
}

export async function rollBack({ github, alice, carol }: Stage, from: string, to: string): Promise<Act> {
  const reason = "Calls about waiting times doubled";
  const inputs = { environment: "production", kind: "roll-back", reason };
  const run = await over(github, await carol.dispatch("promote.yml", { inputs }));
  expectJobs(github, run, { plan: "success", apply: "waiting" });
  await review(alice, run, approvalOf(run));
  await over(github, run);
  expectJobs(github, run, { apply: "success" });
  return {
    title: `${from} is rolled back to ${to}`,
    lines: [
      done(`carol starts the roll back: one dispatch, with a reason ("${reason}")`),
      done(`alice approves; production serves ${to} again, and the ledger keeps every step`),
    ],
    shows: [...showSummaries(run), await showLedger(github, MODEL)],
  };
}

/** The first eight digits of the plan's digest: an approval that holds them is for this plan and no other. */
function approvalOf(run: WorkflowRun): string {
  const summary = (run.attempts.at(-1)?.jobs ?? [])
    .flatMap(({ steps }) => steps.map((step) => step.summary))
    .join("\n");
  const [, digits] = /Plan digest.*?sha256:([0-9a-f]{8})/.exec(summary) ?? [];
  if (digits === undefined)
    throw new StoryBroken(`the plan says no digest: ${JSON.stringify(jobsOf(run))}\n${summary}`);
  return `I have read plan ${digits}`;
}

/** Answers for production, as the page and any client do. */
async function review(person: Person, run: WorkflowRun, comment: string) {
  const environment = person.repository.environments.get("production");
  const route = "POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments";
  const wanted = { run_id: run.id, environment_ids: [environment?.id], state: "approved", comment };
  const { status, body } = await person.request(route, wanted);
  return { status, message: String(body?.errors?.[0] ?? body?.message ?? "") };
}
