/** The ledger as decisions need it; `adapters/ledger` keeps it on a branch of its own. */
import type { ModelVersion, PromotionPlan, PromotionRecord } from "../../records/promotion-record.ts";

export interface LedgerFile {
  /** What the next writer must build on; `undefined` when there is no ledger yet. */
  readonly head: string | undefined;
  /** One record a line. */
  readonly text: string;
}

export interface Ledger {
  /** As people know it, for messages. */
  readonly name: string;
  read(): Promise<LedgerFile>;
  /**
   * Adds a line if nobody has added one since `onto` was read.
   * @returns the ledger as it is then, or `undefined` when somebody was faster
   */
  append(onto: LedgerFile, line: string, at: string, title: string): Promise<LedgerFile | undefined>;
}

/** What a verified ledger says. */
export interface LedgerState {
  /** Number and digest of the newest entry; 0 and null before the first. */
  readonly seq: number;
  readonly digest: string | null;
  readonly environments: ReadonlyMap<string, EnvironmentState>;
  /** The newest entry about each plan, by the plan's digest. */
  readonly plans: ReadonlyMap<string, PromotionRecord>;
}

export interface EnvironmentState {
  /** What stands there and what stood there before, newest last. A roll back takes the newest away. */
  readonly deployedVersions: readonly DeployedVersion[];
  /** An intent that was neither committed nor aborted: it locks the environment. */
  readonly openIntent: PromotionRecord | undefined;
  /** The highest assignment ever intended; aborted ones are not used again. */
  readonly lastAssignment: number;
  /** Every tag that commits have named. */
  readonly tags: readonly { readonly name: string; readonly object: string }[];
}

export interface DeployedVersion {
  readonly version: ModelVersion;
  readonly planDigest: string;
}

const EMPTY_ENVIRONMENT: EnvironmentState = {
  deployedVersions: [],
  openIntent: undefined,
  lastAssignment: 0,
  tags: [],
};

export const getEnvironment = (ledger: LedgerState, name: string): EnvironmentState =>
  ledger.environments.get(name) ?? EMPTY_ENVIRONMENT;

export const getCurrentVersion = (ledger: LedgerState, name: string): DeployedVersion | undefined =>
  getEnvironment(ledger, name).deployedVersions.at(-1);

export const isSameVersion = (a: ModelVersion | null | undefined, b: ModelVersion | null | undefined): boolean =>
  a?.version === b?.version && a?.commit === b?.commit && a?.modelDigest === b?.modelDigest;

/** What stands in an environment after a plan has been committed. */
export function deployedAfter(
  standing: readonly DeployedVersion[],
  { kind, target }: Pick<PromotionPlan, "kind" | "target">,
  planDigest: string,
): readonly DeployedVersion[] {
  if (kind === "promote") return [...standing, { version: target, planDigest }];
  const at = standing.slice(0, -1).findLastIndex(({ version }) => isSameVersion(version, target));
  return standing.slice(0, at + 1);
}
