/** For tests of promotions: a local GitHub with registered versions, and runs that wait for approvals. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { createGitHub } from "../../shared/adapters/github/client.ts";
import { createFakeTime, createTestClient } from "../../shared/adapters/github/testing.ts";
import { createBranchLedger } from "../../shared/adapters/ledger/branch-ledger.ts";
import { createGitTagRegistry } from "../../shared/adapters/registry/git-tag-registry.ts";
import { storeEvidence } from "../../shared/adapters/registry/testing.ts";
import type { Registry } from "../../shared/core/registry/registry.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import { MODEL_VERSION, type ModelVersionRecord, modelVersionRecord } from "../../shared/records/model-version.ts";
import {
  type AnyPlan,
  anyPlan,
  isPromotion,
  type PromotionPlan,
  promotionPlan,
} from "../../shared/records/promotion-plan.ts";
import type { ReadRecord, RecordVersion } from "../../shared/records/record-format.ts";
import { readValue } from "../../shared/records/testing.ts";
import { type Play, type PlayedAction, playAction, playPost } from "../../test/fixture/play-action.ts";
import { readFile } from "../../test/fixture/prepare-job.ts";
import { abandon } from "./abandon.ts";
import { connectWith } from "./connect.ts";
import { run as promote } from "./run.ts";
import { spec } from "./spec.ts";

/** Uploads nothing itself: the tests store the records of its run. */
export const TRAIN = `
on: workflow_dispatch
permissions: {}
jobs: { train: { runs-on: ubuntu-latest, steps: [run: "true"] } }
`;

export const POLICY = `version: 2
model: { name: visits, files: [model.json] }
environments:
  - { name: staging, approvals: 0 }
  - { name: production, needs: [staging], approvals: 1 }
  - { name: vault, needs: [production], approvals: 2 }
`;

/** Only its jobs and environments matter: the tests run the action beside it. A run for vault waits for approvals twice. */
const WORKFLOW = `
on: { workflow_dispatch: { inputs: { environment: { type: string }, first: { type: string } } } }
permissions: {}
jobs:
  plan: { runs-on: ubuntu-latest, steps: [run: "true"] }
  first: { needs: plan, if: "inputs.environment == 'vault' || inputs.first == 'vault'", environment: { name: vault, deployment: false }, runs-on: ubuntu-latest, steps: [run: "true"] }
  apply:
    needs: [plan, first]
    if: "!cancelled() && !failure()"
    environment: { name: "\${{ inputs.environment }}", deployment: false }
    runs-on: ubuntu-latest
    steps: [run: "true"]
`;

export type PromotionRun = Awaited<ReturnType<LocalGitHub["run"]>>;

export type PromotionInputs = NonNullable<Play<typeof spec>["inputs"]>;

export interface PromotionStepOptions {
  /** A re-run of the run; 1 unless given. */
  readonly attempt?: number;
  readonly ref?: string;
  /** A client that fails. */
  readonly createClient?: typeof createGitHub;
  /** A change to the plan's file after its job. */
  readonly tamper?: (plan: PromotionPlan) => PromotionPlan;
}

type Step = (
  run: PromotionRun,
  inputs?: PromotionInputs,
  options?: PromotionStepOptions,
) => Promise<PlayedAction<typeof spec>>;

/** What the template for reconciliation permits. */
const READ_ONLY = { contents: "read", actions: "read", deployments: "read" } as const;

export type PromotionFixture = Awaited<ReturnType<typeof createFixture>>;

export interface PromotionWorld {
  readonly policy: string;
  readonly model: string;
  /** Environments with required reviewers. */
  readonly reviewed: readonly string[];
  /** GitHub's own protection from approvals of one's own request, which most tests do without: ours must hold alone. */
  readonly preventSelfReview?: boolean;
  /** Of the records of registered versions. */
  readonly version: RecordVersion;
}

export const VISITS: PromotionWorld = {
  policy: POLICY,
  model: "visits",
  reviewed: ["production", "vault"],
  version: 2,
};

export async function createFixture(world: PromotionWorld = VISITS) {
  const { policy, model, reviewed, version: recordVersion, preventSelfReview = false } = world;
  const reviewers = ["alice", "bob", "carol"];
  const hub = await startLocalGitHub({
    limits: "off",
    people: { alice: "write", bob: "write", carol: "write", dan: "write" },
    environments: Object.fromEntries(reviewed.map((name) => [name, { reviewers, preventSelfReview }])),
    files: {
      ".github/mlops.yml": policy,
      ".github/workflows/promote.yml": WORKFLOW,
      ".github/workflows/train.yml": TRAIN,
      "model.json": "{}",
    },
  });
  const trained = new Map<string, PromotionRun[]>();
  const workspace = mkdtempSync(join(tmpdir(), "promotions-"));
  const reader = hub.tokenWith({ contents: "read", actions: "read" });
  const owner = createTestClient(hub);
  const registry = createGitTagRegistry(owner);
  /** The input of each run. */
  const environments = new Map<PromotionRun, string>();

  const readPlan = (): ReadRecord<AnyPlan> =>
    readValue(anyPlan, JSON.parse(readFile(workspace, "promotion-plan.json")));
  function changedPlan(change: (plan: PromotionPlan) => PromotionPlan): string {
    const plan = readPlan();
    if (!isPromotion(plan)) throw new Error("the plan is that of a repair");
    return JSON.stringify(inVersion(promotionPlan, change(plan.record), plan.version).written);
  }

  /** One for several versions, as a matrix would train them. */
  async function trainingRun(commit: string): Promise<PromotionRun> {
    const runs = trained.get(commit) ?? [];
    const versions = (run: PromotionRun) =>
      [...hub.repository.actions.artifacts.values()].filter((artifact) => artifact.run === run).length / 2;
    const found = runs.find((run) => versions(run) < 20) ?? (await hub.run("train.yml"));
    trained.set(commit, [...new Set([...runs, found])]);
    return found;
  }

  async function policyAt(ref: string): Promise<string> {
    const at = { path: ".github/mlops.yml", ref };
    const { body } = await hub.request("GET /repos/{owner}/{repo}/contents/{path}", at);
    return Buffer.from(body.content, "base64").toString();
  }

  /** The action as a step of this run. */
  function act(run: PromotionRun, inputs: PromotionInputs, options: PromotionStepOptions = {}) {
    const { attempt = 1, createClient = createGitHub, tamper, ...at } = options;
    const connect = connectWith((client) => createClient({ ...client, time: createFakeTime() }));
    return playAction(spec, promote, connect, {
      hub,
      workspace,
      files: tamper === undefined ? {} : { "promotion-plan.json": changedPlan(tamper) },
      inputs: { environment: environments.get(run) ?? "", ...inputs },
      event: { name: "workflow_dispatch", sha: run.headSha, actor: run.actor.login, ...at },
      run: { id: run.id, attempt },
    });
  }
  /** Needs no more than to read. */
  const plan = (run: PromotionRun, inputs: PromotionInputs, options?: PromotionStepOptions) =>
    act(run, { mode: "plan", token: reader, ...inputs }, options);
  /** With the digest of the newest plan, as the output of the plan's job. */
  const withPlan =
    (mode: "begin" | "commit" | "apply") =>
    (run: PromotionRun, inputs: PromotionInputs = {}, options?: PromotionStepOptions) =>
      act(run, { mode, "plan-digest": digestRecord(readPlan(), digestOf), ...inputs }, options);
  const [begin, commit, apply] = (["begin", "commit", "apply"] as const).map(withPlan) as [Step, Step, Step];
  const request = (run: PromotionRun) => act(run, { mode: "request", environment: "" });
  /** As the scheduled workflow does: on no run of a promotion, and with a token that only reads. */
  const reconcile = (inputs: PromotionInputs = {}) =>
    playAction(
      spec,
      promote,
      connectWith((client) => createGitHub({ ...client, time: createFakeTime() })),
      {
        hub,
        inputs: { mode: "reconcile", token: hub.tokenWith(READ_ONLY), ...inputs },
        event: { name: "schedule" },
      },
    );
  /** The post step of a step that was played. */
  const end = (begun: PlayedAction<typeof spec>) =>
    playPost(
      spec,
      abandon,
      connectWith((client) => createGitHub({ ...client, time: createFakeTime() })),
      begun,
    );

  /** Starts the workflow as this person. `first`: an environment that is asked before. */
  async function dispatch(environment: string, who = "alice", more: { first?: string } = {}): Promise<PromotionRun> {
    const run = await hub.as(who).run("promote.yml", { inputs: { environment, ...more } });
    environments.set(run, environment);
    return run;
  }

  return {
    hub,
    workspace,
    registry,
    ...{ plan, begin, commit, apply, end, dispatch, reconcile, request },
    /** Registers what a run has trained and judged; a change makes its tag say something else. */
    async register(version: string, change: Partial<ModelVersionRecord> = {}, as: RecordVersion = recordVersion) {
      const commit = (await hub.repository.git.resolve("refs/heads/main")) ?? "";
      const { files, modelDigest: digest = "" } = change;
      const evidence = storeEvidence(hub, await trainingRun(commit), {
        ...{ version, commit, policy: await policyAt(commit) },
        ...(files && { training: { model: { files, digest } } }),
      });
      await register(registry, version, commit, { model, ...evidence, ...change }, as);
    },
    /** A plan in a file of its own, so that several can be applied at the same time. */
    async planned(version: string, run: PromotionRun) {
      const file = `${run.id}-${version}.json`;
      const { outputs } = assertSucceeded(await plan(run, { version, plan: file }));
      return { run, inputs: { plan: file, "plan-digest": outputs["plan-digest"] } };
    },
    applyPlanned: (planned: { run: PromotionRun; inputs: PromotionInputs }, options?: PromotionStepOptions) =>
      act(planned.run, { mode: "apply", ...planned.inputs }, options),
    /** Plan, the approvals that are needed, and apply. */
    async promote(version: string, environment: string, inputs: PromotionInputs = {}) {
      const run = await dispatch(environment);
      assertSucceeded(await plan(run, { version, ...inputs }));
      const approvers = reviewed.includes(environment) ? ["bob"] : [];
      for (const approver of approvers) await hub.as(approver).approve(run, environment);
      return assertSucceeded(await apply(run));
    },
    ledger: async () => {
      const { text } = await createBranchLedger(owner, model).read();
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line));
    },
    tags: async () => (await registry.list(model)).map(({ name }) => name).filter((name) => name.includes("#")),
  };
}

/** As register-model does. */
export async function register(
  registry: Registry,
  version: string,
  commit: string,
  change: Partial<ModelVersionRecord> = {},
  recordVersion: RecordVersion = 1,
): Promise<void> {
  const record: ModelVersionRecord = {
    schema: MODEL_VERSION,
    model: "visits",
    version,
    commit,
    modelDigest: digestOf(`model ${version}`),
    dataDigest: digestOf("data"),
    trainingRecordDigest: digestOf(`training ${version}`),
    verdictDigest: digestOf(`verdict ${version}`),
    metrics: [{ name: "mae", slice: null, value: 2 }],
    governance: { owner: "team", purpose: "plan capacity", data_sources: "RAND HIE", approval_date: "2026-01-01" },
    createdAt: "2026-01-01T00:00:00Z",
    origin: { repository: "octo/model", workflow: "register.yml", run: 1, attempt: 1, actor: "alice" },
    ...change,
  };
  const message = formatTagMessage(
    `Register ${record.model} ${version}`,
    modelVersionRecord,
    inVersion(modelVersionRecord, record, recordVersion),
  );
  await registry.create({ name: versionTagName(record.model, version), commit, message, at: record.createdAt });
}

/** For steps that only prepare a test. */
export function assertSucceeded(played: PlayedAction<typeof spec>): PlayedAction<typeof spec> {
  if (played.exitCode !== 0) throw new Error(`a step that prepares the test failed:\n${played.log}`);
  return played;
}
