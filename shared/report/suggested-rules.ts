/** A first policy to copy, where nothing is gated yet. */
import { guessDirection } from "../core/metrics/metric-direction.ts";
import { POLICY_PATH } from "../core/policy/policy.ts";
import { type SuggestedGate, type Suggestion, suggestGates, suggestPolicy } from "../core/policy/suggest-policy.ts";
import type { Verdict } from "../records/verdict.ts";
import { EMPTY_MARKDOWN, inlineName, md } from "./markdown.ts";
import type { Block } from "./report-tree.ts";

/** None for a change that adds rules of its own, and where there are some. */
export function suggestedGatesFor(
  { policy, proposedPolicy, metrics }: Verdict,
  hasNoPolicy: boolean,
): readonly SuggestedGate[] {
  if (!hasNoPolicy || policy !== null || proposedPolicy !== undefined) return [];
  return suggestGates(metrics.map((metric) => ({ ...metric, better: metric.better ?? guessDirection(metric.name) })));
}

/** @param isPart whether the workflow has other results, which are not among these */
export function suggestedRules(results: readonly Suggestion[], isPart = false): readonly Block[] {
  const suggested = suggestPolicy(results);
  if (suggested === undefined) return [];
  const { text, models } = suggested;
  const [model] = models;
  const where = md`Copy this into ${inlineName(POLICY_PATH)} on the default branch, in a pull request of its own`;
  const part = isPart
    ? md` (it is about this result alone; the comment on a pull request has one for all)`
    : EMPTY_MARKDOWN;
  const naming =
    model === undefined
      ? EMPTY_MARKDOWN
      : md`; in the same one, name in each step the model that it is about, such as ${inlineName(`model: ${model}`)} in place of its ${inlineName("key")}`;
  return [
    {
      kind: "section",
      title: md`Rules to begin with`,
      open: false,
      blocks: [
        { kind: "lines", lines: [md`${where}${part}${naming}:`] },
        { kind: "code", language: "yaml", text },
      ],
    },
  ];
}
