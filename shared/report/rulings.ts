/** The rules of a verdict in words: which are broken, and what to do. */
import type { Ruling, Verdict } from "../records/verdict.ts";
import { isBlocking, judgedSlice } from "./diff-rows.ts";
import { describeChange } from "./format-change.ts";
import { formatExact, formatPair, numberMarkdown } from "./format-number.ts";
import { EMPTY_MARKDOWN, inlineName, type Markdown, md } from "./markdown.ts";
import { type ListItem, RANK } from "./report-tree.ts";

/** Blocking ones first, then inconclusive ones, then those that are only shown; each group in the policy's order. */
const bySeverity = (rulings: readonly Ruling[]): readonly Ruling[] => {
  const order = (ruling: Ruling): number => (isBlocking(ruling) ? 0 : ruling.outcome === "inconclusive" ? 1 : 2);
  return rulings.filter(({ outcome }) => outcome !== "pass").toSorted((a, b) => order(a) - order(b));
};

/** The rules that do not hold, each reason once. */
export const brokenItems = (rulings: readonly Ruling[]): readonly ListItem[] =>
  groupByReason(bySeverity(rulings)).map((group) => {
    const [first] = group;
    const names = [...new Set(group.map((ruling) => inlineMetricName(ruling).markdown))];
    const shown = names.slice(0, MAX_NAMES).join(", ");
    const more = names.length > MAX_NAMES ? md` and ${names.length - MAX_NAMES} more` : EMPTY_MARKDOWN;
    const mark = isBlocking(first) ? "❌" : "⚠️";
    return {
      rank: RANK.failing,
      text: md`${mark} **${{ markdown: shown }}**${more}: ${describeRuling(first)}${describeExcuse(first)}`,
    };
  });

const MAX_NAMES = 3;

/** In the order in which each outcome and reason first appears. */
function groupByReason(rulings: readonly Ruling[]): readonly (readonly [Ruling, ...Ruling[]])[] {
  const groups = new Map<string, [Ruling, ...Ruling[]]>();
  for (const ruling of rulings) {
    const key = [ruling.outcome, ruling.reason, ruling.severity, ruling.waiver?.approver.id].join(" ");
    const group = groups.get(key);
    if (group) group.push(ruling);
    else groups.set(key, [ruling]);
  }
  return [...groups.values()];
}

/** Why, with short numbers; the record's own words where there are no two numbers to say it with. */
function describeRuling(ruling: Ruling): Markdown {
  const { rule, candidate, baseline, threshold, better } = ruling;
  const reason = withoutSlice(ruling);
  const unit = unitOf(ruling);
  if (candidate === null || ruling.outcome === "inconclusive") return md`${reason}`;
  if (rule === "min" || rule === "max") {
    const where = rule === "min" ? "below" : "above";
    return md`${numberMarkdown(candidate)}${unit} is ${where} ${{ markdown: formatExact(threshold) }}${unit}`;
  }
  if (baseline === null || baseline === candidate || !COMPARING.has(ruling.limit ?? rule)) return md`${reason}`;
  const [before = "", now = ""] = formatPair(baseline, candidate);
  const change = describeChange(rule === "max-change" ? "neither" : better, baseline, candidate);
  if (ruling.tolerance === "learned") return md`${{ markdown: `${before} → ${now}` }}${unit}, ${change}: ${reason}`;
  const { limit = rule } = ruling;
  const allowed = rule === "worst-slice" ? md`allowed of the worst slice is` : md`allowed is`;
  return md`${{ markdown: `${before} → ${now}` }}${unit}, ${change}; ${allowed} ${formatRule({ ...ruling, rule: limit })}`;
}

/** Its name stands before the reason. */
function withoutSlice(ruling: Ruling): string {
  const named = `in the slice ${judgedSlice(ruling)}, `;
  return ruling.rule === "worst-slice" && ruling.reason.startsWith(named)
    ? ruling.reason.slice(named.length)
    : ruling.reason;
}

const COMPARING: ReadonlySet<string> = new Set(["max-regression", "max-change", "min-improvement"]);

/** The policy's own reason for the rule, and who has waived it. */
function describeExcuse({ why, waiver, severity, outcome }: Ruling): Markdown {
  const reason = why === undefined ? EMPTY_MARKDOWN : md` (${why})`;
  if (waiver !== undefined)
    return md`${reason}; waived by ${inlineName(waiver.approver.login)} until ${{ markdown: waiver.expires }}: ${waiver.reason}`;
  return severity === "warn" && outcome === "fail" ? md`${reason}; a warning only` : reason;
}

/** What the author can do about it. */
export function describeNextStep({ rulings, policy }: Pick<Verdict, "rulings" | "policy">): Markdown | undefined {
  const broken = rulings.filter(isBlocking);
  const [first] = broken;
  if (first === undefined) return describeOpen(rulings.find(({ outcome }) => outcome === "inconclusive"));
  const missing = broken.find(({ candidate }) => candidate === null);
  if (missing !== undefined)
    return md`**Next:** let the training write ${inlineMetricName(missing)}, then push; or, if it has another name now, correct the rule in ${inlineName(policy?.path ?? "the policy")} in a separate pull request.`;
  if (first.rule === "max-regression" && first.baseline === null) {
    return md`**Next:** train the base branch, so that there is a baseline with ${inlineMetricName(first)}; then re-run this run.`;
  }
  if (first.tolerance === "learned" && !isProvenWorse(first))
    return md`**Next:** complete the evidence for ${inlineMetricName(first)}, as the reason says, then push: nothing shows that the model is worse.`;
  return md`**Next:** improve ${inlineMetricName(first)} and push; or, if the worse value is intended, change the rule in ${inlineName(policy?.path ?? "the policy")} in a separate pull request: this one is judged by the rules of its base.`;
}

/** A rule about noise also closes the gate while its evidence is missing or contradicts the metric. */
const isProvenWorse = ({ reason }: Ruling): boolean => reason.startsWith("it is worse by more than its noise");

function describeOpen(ruling: Ruling | undefined): Markdown | undefined {
  if (ruling === undefined) return undefined;
  if (ruling.baseline === null && COMPARING.has(ruling.limit ?? ruling.rule))
    return md`**Next:** nothing to correct here: the first merge makes the baseline, and later changes are compared with it.`;
  return md`**Next:** measure ${inlineMetricName(ruling)} on more examples, then push.`;
}

type RuleInWords = Pick<Ruling, "rule" | "limit" | "threshold" | "unit" | "measure" | "tolerance">;

/** A rule as a sign: `≤ 6`, `≤ 2 % worse`. */
export function formatRule({ rule, limit, threshold, unit, measure, tolerance }: RuleInWords): Markdown {
  if (tolerance === "learned") return md`within noise`;
  const amount = md`${{ markdown: formatExact(threshold) }}${unit === "percent" ? md` %` : unitOf({ measure })}`;
  switch (rule) {
    case "min":
      return md`≥ ${amount}`;
    case "max":
      return md`≤ ${amount}`;
    case "max-regression":
      return threshold === 0 ? md`not worse` : md`≤ ${amount} worse`;
    case "max-change":
      return md`± ${amount}`;
    case "min-improvement":
      return threshold === 0 ? md`not worse` : md`≥ ${amount} better`;
    case "min-n":
      return md`n ≥ ${amount}`;
    case "max-gap":
      return md`≤ ${amount}`;
    case "worst-slice":
      return limit === undefined
        ? md`worst slice ${amount}`
        : md`worst slice ${formatRule({ rule: limit, threshold, unit, ...(measure !== undefined && { measure }) })}`;
  }
}

const unitOf = ({ measure }: Pick<Ruling, "measure">): Markdown =>
  measure === undefined ? EMPTY_MARKDOWN : md` ${measure}`;

/** `mae` in `poor-health` */
function inlineMetricName(ruling: Ruling): Markdown {
  const slice = judgedSlice(ruling);
  return slice === null ? inlineName(ruling.metric) : md`${inlineName(ruling.metric)} in ${inlineName(slice)}`;
}
