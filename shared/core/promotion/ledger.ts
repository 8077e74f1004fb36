/** The port to the ledger; `adapters/ledger` stores it on a separate branch. */
import type { Problem } from "../../problem/problem.ts";
import type { ModelVersionRef, PromotionPlan, RepairPlan } from "../../records/promotion-plan.ts";
import type { Approval, Checkpoint, Part, PromotionEntry } from "../../records/promotion-record.ts";
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
   * Appends lines unless another run has appended some since `onto` was read.
   *
   * @param keepFrom where in the text of `onto` the new file begins: a new part leaves out what is before the last one
   * @returns the ledger after that, or `undefined` when another run appended first
   */
  append(onto: LedgerFile, line: string, at: string, title: string, keepFrom?: number): Promise<LedgerFile | undefined>;
  /** The file as it was before a part was begun. @returns `undefined`: nobody has it any more */
  readOlder(before: Part["before"]): Promise<string | undefined>;
}

/** An entry with what it is about, which only an intent needs to contain. */
export interface LedgerEntry extends ReadRecord<PromotionEntry> {
  readonly planDigest: string;
  readonly plan: PromotionPlan;
  readonly approvals: readonly Approval[];
  /** The one that began it, where that was recorded. */
  readonly deployment?: AnnouncedDeployment | undefined;
  /** The intent that it closes; `undefined`: it is one. */
  readonly intent?: ReadRecord<PromotionEntry> | undefined;
}

/** The state that a verified ledger describes. */
export interface LedgerState {
  /** Number and digest of the newest entry; 0 and null before the first. */
  readonly seq: number;
  readonly digest: string | null;
  /** By `environmentKey`. */
  readonly environments: ReadonlyMap<string, EnvironmentState>;
  /** The newest entry about each plan, by the plan's digest: of those that were read, and those that the first part repeats. */
  readonly plans: ReadonlyMap<string, LedgerEntry>;
  /** The newest plans of all that were begun, by digest, in their order. */
  readonly begun: ReadonlyMap<string, BegunPlan>;
  /** The newest part; `undefined`: there is one only, which begins with entry 1. */
  readonly part: Pick<LedgerState, "seq" | "digest"> | undefined;
  /** The checkpoints, by the digest of their plan. */
  readonly checkpoints: ReadonlyMap<string, ReadRecord<Checkpoint>>;
  /** The lines that were refused last, and the environments (by `environmentKey`) that were restated since then. */
  readonly repaired: { readonly lines: RefusedLines; readonly environments: ReadonlySet<string> } | undefined;
}

export type BegunPlan = Part["state"]["ended"][number];

/** Lines that cannot follow: they stay where they are, and have no effect. */
export type RefusedLines = Pick<RepairPlan["repair"], "lastValid" | "refusedLines" | "refusedDigest">;

export interface EnvironmentState {
  /** The current version and the earlier ones, newest last. A roll back removes the newest. */
  readonly deployedVersions: readonly DeployedVersion[];
  /** Whether a part has left out earlier ones. */
  readonly olderVersions: boolean;
  /** The newest two commits, and the newest abort where it came after them: their deployments may still be reported on. */
  readonly ended: readonly LedgerEntry[];
  /** An intent that was neither committed nor aborted: it locks the environment. */
  readonly openIntent: LedgerEntry | undefined;
  /** The highest assignment number of all intents; that of an aborted one is not used again. */
  readonly lastAssignment: number;
  /** The tags of all commits with a number from `tagsFrom` on. */
  readonly tags: readonly { readonly name: string; readonly object: string }[];
  readonly tagsFrom: number;
}

export interface DeployedVersion {
  readonly version: ModelVersionRef;
  readonly planDigest: string;
}

const EMPTY_ENVIRONMENT: EnvironmentState = {
  deployedVersions: [],
  olderVersions: false,
  ended: [],
  openIntent: undefined,
  lastAssignment: 0,
  tags: [],
  tagsFrom: 1,
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
