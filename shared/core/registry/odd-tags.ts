/** Tags that look like those of a model and are not: anybody who may push can create them, so they have no effect. */
import type { Problem } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";
import type { TagRef } from "./registry.ts";
import { assignmentTagName, parseTagName } from "./tag-name.ts";

export interface SortedTags {
  readonly tags: readonly TagRef[];
  /** What is odd about the others, to be told. */
  readonly odd: readonly Problem[];
}

/** @param tags all tags of the model */
export function setOddTagsAside(tags: readonly TagRef[]): SortedTags {
  const odd = new Map(tags.flatMap((tag) => asList(tag, findOddity(tag))));
  return { tags: tags.filter((tag) => !odd.has(tag)), odd: [...odd.values()] };
}

const asList = (tag: TagRef, problem: Problem | undefined): readonly (readonly [TagRef, Problem])[] =>
  problem === undefined ? [] : [[tag, problem]];

const FIX = "It was created by hand and has no effect: delete it";

function findOddity({ name, annotated }: TagRef): Problem | undefined {
  const tag = parseTagName(name);
  // Two names of one environment would be two histories of it, to whoever reads tags alone.
  if (tag?.kind === "odd") {
    const [model, environment] = [tag.model, tag.environment];
    const message = `the tag ${name} looks like one of ${quoteText(environment)}, whose tags are named ${assignmentTagName(model, environment, 1)} and so on`;
    return { code: "assignment-tag-odd", message, fix: FIX };
  }
  if (annotated || tag === undefined) return undefined;
  return { code: "tag-not-annotated", message: `the tag ${name} is a lightweight tag, which has no record`, fix: FIX };
}
