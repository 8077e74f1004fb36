/** What the tags of a clone say about models, without a network. */

import { unescapeName } from "../core/registry/ref-name.ts";
import { parseVersionTag } from "../core/registry/registered-version.ts";
import type { Tag, TagRef } from "../core/registry/registry.ts";
import { parseTagName } from "../core/registry/tag-name.ts";
import { ActionError } from "../problem/problem.ts";
import type { DigestFunction } from "../records/digest.ts";
import type { ModelVersionRecord } from "../records/model-version.ts";

/** Runs git in the clone. @returns what it prints */
export type Git = (...words: readonly string[]) => string;

/** All tags of a model, the odd ones too. */
export function readTagRefs(git: Git, model: string): readonly TagRef[] {
  const lines = git("for-each-ref", "--format=%(refname:strip=2) %(objectname) %(objecttype)", "refs/tags");
  return lines.split("\n").flatMap((line): readonly TagRef[] => {
    const [name = "", object = "", type] = line.split(" ");
    return parseTagName(name)?.model === model ? [{ name, object, annotated: type === "tag" }] : [];
  });
}

/** The records of registered versions. A tag that somebody made by hand has none, and is left out. */
export function readRegistered(
  git: Git,
  model: string,
  tags: readonly TagRef[],
  digestOf: DigestFunction,
): readonly ModelVersionRecord[] {
  return tags.flatMap((ref) => {
    const tag = parseTagName(ref.name);
    if (tag?.kind !== "version" || tag.model !== model || !ref.annotated) return [];
    try {
      return [parseVersionTag(readTag(git, ref), "npm run ledger", digestOf).record];
    } catch (error) {
      if (error instanceof ActionError) return [];
      throw error;
    }
  });
}

function readTag(git: Git, ref: TagRef): Tag {
  const text = git("cat-file", "tag", ref.object);
  const end = text.indexOf("\n\n");
  return {
    ...ref,
    commit: /^object ([0-9a-f]{40})$/m.exec(text.slice(0, end))?.[1] ?? "",
    message: text.slice(end + 2),
  };
}

/** Names of the models that have a ledger here. */
export function listLedgerBranches(git: Git): readonly string[] {
  const patterns = ["refs/remotes/origin/mlops-ledger", "refs/heads/mlops-ledger"];
  const names = git("for-each-ref", "--format=%(refname:lstrip=-1)", ...patterns);
  const models = names.split("\n").flatMap((branch) => {
    const name = unescapeName(branch);
    return name?.isExact ? [name.name] : [];
  });
  return [...new Set(models)].sort();
}
