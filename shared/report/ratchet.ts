/** What to copy into the file of the best values, where a change is better than them by more than chance. */
import { suggestRatchet } from "../core/gate/suggest-ratchet.ts";
import type { Verdict } from "../records/verdict.ts";
import { formatCount, inlineName, md } from "./markdown.ts";
import type { Block } from "./report-tree.ts";

export function ratchetSection(verdict: Verdict): readonly Block[] {
  const found = suggestRatchet(verdict);
  if (found === undefined) return [];
  const { path, text, better } = found;
  const where = md`${formatCount(better, "value")} better by more than chance. To hold what is gained, let ${inlineName(path)} have this:`;
  const blocks: readonly Block[] = [
    { kind: "lines", lines: [where] },
    { kind: "code", language: "json", text },
  ];
  return [{ kind: "section", title: md`Better than the best so far`, open: false, blocks }];
}
