/** What is left of a broken ledger: its valid lines, and the tags. */

import { isSameEnvironment } from "../../shared/core/policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../shared/core/policy/policy.ts";
import { getEnvironment } from "../../shared/core/promotion/ledger.ts";
import type { RepairFacts } from "../../shared/core/promotion/make-repair-plan.ts";
import { findOpenIntents } from "../../shared/core/promotion/refused-lines.ts";
import { findTagsToRead, restateEnvironment } from "../../shared/core/promotion/restate-environment.ts";
import { readLedger } from "../../shared/core/promotion/verify-ledger.ts";
import { setOddTagsAside } from "../../shared/core/registry/odd-tags.ts";
import { refused } from "../../shared/problem/problem.ts";
import type { Ports, PromotionRules } from "./ports.ts";

/** @throws ActionError (a refusal) `promotion-under-way` while a run that began something may still write; `assignment-tag-…` */
export async function readRepairFacts(rules: PromotionRules, environment: EnvironmentPolicy, ports: Ports) {
  const { name: model } = rules.model;
  const { name } = environment;
  const branch = ports.openLedger(model);
  // The ledger first: whoever began something that it has must have ended before its tags are read.
  const file = await branch.read();
  const reading = readLedger(file.text, branch.name, model, ports.digestOf);
  const lines = reading.broken?.lines ?? [];
  const open = getEnvironment(reading.state, name).openIntent?.record.origin;
  const guessed = findOpenIntents(lines).filter((intent) => isSameEnvironment(intent.environment, name));
  for (const owner of [...(open === undefined ? [] : [open]), ...guessed]) await assertEnded(owner, name, ports);

  const { tags } = setOddTagsAside(await ports.registry.list(model));
  const sources = { ledger: reading.state, refused: lines, tags };
  const read = [];
  for (const ref of findTagsToRead(model, name, sources).toRead) read.push(await ports.registry.read(ref));
  const state = restateEnvironment(model, name, sources, read, ports.digestOf);
  const facts: RepairFacts = { model, environment, reading, damage: file.damage, tags, state, policy: rules.policy };
  return { file, facts };
}

async function assertEnded(
  { run, attempt }: { readonly run: number; readonly attempt: number },
  environment: string,
  { approvals }: Ports,
): Promise<void> {
  if (await approvals.hasEnded({ id: run, attempt })) return;
  throw refused({
    code: "promotion-under-way",
    message: `attempt ${attempt} of run ${run}, which began a promotion to ${environment}, may still be writing`,
    fix: "Wait until that run has ended, and try again after two minutes",
  });
}
