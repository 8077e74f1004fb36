/** What a laptop has for the gate: the rules and numbers of its folder, and what its git has of the base. */
import { createWorkspaceFiles } from "../../adapters/files/create-workspace-files.ts";
import { digestOf } from "../../adapters/files/digest.ts";
import { followDvc } from "../../adapters/files/follow-dvc.ts";
import type { WorkspaceFiles } from "../../adapters/files/workspace-files.ts";
import { createGitCheckout, type GitCheckout } from "../../adapters/git/git-checkout.ts";
import { readGateEvidence } from "../../adapters/git/read-gate-evidence.ts";
import type { Baseline } from "../../core/gate/baseline.ts";
import type { GateEvidence } from "../../core/gate/verify-evidence.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import { POLICY_PATH, type Policy } from "../../core/policy/policy.ts";
import { readPolicy } from "../../core/policy/read-policy.ts";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import { findPredictions } from "../../core/policy/wanted-predictions.ts";
import { ActionError, refused, userError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import type { Metric } from "../../records/fields.ts";
import { decodeText } from "../../text/decode-text.ts";
import type { CommandContext } from "../command.ts";
import { findBase, type LocalBase } from "./find-base.ts";

const READER = "gate-metrics";
/** How it is named here. */
export const MODEL_OPTION = "--model";

export interface GateOptions {
  /** Path of the policy. */
  readonly policy: string;
  /** The one of several models; empty: the only one. */
  readonly model: string;
  /** Branch, tag or commit; empty: the default branch. */
  readonly base: string;
  /** Metric files to compare with; empty: the same files at the base. */
  readonly baseline: readonly string[];
}

export interface LocalGate {
  readonly rules: Policy;
  readonly policyPath: string;
  readonly policyText: string;
  readonly metrics: readonly Metric[];
  readonly evidence: GateEvidence;
  readonly baseline: Baseline;
  readonly base: LocalBase | undefined;
  /** Commit of the folder; `undefined`: none yet. */
  readonly head: string | undefined;
  readonly notes: readonly string[];
}

/** @param patterns paths or globs of metric files @throws ActionError with the place of what is wrong */
export async function gatherGate(
  patterns: readonly string[],
  options: GateOptions,
  { folder, signal }: CommandContext,
): Promise<LocalGate> {
  const files = createWorkspaceFiles(folder);
  const git = createGitCheckout(folder, signal);
  const policyText = await readPolicyText(files, options.policy);
  const rules = readPolicy(policyText, options.policy, { reader: READER, model: options.model, option: MODEL_OPTION });
  const predictions = findPredictions(getModelPolicy(rules).statistics);
  const evidence = await readGateEvidence(files, git, {
    ...{ metrics: patterns, "data-report": "", reader: READER, predictions },
  });
  assertTrained(evidence);
  const base = await findBase(git, options.base);
  const paths = evidence.files.map(({ path }) => path);
  return {
    ...{ rules, policyPath: options.policy, policyText, evidence, base, head: await git.head() },
    metrics: collectMetrics(evidence.files),
    baseline:
      options.baseline.length > 0
        ? await readBaselineFiles(files, options.baseline)
        : await readBaselineAtBase(git, base, baselinePaths(rules) ?? paths),
    notes: await policyNotes(git, base, options.policy, policyText),
  };
}

async function readPolicyText(files: WorkspaceFiles, path: string): Promise<string> {
  if (await files.exists(path)) return files.readText(path);
  throw userError({
    code: "policy-missing",
    message: "there is no policy here",
    place: { file: path },
    fix: `Start it at the root of the repository, or name the file with --policy; the usual one is ${POLICY_PATH}`,
  });
}

function assertTrained({ files }: GateEvidence): void {
  for (const { path, record } of files) {
    if (record === undefined || record.outcome === "success") continue;
    throw refused({
      code: "evidence-training-failed",
      message: `the training ended in ${record.outcome}`,
      place: { file: path },
      fix: "Read the training's log and fix the error",
    });
  }
}

/** The file in git that the policy compares with, if it names one. */
function baselinePaths(rules: Policy): readonly string[] | undefined {
  const named = getModelPolicy(rules).baseline.find(({ from }) => from === "file" || from === "ratchet");
  return named?.path === undefined ? undefined : [named.path];
}

async function readBaselineFiles(files: WorkspaceFiles, patterns: readonly string[]): Promise<Baseline> {
  const paths = await files.list(await followDvc(files, patterns));
  const read = [];
  for (const path of paths) read.push(readMetrics(await files.readText(path), path, READER));
  return toBaseline(collectMetrics(read), "0".repeat(40), paths.join(", "));
}

/** All of the files, or nothing: a part of them would look as if the rest were new. */
async function readBaselineAtBase(
  git: GitCheckout,
  base: LocalBase | undefined,
  paths: readonly string[],
): Promise<Baseline> {
  const missing = (reason: string): Baseline => ({
    kind: "missing",
    reason: `${reason}; name files to compare with by --baseline`,
  });
  if (base === undefined) return missing("git has no default branch here");
  const where = `${base.branch} at ${base.commit.slice(0, 7)}`;
  const read = [];
  for (const path of paths) {
    const bytes = await git.readFile(base.commit, path);
    if (bytes === undefined) return missing(`${where} has no ${path}`);
    try {
      read.push(readMetrics(decodeText(bytes), path, READER));
    } catch (error) {
      if (!(error instanceof ActionError) && !(error instanceof TypeError)) throw error;
      return missing(`${path} of ${where} cannot be read`);
    }
  }
  return toBaseline(collectMetrics(read), base.commit, `${paths.join(", ")} of ${where}`);
}

const toBaseline = (metrics: readonly Metric[], commit: string, source: string): Baseline => ({
  kind: "found",
  metrics,
  provenance: { commit, metricsDigest: digestMetrics(metrics, digestOf), source, kind: "file" },
});

/** On GitHub the rules of the base count, and not those of the folder. */
async function policyNotes(
  git: GitCheckout,
  base: LocalBase | undefined,
  path: string,
  text: string,
): Promise<readonly string[]> {
  if (base === undefined) return [];
  const there = await git.readFile(base.commit, path);
  const where = `${base.branch} at ${base.commit.slice(0, 7)}`;
  if (there === undefined) return [`${where} has no ${path}: on GitHub these rules count once they are merged.`];
  return Buffer.from(text).equals(Buffer.from(there))
    ? []
    : [`${path} differs from that of ${where}: on GitHub its rules count, and not these.`];
}
