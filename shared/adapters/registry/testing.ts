/** What a run has trained and judged, and the version that says so: for tests. */
import type { LocalGitHub, WorkflowRun } from "@mlops-actions/localhub";
import { strToU8, zipSync } from "fflate";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import { TRAINING_RECORD_1 } from "../../records/training-record-1.ts";
import type { Verdict } from "../../records/verdict.ts";
import { VERDICT_1 } from "../../records/verdict-1.ts";
import { digestOf } from "../files/digest.ts";

export interface TrainedVersion {
  readonly version: string;
  readonly commit: string;
  /** By which it was judged. */
  readonly policy: string;
  readonly training?: Partial<TrainingRecord>;
  readonly verdict?: Partial<Verdict>;
}

/** An artifact with one text. */
export const storeFile = (hub: LocalGitHub, run: WorkflowRun, name: string, files: Readonly<Record<string, string>>) =>
  hub.storeArtifact(
    run,
    name,
    zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)]))),
  );

/** The training record and the verdict of a version, as artifacts of the run. @returns what the version says about them */
export function storeEvidence(
  hub: LocalGitHub,
  run: WorkflowRun,
  { version, commit, policy, ...change }: TrainedVersion,
): Pick<ModelVersionRecord, "origin" | "trainingRecordDigest" | "verdictDigest" | "evidence"> {
  const origin = { repository: "octo/model", workflow: "train.yml", run: run.id, attempt: 1, actor: "octo" };
  const files = [{ path: "model.json", bytes: 2, digest: digestOf("{}") }];
  const model = { files, digest: digestOf(`model ${version}`) };
  const training = JSON.stringify({
    schema: TRAINING_RECORD_1,
    outcome: "success",
    commit,
    dataDigest: digestOf("data"),
    command: ["node", "train.mjs"],
    params: {},
    environment: { os: "linux", arch: "x64", runner: "here", gpus: [], versions: {} },
    startedAt: "2026-01-01T00:00:00Z",
    endedAt: "2026-01-01T00:00:01Z",
    exit: { code: 0, signal: null },
    metrics: [{ name: "mae", slice: null, value: 2 }],
    metricFiles: [],
    model,
    origin,
    ...change.training,
  });
  const verdict = JSON.stringify({
    schema: VERDICT_1,
    outcome: "pass",
    head: commit,
    judged: commit,
    metricsDigest: digestOf("metrics"),
    policy: { path: ".github/mlops.yml", ref: commit, digest: digestOf(policy) },
    baseline: null,
    rulings: [],
    metrics: [{ name: "mae", slice: null, candidate: 2, baseline: null }],
    notes: [],
    origin,
    ...change.verdict,
  });
  const store = (kind: "training-record" | "verdict", text: string) => {
    const artifact = storeFile(hub, run, `${kind} ${version}`, { [`${kind}.json`]: text });
    const proof = {
      ...{ repository: "octo/model", run: run.id, attempt: 1, event: run.event, branch: "main" },
      ...{ headCommit: run.headSha, workflow: run.workflow.path, conclusion: "success" },
      artifact: { id: artifact.id, name: artifact.name, digest: artifact.digest },
      at: "2026-01-01T00:00:00Z",
    };
    return { kind, digest: digestOf(canonicalJson(JSON.parse(text))), proof };
  };
  const evidence = [store("training-record", training), store("verdict", verdict)] as const;
  return {
    origin: { ...origin, workflow: "register.yml" },
    trainingRecordDigest: evidence[0].digest,
    verdictDigest: evidence[1].digest,
    evidence: [...evidence],
  };
}
