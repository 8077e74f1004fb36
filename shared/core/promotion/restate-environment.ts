/**
 * What an environment has, as far as two witnesses say it: the valid lines of a broken ledger, and the assignment tags. A tag holds
 * the intent that it carries out, so that what was committed after the break is still known.
 */
import { refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { PromotionPlan, RepairPlan } from "../../records/promotion-plan.ts";
import { promotionRecord } from "../../records/promotion-record.ts";
import { isSameEnvironment } from "../policy/environment-name.ts";
import type { Tag, TagRef } from "../registry/registry.ts";
import { parseTagMessage } from "../registry/tag-message.ts";
import { assignmentTagName, parseTagName } from "../registry/tag-name.ts";
import { deployedAfter, type EnvironmentState, getEnvironment, type LedgerState } from "./ledger.ts";
import { findOpenIntents } from "./refused-lines.ts";

export type RestatedEnvironment = RepairPlan["repair"]["state"];

interface Sources {
  /** After the last valid line. */
  readonly ledger: LedgerState;
  /** The lines after it. */
  readonly refused: readonly string[];
  /** The tags of the model, without the odd ones. */
  readonly tags: readonly TagRef[];
}

/** The environment's assignment tags by their number, and those among them that no valid line knows: they are read. */
export function findTagsToRead(model: string, name: string, { ledger, tags }: Sources) {
  const { tagsFrom, tags: recorded } = getEnvironment(ledger, name);
  const ofEnvironment = tags
    .flatMap((ref) => {
      const tag = parseTagName(ref.name);
      const isOurs = tag?.kind === "assignment" && tag.model === model && isSameEnvironment(tag.environment, name);
      return isOurs && tag.number >= tagsFrom ? [{ ref, number: tag.number }] : [];
    })
    .sort((a, b) => a.number - b.number);
  const known = new Map(recorded.map((tag) => [tag.name, tag.object]));
  const moved = ofEnvironment.find(({ ref }) => known.has(ref.name) && known.get(ref.name) !== ref.object);
  if (moved !== undefined) throw tagMoved(moved.ref.name, known.get(moved.ref.name) ?? "");
  return { all: ofEnvironment, toRead: ofEnvironment.filter(({ ref }) => !known.has(ref.name)).map(({ ref }) => ref) };
}

/**
 * @param read the tags that `findTagsToRead` names
 * @throws ActionError (a refusal) `assignment-tag-moved`, `assignment-tag-forged`; or `record-…`
 */
export function restateEnvironment(
  model: string,
  name: string,
  sources: Sources,
  read: readonly Tag[],
  digestOf: DigestFunction,
): RestatedEnvironment {
  const before = getEnvironment(sources.ledger, name);
  const { all } = findTagsToRead(model, name, sources);
  const deployed = read.reduce<EnvironmentState["deployedVersions"]>((versions, tag) => {
    const { plan, planDigest } = readIntent(tag, digestOf);
    return deployedAfter(versions, plan, planDigest);
  }, before.deployedVersions);
  return {
    name,
    deployed: [...deployed],
    lastAssignment: findLastNumber(name, before.lastAssignment, all.at(-1)?.number ?? 0, sources.refused) + 1,
    tags: all.map(({ ref }) => ({ name: ref.name, object: ref.object })),
  };
}

/** Numbers that refused lines used are not used again; but a line that nobody believes cannot use up all numbers either. */
function findLastNumber(name: string, ofLedger: number, ofTags: number, refusedLines: readonly string[]): number {
  const known = Math.max(ofLedger, ofTags);
  const used = findOpenIntents(refusedLines, { evenClosed: true })
    .filter((intent) => isSameEnvironment(intent.environment, name))
    .map(({ assignment }) => assignment)
    .filter((number) => number <= known + refusedLines.length);
  return Math.max(known, ...used);
}

interface TaggedIntent {
  readonly plan: PromotionPlan;
  readonly planDigest: string;
}

function readIntent(tag: Tag, digestOf: DigestFunction): TaggedIntent {
  const { record, written } = parseTagMessage(promotionRecord, tag, "promote-model");
  if (record.type === "intent") {
    const { plan, planDigest } = record;
    const { plan: asWritten } = written as { readonly plan: unknown };
    const isOurs = tag.name === assignmentTagName(plan.model, plan.to, plan.assignment);
    if (isOurs && digestOf(canonicalJson(asWritten)) === planDigest) return { plan, planDigest };
  }
  throw refused({
    code: "assignment-tag-forged",
    message: `the tag ${tag.name} does not hold the intent that it would carry out`,
    fix: "Find out who created it, and delete it",
  });
}

const tagMoved = (name: string, object: string) =>
  refused({
    code: "assignment-tag-moved",
    message: `the tag ${name} is not the one in the ledger`,
    fix: `Find out who changed it. Restore it: git push origin ${object}:refs/tags/${name}; or delete it`,
  });
