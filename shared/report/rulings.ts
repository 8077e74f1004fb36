/** The rules of a verdict: which are broken and what to do, and all of them in a table. */
import type { Ruling, Verdict } from "../records/verdict.ts";
import { showChange } from "./change.ts";
import { type Md, md, name } from "./markdown.ts";
import { showExactly } from "./number.ts";
import { type Block, type Column, type Item, RANK, type Row } from "./tree.ts";

const MARK = { fail: "❌", inconclusive: "⚠️", pass: "✅" } as const;

/** Failing first, then undecided, then what holds; each group in the policy's order. */
const bySeverity = (rulings: readonly Ruling[]): readonly Ruling[] =>
  (["fail", "inconclusive", "pass"] as const).flatMap((outcome) => rulings.filter((r) => r.outcome === outcome));

/** What stands in the way of a merge, each with its reason. */
export const blockers = (rulings: readonly Ruling[]): readonly Item[] =>
  bySeverity(rulings)
    .filter(({ outcome }) => outcome !== "pass")
    .map((ruling) => ({
      rank: RANK.failing,
      text: md`${MARK[ruling.outcome]} **${subject(ruling)}**: ${ruling.reason}`,
    }));

/** What the author can do about the broken rules. */
export function nextStep({ rulings, policy }: Pick<Verdict, "rulings" | "policy">): Md | undefined {
  const broken = rulings.filter(({ outcome }) => outcome === "fail");
  const [first] = broken;
  if (first === undefined) return undefined;
  const missing = broken.find(({ candidate }) => candidate === null);
  if (missing !== undefined) return md`**Next:** let the training write ${subject(missing)}, then push.`;
  return md`**Next:** make ${subject(first)} better and push; or, where the loss is wanted, change the rule in ${name(policy.path)} in a pull request of its own: this one is judged by the rules of its base.`;
}

export function rulesTable({ rulings, metrics }: Pick<Verdict, "rulings" | "metrics">): Block {
  const key = (metric: string, slice: string | null): string => JSON.stringify([metric, slice]);
  const before = new Map(metrics.map(({ name: metric, slice, baseline }) => [key(metric, slice), baseline]));
  const rows = bySeverity(rulings).map((ruling) =>
    // A rule that needs no baseline names none, but a reader wants to see what it was.
    ruleRow({ ...ruling, baseline: ruling.baseline ?? before.get(key(ruling.metric, ruling.slice)) ?? null }),
  );
  return { kind: "table", of: "rule", columns: COLUMNS, rows };
}

const COLUMNS: readonly Column[] = [
  { title: "", align: "left" },
  { title: "Metric", align: "left" },
  { title: "Slice", align: "left" },
  { title: "Baseline", align: "right" },
  { title: "This change", align: "right" },
  { title: "Change", align: "left" },
  { title: "Rule", align: "left" },
];

function ruleRow(ruling: Ruling): Row {
  const { baseline, candidate } = ruling;
  return {
    rank: ruling.outcome === "pass" ? RANK.judged : RANK.failing,
    cells: [
      md`${MARK[ruling.outcome]}`,
      name(ruling.metric),
      ruling.slice === null ? md`all` : name(ruling.slice),
      md`${baseline === null ? "–" : showExactly(baseline)}`,
      md`${candidate === null ? "missing" : showExactly(candidate)}`,
      showChange(ruling.better, baseline, candidate),
      ruleWords(ruling),
    ],
  };
}

function ruleWords({ rule, threshold, unit }: Ruling): Md {
  const limit = showExactly(threshold);
  if (rule === "min") return md`at least ${limit}`;
  if (rule === "max") return md`at most ${limit}`;
  if (threshold === 0) return md`not worse`;
  return unit === "percent" ? md`at most ${limit} % worse` : md`at most ${limit} worse`;
}

/** `mae` in `poor-health` */
function subject({ metric, slice }: Pick<Ruling, "metric" | "slice">): Md {
  return slice === null ? name(metric) : md`${name(metric)} in ${name(slice)}`;
}
