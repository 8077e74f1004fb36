/**
 * Training on demand: on events of the default branch's workflow about pull requests, a training is only started when
 * somebody asks who may. A commit status waits for it, and the gate gives it the verdict.
 */
import { runUrlOf } from "../../shared/action/context.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { CommitStatus } from "../../shared/adapters/github/commit-status.ts";
import {
  type AskedTraining,
  type Asker,
  type DemandedPull,
  describeWait,
  type OnDemand,
  readDemand,
  whyNotAllowed,
  whyNotTrained,
  wordOf,
} from "../../shared/core/training/training-demand.ts";
import { ActionError, userError } from "../../shared/problem/problem.ts";
import type { Ports } from "./run.ts";
import type { spec } from "./spec.ts";

export interface DemandPorts extends Ports {
  /** `train.on-demand` of the default branch's policy, and the name of that branch. */
  readonly readOnDemand: () => Promise<{ readonly rules: OnDemand | undefined; readonly branch: string }>;
  readonly readAsker: (login: string) => Promise<Asker | undefined>;
  readonly readDemandedPull: (number: number) => Promise<DemandedPull>;
  readonly readStatus: (commit: string, name: string) => Promise<CommitStatus | undefined>;
  readonly isRunning: (run: number) => Promise<boolean>;
  readonly writeStatus: (commit: string, status: CommitStatus) => Promise<void>;
}

/** How the description of the status begins while somebody's training runs. */
const TRAINING = "training";

type Body = ActionBody<typeof spec, DemandPorts>;

/** Their own commit is that of the default branch, which nobody wants to train for a pull request. */
const asksByEvent = (name: string): boolean => name === "pull_request_target" || name === "issue_comment";

const nobodyMayAsk = (): Error =>
  userError({
    code: "on-demand-missing",
    message: "the policy of the default branch does not train on demand",
    fix: `Add "train: { on-demand: {} }" to a policy of version 2, or pass the input commit`,
  });

const notHere = (): Error =>
  userError({
    code: "on-demand-event",
    message: "the policy trains pull requests when somebody asks, and this job runs with every push",
    fix: "Use the template train-on-demand.yml, whose workflow is the default branch's, and remove this job",
  });

/** @param train the story of a training that is to be started */
export const onDemand =
  (train: ActionBody<typeof spec, Ports>): Body =>
  async (scope) => {
    const { inputs, context, ports, log } = scope;
    const { rules, branch } = await ports.readOnDemand();
    if (rules === undefined && asksByEvent(context.event.name) && inputs.commit === "") throw nobodyMayAsk();
    if (rules !== undefined && context.event.name === "pull_request") throw notHere();
    const demand = rules === undefined ? undefined : readDemand(context.event, rules);
    if (rules === undefined || demand === undefined || demand.kind === "none") return train(scope);

    const show = (commit: string, state: CommitStatus["state"], description: string): Promise<void> =>
      ports.writeStatus(commit, { context: rules.status, state, description, url: runUrlOf(context) });
    if (demand.kind === "waits") {
      const { head, because } = demand;
      // A verdict about this very commit stays, for example when the pull request is opened again.
      const isNew = head !== undefined && (await ports.readStatus(head, rules.status)) === undefined;
      if (isNew) await show(head, "pending", describeWait(rules));
      return wait(because);
    }
    const pull = await ports.readDemandedPull(demand.number);
    const why = await whyNot(demand, pull);
    if (why !== undefined) return wait(`${demand.by} asked to train pull request #${demand.number}: ${why}`);

    const commit = pull.head.sha;
    if (await isTrainedNow(commit)) return wait(`${commit} is being trained already`);
    log.info(`${demand.by} asked to train pull request #${demand.number} at ${commit}`);
    await show(commit, "pending", `${TRAINING}, as ${demand.by} asked by ${demand.how}`);
    try {
      // Who asks, and for which commit of whom, was just checked: the event alone would be refused.
      return await train({ ...scope, inputs: { ...inputs, commit, "allow-forks": true } });
    } catch (error) {
      const [problem] = error instanceof ActionError ? error.problems : [];
      await show(commit, "error", `not trained: ${problem?.message ?? "see the log"}`);
      throw error;
    }

    /** By another run: asked twice, it is trained once. */
    async function isTrainedNow(head: string): Promise<boolean> {
      const status = await ports.readStatus(head, rules?.status ?? "");
      const [, run] = /\/actions\/runs\/(\d{1,15})$/.exec(status?.url ?? "") ?? [];
      if (status?.state !== "pending" || !status.description.startsWith(TRAINING) || run === undefined) return false;
      return Number(run) !== context.run.id && (await ports.isRunning(Number(run)));
    }

    async function whyNot(asked: AskedTraining, of: DemandedPull): Promise<string | undefined> {
      const rule = { branch, allowForks: inputs["allow-forks"], word: rules && wordOf(rules) };
      return (rules && whyNotAllowed(await ports.readAsker(asked.by), rules)) ?? whyNotTrained(asked, of, rule);
    }

    function wait(because: string): Awaited<ReturnType<Body>> {
      log.notice(`Nothing is trained: ${because}`);
      return { outputs: { outcome: "waiting", record: "", "run-id": "", "run-url": "", commit: "" } };
    }
  };
