/** A stage for promotions: a local GitHub with registered versions, runs that wait for people, and the action at work in it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import type { ActionContext } from "../../shared/action/context.ts";
import { readInputs } from "../../shared/action/read-inputs.ts";
import type { InputsOf } from "../../shared/action/spec.ts";
import { silentLog } from "../../shared/action/testing.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { createTestClient } from "../../shared/adapters/github/testing.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { ActionError } from "../../shared/problem/problem.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../shared/records/model-version.ts";
import { type PromotionPlan, promotionPlan } from "../../shared/records/promotion-record.ts";
import { createPorts } from "./connect.ts";
import { run as promote } from "./run.ts";
import { spec } from "./spec.ts";

export const POLICY = `version: 1
model: { name: visits, files: [model.json] }
environments:
  - { name: staging }
  - { name: production, needs: staging, approvals: 1 }
  - { name: vault, needs: production, approvals: 2 }
`;

/** Only its jobs and environments count: the action is played beside it. Two jobs in one environment ask twice. */
const WORKFLOW = `
on: { workflow_dispatch: { inputs: { environment: { type: string } } } }
permissions: {}
jobs:
  plan: { runs-on: ubuntu-latest, steps: [run: "true"] }
  first: { needs: plan, if: "inputs.environment == 'vault'", environment: vault, runs-on: ubuntu-latest, steps: [run: "true"] }
  apply:
    needs: [plan, first]
    if: "!cancelled() && !failure()"
    environment: \${{ inputs.environment }}
    runs-on: ubuntu-latest
    steps: [run: "true"]
`;

export type PromotionRun = Awaited<ReturnType<LocalGitHub["run"]>>;

export interface PromotionStepOptions {
  /** A re-run of the run; 1 unless given. */
  readonly attempt?: number;
  /** In place of a client with the rights the README asks for. */
  readonly github?: GitHub;
  /** A change to what the plan's job handed over. */
  readonly tamper?: (plan: PromotionPlan) => PromotionPlan;
  readonly ref?: string;
}

export type PromotionFixture = Awaited<ReturnType<typeof createFixture>>;

export async function createFixture(options: Parameters<typeof startLocalGitHub>[0] = {}) {
  const hub = await startLocalGitHub({
    limits: "off",
    people: { alice: "write", bob: "write", carol: "write" },
    environments: {
      production: { reviewers: ["alice", "bob", "carol"] },
      vault: { reviewers: ["alice", "bob", "carol"] },
    },
    files: { ".github/mlops.yml": POLICY, ".github/workflows/promote.yml": WORKFLOW, "model.json": "{}" },
    ...options,
  });
  const root = mkdtempSync(join(tmpdir(), "promote-model-"));
  const reader = hub.tokenWith({ contents: "read", actions: "read" });
  const writer = hub.tokenWith({ contents: "write", actions: "read", deployments: "write" });
  const owner = createTestClient(hub);
  const registry = createGitTagRegistry(owner);
  /** What each run was started for. */
  const environments = new Map<PromotionRun, string>();
  const head = await hub.repository.git.ref("refs/heads/main");

  /** Registers a version as register-model would. */
  async function register(version: string, change: Partial<ModelVersionRecord> = {}): Promise<void> {
    const record = versionRecord(version, head?.sha ?? "", change);
    const message = formatTagMessage(`Register visits ${version}`, record);
    await registry.create({ name: `visits@${version}`, commit: record.commit, message, at: record.createdAt });
  }

  /** Plays the action as a step of this run would. @throws ActionError */
  async function act(run: PromotionRun, given: Readonly<Record<string, string>>, options: PromotionStepOptions = {}) {
    const mode = given["mode"] ?? "";
    const github = options.github ?? createTestClient(hub, { token: mode === "plan" ? reader : writer });
    const env = Object.entries({ token: "t", environment: environments.get(run) ?? "", ...given });
    const read = readInputs(
      spec,
      Object.fromEntries(env.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    );
    if (read.problems.length > 0) throw new ActionError("user-error", read.problems);
    const inputs = read.values as InputsOf<typeof spec>;
    const context: ActionContext = {
      repository: hub.repository.fullName,
      event: { name: "workflow_dispatch", payload: {} },
      sha: run.headSha,
      ref: options.ref ?? "refs/heads/main",
      run: { id: run.id, attempt: options.attempt ?? 1, number: 1 },
      workflow: `${hub.repository.fullName}/.github/workflows/promote.yml@refs/heads/main`,
      job: mode,
      actor: run.actor.login,
      triggeringActor: run.actor.login,
      urls: { api: hub.apiUrl, repository: `${hub.url}/${hub.repository.fullName}` },
      workspace: root,
      temp: root,
    };
    const now = (): number => hub.clock.now().getTime();
    const ports = createPorts({ github, inputs, context, now });
    const { tamper } = options;
    const readPlan = async (): Promise<PromotionPlan> => (tamper ?? ((plan) => plan))(await ports.readPlan());
    const signal = new AbortController().signal;
    const state = { save() {}, read: () => "" };
    return promote({ inputs, context, ports: { ...ports, readPlan }, log: silentLog, signal, state });
  }

  return {
    hub,
    register,
    act,
    registry,
    plan: (run: PromotionRun, inputs: Readonly<Record<string, string>>, options?: PromotionStepOptions) =>
      act(run, { mode: "plan", ...inputs }, options),
    /** With the digest of the newest plan, as the plan's job would hand it over. */
    apply: (run: PromotionRun, inputs: Readonly<Record<string, string>> = {}, options?: PromotionStepOptions) =>
      act(run, { mode: "apply", "plan-digest": planDigest(root), ...inputs }, options),
    /** A plan for staging in a file of its own, so that several can be applied at once. */
    async planned(version: string, run: PromotionRun) {
      const plan = `${run.id}-${version}.json`;
      const { outputs } = await act(run, { mode: "plan", version, plan });
      return { run, plan, digest: outputs["plan-digest"] };
    },
    applyPlanned: (
      { run, plan, digest }: { run: PromotionRun; plan: string; digest: string },
      options?: PromotionStepOptions,
    ) => act(run, { mode: "apply", plan, "plan-digest": digest }, options),
    /** Starts the workflow as this person. */
    async dispatch(environment: string, who = "alice"): Promise<PromotionRun> {
      const run = await hub.as(who).run("promote.yml", { inputs: { environment } });
      environments.set(run, environment);
      return run;
    },
    /** Plan, a person's approval where one is needed, and apply. */
    async promote(version: string, environment: string, inputs: Readonly<Record<string, string>> = {}) {
      const run = await this.dispatch(environment);
      await this.plan(run, { version, ...inputs });
      const approvers = environment === "staging" ? [] : environment === "vault" ? ["bob", "carol"] : ["bob"];
      for (const approver of approvers) await hub.as(approver).approve(run, environment);
      return this.apply(run);
    },
    ledger: async () => {
      const { text } = await createBranchLedger(owner, "visits").read();
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line));
    },
    tags: async () => (await registry.list("visits")).map(({ name }) => name).filter((name) => name.includes("#")),
    async close() {
      rmSync(root, { recursive: true });
      await hub.close();
    },
  };
}

function versionRecord(version: string, commit: string, change: Partial<ModelVersionRecord>): ModelVersionRecord {
  return modelVersionRecord.parse({
    schema: "mlops-actions/model-version@1",
    model: "visits",
    version,
    commit,
    modelDigest: digestOf(`model ${version}`),
    dataDigest: digestOf("data"),
    trainingRecordDigest: digestOf(`training ${version}`),
    verdictDigest: digestOf(`verdict ${version}`),
    metrics: [{ name: "mae", slice: null, value: 2 }],
    governance: { owner: "team" },
    createdAt: "2026-01-01T00:00:00Z",
    origin: { repository: "octo/model", workflow: "register.yml", run: 1, attempt: 1, actor: "alice" },
    ...change,
  });
}

function planDigest(root: string): string {
  const plan = promotionPlan.parse(JSON.parse(readFileSync(join(root, "promotion-plan.json"), "utf8")));
  return digestRecord(plan, digestOf);
}

/** The codes an attempt ends with; empty when it succeeds. */
export const rejectionCodes = async (attempt: Promise<unknown>): Promise<readonly string[]> =>
  attempt.then(
    () => [],
    (error: unknown) => {
      if (error instanceof ActionError) return error.problems.map(({ code }) => code);
      throw error;
    },
  );
