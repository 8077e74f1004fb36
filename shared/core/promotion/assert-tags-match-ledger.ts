/**
 * Cross-checks the ledger and the tags. The digest chain reveals a change within the ledger; that its end was deleted is
 * visible only because the tags still exist.
 */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { isSameEnvironment } from "../policy/environment-name.ts";
import { ledgerBranchName } from "../registry/ref-name.ts";
import type { TagRef } from "../registry/registry.ts";
import { parseTagName } from "../registry/tag-name.ts";
import { getEnvironment, isUnsettled, type LedgerState } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";

/**
 * @param tags the tags of the model, without the odd ones
 * @param environments whose tags were read; left out: all
 * @throws ActionError (a refusal): `assignment-not-in-ledger`, `assignment-tag-moved`, `assignment-tag-missing`
 */
export function assertTagsMatchLedger(
  ledger: LedgerState,
  model: string,
  tags: readonly TagRef[],
  environments?: readonly string[],
): void {
  const settled = environments?.filter((name) => !isUnsettled(ledger, name));
  const found =
    settled?.flatMap((name) => findTagProblems(ledger, model, tags, name)) ?? findTagProblems(ledger, model, tags);
  const problems = found.map(({ problem }) => problem);
  if (problems.length > 0) throw new ActionError("refused", problems);
}

export interface TagProblem {
  /** Name of the tag. */
  readonly tag: string;
  readonly problem: Problem;
}

/** @param environment all, unless given; those that have not been repaired are left out: their tags are read when they are */
export function findTagProblems(
  ledger: LedgerState,
  model: string,
  tags: readonly TagRef[],
  environment?: string,
): readonly TagProblem[] {
  const existing = new Map(tags.map((tag) => [tag.name, tag.object]));
  const isMeant = (name: string): boolean =>
    environment === undefined ? !isUnsettled(ledger, name) : isSameEnvironment(name, environment);
  const environments = [...ledger.environments].filter(([key]) => isMeant(key)).map(([, state]) => state);
  const recorded = environments.flatMap((state) => state.tags);
  const open = environments.flatMap(({ openIntent }) => (openIntent === undefined ? [] : [tagNameOf(openIntent)]));
  const expected = new Set([...recorded.map(({ name }) => name), ...open]);
  return [
    ...recorded.flatMap(({ name, object }) => asList(name, findTagProblem(name, object, existing.get(name)))),
    ...tags
      .filter(({ name }) => {
        const tag = parseTagName(name);
        if (tag?.kind !== "assignment" || tag.model !== model || !isMeant(tag.environment)) return false;
        return !expected.has(name) && tag.number >= getEnvironment(ledger, tag.environment).tagsFrom;
      })
      .map(({ name }) => ({ tag: name, problem: tagNotInLedger(name, model) })),
  ];
}

const asList = (tag: string, problem: Problem | undefined): readonly TagProblem[] =>
  problem === undefined ? [] : [{ tag, problem }];

function findTagProblem(name: string, object: string, found: string | undefined): Problem | undefined {
  if (found === object) return undefined;
  const fix = `Find out who changed it, and restore it: git push origin ${object}:refs/tags/${name}`;
  if (found === undefined) {
    return { code: "assignment-tag-missing", message: `the tag ${name} of a committed promotion is missing`, fix };
  }
  return { code: "assignment-tag-moved", message: `the tag ${name} is not the one in the ledger`, fix };
}

const tagNotInLedger = (name: string, model: string): Problem => ({
  code: "assignment-not-in-ledger",
  message: `the tag ${name} has no entry in the ledger: it was created by hand, or the end of the ledger was deleted`,
  fix: `Restore the branch ${ledgerBranchName(model)} if it lacks entries; otherwise delete the tag`,
});
