/** Reads what reconciliation compares, in an order in which a promotion that is under way looks like one. */
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { environmentKey, isSameEnvironment } from "../../shared/core/policy/environment-name.ts";
import type { EnvironmentPolicy, Policy } from "../../shared/core/policy/policy.ts";
import { getModelPolicy, requireModel } from "../../shared/core/policy/require-model.ts";
import { approvingEnvironments } from "../../shared/core/promotion/approval-chain.ts";
import type { ListedDeployment } from "../../shared/core/promotion/deployments.ts";
import { findCurrentPlan, type KnownDeployment, type ModelFacts, runKey } from "../../shared/core/promotion/drift.ts";
import { isAskedByGitHub, listEnvironments } from "../../shared/core/promotion/find-drift.ts";
import {
  getCurrentVersion,
  getEnvironment,
  type Ledger,
  type LedgerFile,
  type LedgerState,
} from "../../shared/core/promotion/ledger.ts";
import { readWhole } from "../../shared/core/promotion/older-parts.ts";
import { type LedgerReading, readLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import { parseVersionTag, type RegisteredVersion } from "../../shared/core/registry/registered-version.ts";
import type { TagRef } from "../../shared/core/registry/registry.ts";
import { versionTagName } from "../../shared/core/registry/tag-name.ts";
import { ActionError, type Problem, refused } from "../../shared/problem/problem.ts";
import type { Origin } from "../../shared/records/fields.ts";
import type { Ports } from "./ports.ts";
import { READER } from "./readers.ts";

/** A promotion may write between two reads. */
const MAX_READS = 4;
/** Deployments of an environment whose state is read besides that of the current one. */
const MAX_STATES = 5;
/** What a run wrote so long ago is its last word. */
const LONG_AGO_MS = 24 * 60 * 60_000;

/** @param listed the newest deployments of the repository */
export async function readModelFacts(
  policy: Policy,
  path: string,
  listed: readonly ListedDeployment[],
  ports: Ports,
): Promise<ModelFacts> {
  const rules = getModelPolicy(policy);
  const { name: model } = requireModel(rules, path);
  const { environments } = rules;
  const { reading, tags, oddTags } = await readLedgerAndTags(model, ports);
  const names = listEnvironments({ environments, reading });
  const now = ports.now();
  return {
    ...{ model, environments, reading, tags, oddTags, now },
    versions: await readCurrentVersions(model, names, reading.state, tags, ports),
    deployments: await readDeployments(model, names, reading.state, listed, ports),
    protections: await readProtections(environments, ports),
    ended: await readEnded(writersOf(names, reading.state, now), ports),
  };
}

async function readProtections(
  environments: readonly EnvironmentPolicy[],
  { approvals }: Ports,
): Promise<ModelFacts["protections"]> {
  const asked = environments.filter(isAskedByGitHub).flatMap(approvingEnvironments);
  const each = new Map(asked.map((name) => [environmentKey(name), name]));
  return new Map(
    await Promise.all([...each].map(async ([key, name]) => [key, await approvals.environment(name)] as const)),
  );
}

/** The tags first: whatever they show has its line in a ledger that is read later. */
async function readLedgerAndTags(model: string, ports: Ports) {
  const branch = ports.openLedger(model);
  for (let reads = 1; ; reads++) {
    const { tags, odd: oddTags } = setOddTagsAside(await ports.registry.list(model));
    const file = await branch.read();
    const reading = await readAllEntries(file, branch, model, ports);
    const names = new Set(tags.map(({ name }) => name));
    const committed = [...reading.state.environments.values()].flatMap((state) => state.tags);
    if (reads < MAX_READS && !committed.every(({ name }) => names.has(name))) continue;
    return { reading, tags, oddTags };
  }
}

/** Of all parts: what a promotion believes of the older ones is compared with their entries. */
async function readAllEntries(
  file: LedgerFile,
  branch: Ledger,
  model: string,
  { digestOf }: Ports,
): Promise<LedgerReading> {
  const { text, files, missing } = await readWhole(file.text, branch.name, branch.readOlder);
  const name = files === 1 ? branch.name : `${branch.name} with its older parts`;
  const read = readLedger(text, name, model, digestOf);
  const damage = file.damage === undefined ? missing : refused(file.damage);
  return damage === undefined ? read : { ...read, broken: { error: damage, lines: [] } };
}

async function readCurrentVersions(
  model: string,
  environments: readonly string[],
  ledger: LedgerState,
  tags: readonly TagRef[],
  { registry, digestOf }: Ports,
): Promise<ModelFacts["versions"]> {
  const current = environments.flatMap((name) => getCurrentVersion(ledger, name)?.version.version ?? []);
  const found = new Map<string, RegisteredVersion | Problem>();
  for (const version of new Set(current)) {
    const ref = tags.find(({ name }) => name === versionTagName(model, version));
    if (ref === undefined) continue;
    try {
      found.set(version, parseVersionTag(await registry.read(ref), READER, digestOf));
    } catch (error) {
      const [problem] = error instanceof ActionError && !(error instanceof GitHubError) ? error.problems : [];
      if (problem === undefined) throw error;
      found.set(version, problem);
    }
  }
  return found;
}

async function readDeployments(
  model: string,
  environments: readonly string[],
  ledger: LedgerState,
  listed: readonly ListedDeployment[],
  { deploymentHistory }: Ports,
): Promise<readonly KnownDeployment[]> {
  const wanted = new Map<number, ListedDeployment>();
  for (const name of environments) {
    const current = findCurrentPlan(ledger, getEnvironment(ledger, name).tags.at(-1)?.name);
    const newest = listed.filter((one) => one.model === model && isSameEnvironment(one.environment, name));
    const isCurrent = (one: ListedDeployment): boolean => one.plan === current?.planDigest;
    const adopted = current?.deployment?.adopted ? await deploymentHistory.find(current.deployment.id) : undefined;
    if (current !== undefined && adopted !== undefined) {
      const { plan, planDigest } = current;
      wanted.set(adopted.id, { ...adopted, plan: planDigest, model, version: plan.target.version, environment: name });
    }
    const isKnown = current === undefined || adopted !== undefined || newest.some(isCurrent);
    const older = isKnown ? [] : await deploymentHistory.list(current.plan.target.commit);
    const known = [...newest, ...older.filter((one) => one.model === model)];
    for (const one of [...newest.slice(0, MAX_STATES), ...known.filter(isCurrent)]) wanted.set(one.id, one);
  }
  const read = [];
  for (const one of wanted.values()) read.push({ ...one, state: await deploymentHistory.stateOf(one.id) });
  return read;
}

/** The runs that may still be writing. */
function writersOf(environments: readonly string[], ledger: LedgerState, now: string): readonly Origin[] {
  return environments.flatMap((name) => {
    const { openIntent, tags } = getEnvironment(ledger, name);
    const newest = findCurrentPlan(ledger, tags.at(-1)?.name);
    const isRecent = newest !== undefined && Date.parse(now) - Date.parse(newest.record.at) < LONG_AGO_MS;
    return [openIntent, isRecent ? newest : undefined].flatMap((entry) => entry?.record.origin ?? []);
  });
}

async function readEnded(writers: readonly Origin[], { approvals }: Ports): Promise<ReadonlyMap<string, boolean>> {
  const ended = new Map<string, boolean>();
  for (const { run: id, attempt } of writers) {
    const key = runKey({ run: id, attempt });
    if (!ended.has(key)) ended.set(key, await approvals.hasEnded({ id, attempt }));
  }
  return ended;
}
