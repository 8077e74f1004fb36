/** The port to the ledger; `adapters/ledger` stores it on a separate branch. */
import type { Problem } from "../../problem/problem.ts";
import type { ModelVersionRef, PromotionPlan, RepairPlan } from "../../records/promotion-plan.ts";
import type { Approval, Checkpoint, PromotionEntry } from "../../records/promotion-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { environmentKey } from "../policy/environment-name.ts";

/** A deployment that was announced, as the ledger names it. */
export interface AnnouncedDeployment {
  readonly id: number;
  /** Whether GitHub made it. */
  readonly adopted: boolean;
}

export interface LedgerFile {
  /** Names the content that the next writer must append to; `undefined` when there is no ledger yet. */
  readonly head: string | undefined;
  /** One record a line. */
  readonly text: string;
  /** Why it is no text. */
  readonly damage?: Problem;
}

export interface Ledger {
  /** Its name in messages. */
  readonly name: string;
  read(): Promise<LedgerFile>;
  /**
   * Appends a line unless another run has appended one since `onto` was read.
   * @returns the ledger after that, or `undefined` when another run appended first
   */
  append(onto: LedgerFile, line: string, at: string, title: string): Promise<LedgerFile | undefined>;
}

/** An entry with what it is about, which only an intent needs to contain. */
export interface LedgerEntry extends ReadRecord<PromotionEntry> {
  readonly planDigest: string;
  readonly plan: PromotionPlan;
  readonly approvals: readonly Approval[];
  /** The one that began it, where that was recorded. */
  readonly deployment?: AnnouncedDeployment | undefined;
}

/** The state that a verified ledger describes. */
export interface LedgerState {
  /** Number and digest of the newest entry; 0 and null before the first. */
  readonly seq: number;
  readonly digest: string | null;
  /** By `environmentKey`. */
  readonly environments: ReadonlyMap<string, EnvironmentState>;
  /** The newest entry about each plan, by the plan's digest. */
  readonly plans: ReadonlyMap<string, LedgerEntry>;
  /** The checkpoints, by the digest of their plan. */
  readonly checkpoints: ReadonlyMap<string, ReadRecord<Checkpoint>>;
  /** The lines that were refused last, and the environments (by `environmentKey`) that were restated since then. */
  readonly repaired: { readonly lines: RefusedLines; readonly environments: ReadonlySet<string> } | undefined;
}

/** Lines that cannot follow: they stay where they are, and have no effect. */
export type RefusedLines = Pick<RepairPlan["repair"], "lastValid" | "refusedLines" | "refusedDigest">;

export interface EnvironmentState {
  /** The current version and the earlier ones, newest last. A roll back removes the newest. */
  readonly deployedVersions: readonly DeployedVersion[];
  /** An intent that was neither committed nor aborted: it locks the environment. */
  readonly openIntent: LedgerEntry | undefined;
  /** The highest assignment number of all intents; that of an aborted one is not used again. */
  readonly lastAssignment: number;
  /** The tags of all commits. */
  readonly tags: readonly { readonly name: string; readonly object: string }[];
}

export interface DeployedVersion {
  readonly version: ModelVersionRef;
  readonly planDigest: string;
}

const EMPTY_ENVIRONMENT: EnvironmentState = {
  deployedVersions: [],
  openIntent: undefined,
  lastAssignment: 0,
  tags: [],
};

export const getEnvironment = (ledger: LedgerState, name: string): EnvironmentState =>
  ledger.environments.get(environmentKey(name)) ?? EMPTY_ENVIRONMENT;

export const getCurrentVersion = (ledger: LedgerState, name: string): DeployedVersion | undefined =>
  getEnvironment(ledger, name).deployedVersions.at(-1);

export const isSameVersion = (a: ModelVersionRef | null | undefined, b: ModelVersionRef | null | undefined): boolean =>
  a?.version === b?.version && a?.commit === b?.commit && a?.modelDigest === b?.modelDigest;

/**
 * Whether lines about an environment may be among those that were refused: what the ledger says about it is not believed
 * before a checkpoint of its own.
 */
export const isUnsettled = ({ repaired }: LedgerState, name: string): boolean =>
  repaired !== undefined && !repaired.environments.has(environmentKey(name));

/** The deployed versions of an environment after a plan has been committed. */
export function deployedAfter(
  deployed: readonly DeployedVersion[],
  { kind, target }: Pick<PromotionPlan, "kind" | "target">,
  planDigest: string,
): readonly DeployedVersion[] {
  if (kind === "promote") return [...deployed, { version: target, planDigest }];
  const at = deployed.slice(0, -1).findLastIndex(({ version }) => isSameVersion(version, target));
  return deployed.slice(0, at + 1);
}
