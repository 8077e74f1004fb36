/** The story of dispatch-training: may it be started, start it once, wait with reasons, take its record. */
import { ActionFailure, mistake, type Problem } from "../../shared/action/problem.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { Callee } from "../../shared/adapters/dispatch/callee.ts";
import type { LeftRecord } from "../../shared/adapters/dispatch/left-record.ts";
import { assertAnswers } from "../../shared/core/training/answers-request.ts";
import { dispatchInputs } from "../../shared/core/training/dispatch-inputs.ts";
import { assertMayDispatch } from "../../shared/core/training/trust.ts";
import { renderTraining } from "../../shared/report/training.ts";
import { type Child, saveChild } from "./child.ts";
import { type Followed, follow, type Watch } from "./follow.ts";
import type { spec } from "./spec.ts";

export interface Ports extends Watch {
  readonly callee: () => Promise<Callee>;
  readonly newRequest: () => string;
  readonly start: (callee: Callee, inputs: Readonly<Record<string, string>>, request: string) => Promise<number>;
  readonly fetchRecord: (run: number, attempt: number) => Promise<LeftRecord>;
  readonly writeRecord: (text: string) => Promise<void>;
  /** Works after a cancellation too. */
  readonly cancel: (run: number) => Promise<void>;
  /** The run that an order made whose answer nobody heard. */
  readonly findLost: (child: Child) => Promise<number | undefined>;
  /** Cancels, waits, and forces. */
  readonly end: (run: number) => Promise<"ended" | "forced" | undefined>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log, signal, state }) => {
  // Gather.
  assertMayDispatch(context.event, inputs["allow-forks"]);
  const commit = inputs.commit === "" ? context.sha : assertFullSha(inputs.commit);
  const callee = await ports.callee();
  const request = ports.newRequest();
  const passed = dispatchInputs(inputs.inputs, { commit, request }, callee.declared, callee.path);

  // Start.
  const child: Child = { workflow: callee.id, ref: callee.ref, request, run: null };
  saveChild(state, child);
  const id = await ports.start(callee, passed, request);
  saveChild(state, { ...child, run: id });
  const { url } = await ports.look(id);
  log.info(`Training commit ${commit.slice(0, 7)} with ${callee.path} on ${callee.ref}: ${url}`);

  // Wait.
  const limits = { timeout: inputs.timeout, startTimeout: inputs["start-timeout"] };
  const end = await follow(id, limits, ports, log, signal);
  if (end.kind === "ended") saveChild(state, undefined);
  else await ports.cancel(id);

  // Judge.
  const left = end.kind === "ended" ? await takeRecord(id, end.attempt, ports) : undefined;
  const succeeded = end.kind === "ended" && end.outcome === "success";
  if (succeeded && left?.failure) throw left.failure;
  if (succeeded && left?.found) {
    assertAnswers(left.found.record, { commit, repository: context.repository, run: id }, inputs.artifact);
  }

  // Show; the record of a training that failed too, so that the gate can say why.
  if (left?.found) await ports.writeRecord(left.found.text);
  return {
    outputs: {
      outcome: end.outcome,
      record: left?.found ? inputs.record : "",
      "run-id": String(id),
      "run-url": url,
    },
    summary: left?.found ? renderTraining(left.found.record) : "",
    failed: succeeded ? undefined : untrained(id, end, url),
  };
};

const untrained = (id: number, { outcome, because }: Followed, url: string): Problem => ({
  code: outcome === "failure" ? "dispatched-run-failed" : `dispatched-run-${outcome}`,
  message: `run ${id} did not train the commit: ${because}`,
  fix: `See ${url}`,
});

type Left =
  | { readonly found: LeftRecord; readonly failure?: never }
  | { readonly found?: never; readonly failure: ActionFailure };

async function takeRecord(id: number, attempt: number, ports: Ports): Promise<Left> {
  try {
    return { found: await ports.fetchRecord(id, attempt) };
  } catch (error) {
    if (error instanceof ActionFailure) return { failure: error };
    throw error;
  }
}

function assertFullSha(commit: string): string {
  if (/^[0-9a-f]{40}$/.test(commit)) return commit;
  throw mistake({
    code: "commit-not-full",
    message: `input commit: ${JSON.stringify(commit)} is not a full commit SHA`,
    fix: "Pass all 40 hex digits, for example ${{ github.sha }}: a branch could move while it waits",
  });
}
