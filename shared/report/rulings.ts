/** The rules of a verdict: which are broken, what to do, and all of them in a table. */
import { metricKey } from "../records/metric-key.ts";
import type { Ruling, Verdict } from "../records/verdict.ts";
import { formatChange } from "./format-change.ts";
import { formatExact } from "./format-number.ts";
import { inlineName, type Markdown, md } from "./markdown.ts";
import { type Block, type ListItem, RANK, type TableColumn, type TableRow } from "./report-tree.ts";

const MARK = { fail: "❌", inconclusive: "⚠️", pass: "✅" } as const;

/** Failed rules first, then inconclusive ones, then those that passed; each group in the policy's order. */
const bySeverity = (rulings: readonly Ruling[]): readonly Ruling[] =>
  (["fail", "inconclusive", "pass"] as const).flatMap((outcome) => rulings.filter((r) => r.outcome === outcome));

/** The rules that block a merge, each reason once. */
export const blockingItems = (rulings: readonly Ruling[]): readonly ListItem[] =>
  groupByReason(bySeverity(rulings).filter(({ outcome }) => outcome !== "pass")).map((group) => {
    const [first] = group;
    const names = [...new Set(group.map((ruling) => inlineMetricName(ruling).markdown))];
    const shown = names.slice(0, MAX_NAMES).join(", ");
    const more = names.length > MAX_NAMES ? md` and ${names.length - MAX_NAMES} more` : md``;
    return {
      rank: RANK.failing,
      text: md`${MARK[first.outcome]} **${{ markdown: shown }}**${more}: ${first.reason}`,
    };
  });

const MAX_NAMES = 3;

/** In the order in which each outcome and reason first appears. */
function groupByReason(rulings: readonly Ruling[]): readonly (readonly [Ruling, ...Ruling[]])[] {
  const groups = new Map<string, [Ruling, ...Ruling[]]>();
  for (const ruling of rulings) {
    const group = groups.get(`${ruling.outcome} ${ruling.reason}`);
    if (group) group.push(ruling);
    else groups.set(`${ruling.outcome} ${ruling.reason}`, [ruling]);
  }
  return [...groups.values()];
}

/** What the author can do about the broken rules. */
export function describeNextStep({ rulings, policy }: Pick<Verdict, "rulings" | "policy">): Markdown | undefined {
  const broken = rulings.filter(({ outcome }) => outcome === "fail");
  const [first] = broken;
  if (first === undefined) return undefined;
  const missing = broken.find(({ candidate }) => candidate === null);
  if (missing !== undefined) return md`**Next:** let the training write ${inlineMetricName(missing)}, then push.`;
  if (first.rule === "max-regression" && first.baseline === null) {
    return md`**Next:** train the base branch, so that there is a baseline with ${inlineMetricName(first)}; then re-run this run.`;
  }
  return md`**Next:** improve ${inlineMetricName(first)} and push; or, if the worse value is intended, change the rule in ${inlineName(policy?.path ?? "the policy")} in a separate pull request: this one is judged by the rules of its base.`;
}

export function rulesTable({ rulings, metrics }: Pick<Verdict, "rulings" | "metrics">): Block {
  const baselines = new Map(metrics.map((metric) => [metricKey(metric), metric.baseline]));
  const rows = bySeverity(rulings).map((ruling) =>
    ruleRow({
      ...ruling,
      // The ruling of a rule that needs no baseline has none, but readers want to see it.
      baseline: ruling.baseline ?? baselines.get(metricKey({ name: ruling.metric, slice: ruling.slice })) ?? null,
    }),
  );
  return { kind: "table", itemNoun: "rule", columns: COLUMNS, rows };
}

const COLUMNS: readonly TableColumn[] = [
  { title: "", align: "left" },
  { title: "Metric", align: "left" },
  { title: "Slice", align: "left" },
  { title: "Baseline", align: "right" },
  { title: "This change", align: "right" },
  { title: "Change", align: "left" },
  { title: "Rule", align: "left" },
];

function ruleRow(ruling: Ruling): TableRow {
  const { baseline, candidate } = ruling;
  return {
    rank: ruling.outcome === "pass" ? RANK.judged : RANK.failing,
    cells: [
      md`${MARK[ruling.outcome]}`,
      inlineName(ruling.metric),
      ruling.slice === null ? md`all` : inlineName(ruling.slice),
      md`${baseline === null ? "–" : formatExact(baseline)}`,
      md`${candidate === null ? "missing" : formatExact(candidate)}`,
      formatChange(ruling.better, baseline, candidate),
      formatRule(ruling),
    ],
  };
}

function formatRule({ rule, threshold, unit }: Ruling): Markdown {
  const limit = formatExact(threshold);
  if (rule === "min") return md`at least ${limit}`;
  if (rule === "max") return md`at most ${limit}`;
  if (threshold === 0) return md`not worse`;
  return unit === "percent" ? md`at most ${limit} % worse` : md`at most ${limit} worse`;
}

/** `mae` in `poor-health` */
function inlineMetricName({ metric, slice }: Pick<Ruling, "metric" | "slice">): Markdown {
  return slice === null ? inlineName(metric) : md`${inlineName(metric)} in ${inlineName(slice)}`;
}
