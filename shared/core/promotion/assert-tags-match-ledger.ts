/**
 * The tags bear witness for the ledger and the ledger for the tags. A chain of digests shows what was changed in the
 * middle; that its end was cut off shows only where somebody else remembers it.
 */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { TagRef } from "../registry/registry.ts";
import { assignmentTagName, parseTagName } from "../registry/tag-name.ts";
import type { LedgerState } from "./ledger.ts";

/**
 * @param tags all tags of the model
 * @throws ActionError (a refusal): `assignment-not-in-ledger`, `assignment-tag-moved`, `assignment-tag-missing`
 */
export function assertTagsMatchLedger(ledger: LedgerState, model: string, tags: readonly TagRef[]): void {
  const standing = new Map(tags.map((tag) => [tag.name, tag.object]));
  const known = [...ledger.environments.values()].flatMap((environment) => environment.tags);
  const open = [...ledger.environments.values()].flatMap(({ openIntent: open }) =>
    open === undefined ? [] : [assignmentTagName(model, open.plan.to, open.plan.assignment)],
  );
  const expected = new Set([...known.map(({ name }) => name), ...open]);
  const problems: readonly Problem[] = [
    ...known.flatMap(({ name, object }) => findTagProblem(name, object, standing.get(name)) ?? []),
    ...tags
      .filter(({ name }) => {
        const tag = parseTagName(name);
        return tag?.kind === "assignment" && tag.model === model && !expected.has(name);
      })
      .map(({ name }) => tagNotInLedger(name, model)),
  ];
  if (problems.length > 0) throw new ActionError("refused", problems);
}

function findTagProblem(name: string, object: string, found: string | undefined): Problem | undefined {
  if (found === object) return undefined;
  const fix = `Find out who did it, and restore it: git push origin ${object}:refs/tags/${name}`;
  if (found === undefined) {
    return { code: "assignment-tag-missing", message: `the tag ${name} of a committed promotion is gone`, fix };
  }
  return { code: "assignment-tag-moved", message: `the tag ${name} is not the one the ledger names`, fix };
}

const tagNotInLedger = (name: string, model: string): Problem => ({
  code: "assignment-not-in-ledger",
  message: `the tag ${name} has no entry in the ledger: it was made by hand, or the ledger was cut short`,
  fix: `Restore the branch mlops-ledger/${model} if entries are missing there; else delete the tag`,
});
