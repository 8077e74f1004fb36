/**
 * What a part of the ledger states: all that decides what may follow, in a size that does not grow. Whoever replays what is before
 * it comes to the same; who begins with it believes it.
 */
import { ActionError } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import { PART_LIMITS, type Part, type PromotionEntry, promotionRecord } from "../../records/promotion-record.ts";
import { readRecordDocument } from "../../records/read-record.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { environmentKey } from "../policy/environment-name.ts";
import { parseTagName } from "../registry/tag-name.ts";
import { completeEntry } from "./complete-entry.ts";
import { type EnvironmentState, getEnvironment, type LedgerEntry, type LedgerState } from "./ledger.ts";

/** Its deployment, and the one before it, may still be reported on. */
const REPEATED_COMMITS = 2;

export type PartState = Part["state"];

/** The state after the newest entry, as a part states it. */
export function describeState(ledger: LedgerState): PartState {
  const environments = [...ledger.environments].sort(([a], [b]) => (a < b ? -1 : 1));
  const open = new Set(environments.flatMap(([, { openIntent }]) => openIntent?.planDigest ?? []));
  const ended = [...ledger.begun.values()].filter(({ planDigest }) => !open.has(planDigest));
  const { repaired } = ledger;
  return {
    environments: environments.map(([name, state]) => describeEnvironment(name, state)),
    entries: environments.flatMap(([, state]) => listRepeated(state)),
    ended: ended.sort((a, b) => a.seq - b.seq).slice(-PART_LIMITS.ended),
    ...(repaired !== undefined && {
      repaired: { ...repaired.lines, environments: [...repaired.environments].sort() },
    }),
  };
}

function describeEnvironment(
  name: string,
  { deployedVersions, olderVersions, lastAssignment, tags, tagsFrom }: EnvironmentState,
): PartState["environments"][number] {
  const listed = tags.slice(-PART_LIMITS.tags);
  const first = listed.length < tags.length ? parseTagName(listed[0]?.name ?? "") : undefined;
  return {
    name,
    deployed: deployedVersions.slice(-PART_LIMITS.versions),
    olderVersions: olderVersions || deployedVersions.length > PART_LIMITS.versions,
    lastAssignment,
    tags: [...listed],
    tagsFrom: first?.kind === "assignment" ? first.number : tagsFrom,
  };
}

/** With the intent of each: only that contains the plan. */
const listRepeated = ({ ended, openIntent }: EnvironmentState): PartState["entries"] =>
  [...ended, ...(openIntent === undefined ? [] : [openIntent])].flatMap(
    ({ intent, written }) => [intent?.written ?? [], written].flat() as PartState["entries"],
  );

/** @param ended commits and aborts of an environment, in their order */
export function keepNewest(ended: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const committed = ended.filter(({ record }) => record.type === "committed").slice(-REPEATED_COMMITS);
  const newest = ended.at(-1);
  return newest?.record.type === "aborted" ? [...committed, newest] : committed;
}

export type StatedLedger = Pick<LedgerState, "environments" | "plans" | "begun" | "repaired">;

/** The same ledger with no more than its part states, so that what follows counts alike for who knows more. */
export function forgetOlder(ledger: LedgerState, { environments, ended }: PartState): StatedLedger {
  const open = [...ledger.environments.values()].flatMap(({ openIntent }) => openIntent ?? []);
  return {
    environments: new Map(
      environments.map(({ name, deployed, ...stated }) => {
        const { ended: newest, openIntent } = getEnvironment(ledger, name);
        return [name, { ...stated, deployedVersions: deployed, ended: newest, openIntent }];
      }),
    ),
    ...{ plans: ledger.plans, begun: listBegun(ended, open), repaired: ledger.repaired },
  };
}

const listBegun = (ended: PartState["ended"], open: readonly LedgerEntry[]): LedgerState["begun"] =>
  new Map(
    [...ended, ...open.map(({ planDigest, record }) => ({ planDigest, seq: record.seq, type: "intent" as const }))]
      .sort((a, b) => a.seq - b.seq)
      .map((one) => [one.planDigest, one]),
  );

/** @returns the ledger that a part states, or what is wrong with it, to complete "this entry … is not valid: …" */
export function readState({ model, state, seq }: Part, digestOf: DigestFunction): StatedLedger | string {
  const plans = new Map<string, LedgerEntry>();
  for (const value of state.entries) {
    const entry = readRepeated(value, plans);
    if (typeof entry === "string") return entry;
    if (entry.plan.model !== model) return `it repeats an entry about another model, ${entry.plan.model}`;
    if (entry.record.seq >= seq) return "it repeats an entry that does not come before it";
    const { plan } = entry.written as { readonly plan?: unknown };
    if (plan !== undefined && digestOf(canonicalJson(plan)) !== entry.planDigest)
      return "it repeats an entry whose plan does not match its digest";
    plans.set(entry.planDigest, entry);
  }
  const isOpen = ({ record }: LedgerEntry): boolean => record.type === "intent";
  const open = [...plans.values()].filter(isOpen);
  const environments = new Map<string, EnvironmentState>();
  for (const { name, deployed, tags, ...stated } of state.environments) {
    const own = [...plans.values()].filter(({ plan }) => environmentKey(plan.to) === name);
    const [openIntent, ...others] = own.filter(isOpen);
    const ended = own.filter((entry) => !isOpen(entry));
    if (environments.has(name) || others.length > 0) return `it states ${name} twice`;
    const error = findTagsError(model, name, tags, stated);
    if (error !== undefined) return error;
    environments.set(name, { ...stated, tags, deployedVersions: deployed, ended, openIntent });
  }
  const { environments: settled = [], ...lines } = state.repaired ?? {};
  return {
    ...{ environments, plans },
    begun: listBegun(state.ended, open),
    repaired: isLines(lines) ? { lines, environments: new Set(settled) } : undefined,
  };
}

const isLines = (lines: object): lines is NonNullable<LedgerState["repaired"]>["lines"] => "lastValid" in lines;

/** The entry, with what it is about; or what is wrong with it. @throws ActionError `record-newer` */
function readRepeated(value: unknown, plans: ReadonlyMap<string, LedgerEntry>): LedgerEntry | string {
  const place = { file: "the ledger" };
  const document = { kind: "record", file: place.file, value, placeOf: () => place };
  try {
    const read = readRecordDocument(promotionRecord, document, { file: place.file, reader: "promote-model" });
    const entry = isPromotionEntry(read) ? completeEntry({ plans }, read) : undefined;
    return entry ?? "it repeats an entry that contains no plan";
  } catch (error) {
    const [problem] = error instanceof ActionError ? error.problems : [];
    if (problem === undefined || problem.code === "record-newer") throw error;
    return `it repeats an entry that is none: ${problem.message}`;
  }
}

const isPromotionEntry = (read: ReadRecord<{ readonly type: string }>): read is ReadRecord<PromotionEntry> =>
  read.record.type !== "checkpoint" && read.record.type !== "part";

/** Numbers are in order, and of this environment: a list that begins too late would hide that a tag is gone. */
export function findTagsError(
  model: string,
  environment: string,
  tags: EnvironmentState["tags"],
  { lastAssignment, tagsFrom }: Pick<EnvironmentState, "lastAssignment" | "tagsFrom">,
): string | undefined {
  let before = tagsFrom - 1;
  for (const { name } of tags) {
    const tag = parseTagName(name);
    if (
      tag?.kind !== "assignment" ||
      tag.model !== model ||
      environmentKey(tag.environment) !== environmentKey(environment)
    )
      return `${name} is no tag of ${environment}`;
    if (tag.number <= before || tag.number > lastAssignment) return `the number of ${name} is out of order`;
    before = tag.number;
  }
  return undefined;
}
