/** For tests and benchmarks: a ledger of many promotions. */
import { digestOf } from "../../shared/adapters/files/digest.ts";
import { blobId } from "../../shared/adapters/github/git-object-id.ts";
import { addEntry, copyLedgerState } from "../../shared/core/promotion/add-entry.ts";
import { getCurrentVersion, getEnvironment } from "../../shared/core/promotion/ledger.ts";
import { createCommitEntry, createIntentEntry, type NewEntry } from "../../shared/core/promotion/ledger-entries.ts";
import { tagNameOf } from "../../shared/core/promotion/next-promotion-step.ts";
import { startPart } from "../../shared/core/promotion/start-part.ts";
import { approve, CREATED_AT, createOrigin } from "../../shared/core/promotion/testing.ts";
import { serializeEntry, verifyLedger } from "../../shared/core/promotion/verify-ledger.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { createFixture, type PromotionFixture, VISITS } from "./testing.ts";

/**
 * Makes one promotion to staging, and writes what as many would have left: each with its tag, but without its version's.
 *
 * @param parts whether they were made in parts; else as a release left them that knew none
 * @returns the lines of all parts, and the file as it is then
 */
export async function createLongHistory(
  promotions: number,
  parts = false,
): Promise<{ readonly fixture: PromotionFixture; readonly all: string; readonly text: string }> {
  const fixture = await createFixture({ ...VISITS, preventSelfReview: true });
  const { git } = fixture.hub.repository;
  await fixture.register("v1.0.0");
  await fixture.promote("v1.0.0", "staging");
  const made = await fixture.ledger();
  const object = (await fixture.registry.list("visits")).find(({ name }) => name === "visits#staging#1")?.object ?? "";
  const lines = made.map((line) => JSON.stringify(line));
  let text = lines.map((line) => `${line}\n`).join("");
  const state = copyLedgerState(verifyLedger(text, "ledger", "visits", digestOf));
  const append = (entry: NewEntry): void => {
    const line = serializeEntry(entry);
    const at = { file: "ledger", line: entry.record.seq };
    addEntry(state, entry, { model: "visits", at, line, refused: [] }, digestOf);
    lines.push(line);
    text += `${line}\n`;
  };
  const push = () => fixture.hub.push({ branch: "mlops-ledger/visits", files: { "ledger.jsonl": text } });
  for (let number = 2; number <= promotions; number++) {
    const version = `v1.${number}.0`;
    const [{ plan: first }] = made;
    const plan: PromotionPlan = {
      ...first,
      target: { ...first.target, version, modelDigest: digestOf(`model ${version}`) },
      replaces: getCurrentVersion(state, "staging")?.version ?? null,
      assignment: number,
    };
    const context = { ledger: state, at: CREATED_AT, origin: createOrigin(number) };
    const part = parts ? startPart({ head: blobId(text), text }, { plan, version: 2 }, context, digestOf) : undefined;
    if (part !== undefined) {
      // Its history has the file that the part replaces.
      await push();
      text = text.slice(part.keepFrom);
      append(part.entry);
    }
    append(createIntentEntry(approve(plan), context));
    const { openIntent } = getEnvironment(state, "staging");
    if (openIntent === undefined) throw new Error("there is no open intent");
    append(createCommitEntry(openIntent, object, context));
    await git.createRef(`refs/tags/${tagNameOf(openIntent)}`, object);
  }
  if (promotions > 1) await push();
  return { fixture, all: lines.map((line) => `${line}\n`).join(""), text };
}
