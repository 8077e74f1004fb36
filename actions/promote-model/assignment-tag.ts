/** The tag that assigns a version to an environment. It is computed from the intent alone: every run that creates it creates the same. */
import type { LedgerEntry } from "../../shared/core/promotion/ledger.ts";
import { tagNameOf } from "../../shared/core/promotion/next-promotion-step.ts";
import { type NewTag, TAG_TARGET_REFUSED } from "../../shared/core/registry/registry.ts";
import { formatTagMessage } from "../../shared/core/registry/tag-message.ts";
import { ActionError, refused } from "../../shared/problem/problem.ts";
import { promotionRecord } from "../../shared/records/promotion-record.ts";
import type { Ports } from "./ports.ts";

/** @returns SHA of the tag object. @throws ActionError `assignment-tag-taken`, `tag-target-refused` */
export async function createAssignmentTag(intent: LedgerEntry, { registry }: Ports): Promise<string> {
  const { model, target, to } = intent.plan;
  const { at } = intent.record;
  const title = `Assign ${model} ${target.version} to ${to}`;
  const message = formatTagMessage(title, promotionRecord, intent);
  const tag = { name: tagNameOf(intent), commit: target.commit, message, at };
  const created = await createUnlessRefused(tag, registry);
  if (created?.mine) return created.ref.object;

  // A job's token may not tag a commit once the workflow files have changed since: then the tag is of a commit that has
  // nothing but the intent. Which version it assigns is in its message either way.
  const commit = await registry.createCommit({ path: "promotion.txt", text: message, title, at });
  const { ref, mine } = await registry.create({ ...tag, commit });
  if (mine) return ref.object;
  throw refused({
    code: "assignment-tag-taken",
    message: `the tag ${tag.name} exists and is not the tag of this promotion`,
    fix: "Find out who created it, delete it, and re-run the job",
  });
}

async function createUnlessRefused(tag: NewTag, registry: Ports["registry"]) {
  try {
    return await registry.create(tag);
  } catch (error) {
    if (error instanceof ActionError && error.problems[0]?.code === TAG_TARGET_REFUSED) return undefined;
    throw error;
  }
}
