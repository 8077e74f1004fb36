/** Everything that was measured and that no rule judged: what changed most first. */
import type { Verdict } from "../records/verdict.ts";
import { type Better, showChange, weightOfChange } from "./change.ts";
import { md, name } from "./markdown.ts";
import { showTogether } from "./number.ts";
import { type Block, type Column, RANK } from "./tree.ts";

type Measured = Verdict["metrics"][number];

/** The metrics without a rule, in the order to show them. */
export function unjudged({ metrics, rulings }: Pick<Verdict, "metrics" | "rulings">): readonly Measured[] {
  const key = (metric: string, slice: string | null): string => JSON.stringify([metric, slice]);
  const judged = new Set(rulings.map(({ metric, slice }) => key(metric, slice)));
  return metrics
    .filter(({ name: metric, slice }) => !judged.has(key(metric, slice)))
    .map((measured) => ({ measured, weight: weightOfChange(measured.baseline, measured.candidate) }))
    .sort((a, b) => (a.weight === b.weight ? 0 : b.weight - a.weight))
    .map(({ measured }) => measured);
}

export const hasChanged = ({ baseline, candidate }: Measured): boolean => baseline !== candidate;

export function metricsTable(measured: readonly Measured[], rulings: Verdict["rulings"]): Block {
  const directions = new Map<string, Better>(rulings.map(({ metric, better }) => [metric, better]));
  return {
    kind: "table",
    of: "metric",
    columns: COLUMNS,
    rows: measured.map((one) => {
      const { baseline, candidate, slice } = one;
      const [was, is] = showTogether([baseline, candidate]);
      return {
        rank: hasChanged(one) ? RANK.changed : RANK.same,
        cells: [
          name(one.name),
          slice === null ? md`all` : name(slice),
          md`${was ?? "–"}`,
          md`${is ?? "missing"}`,
          showChange(directions.get(one.name), baseline, candidate),
        ],
      };
    }),
  };
}

const COLUMNS: readonly Column[] = [
  { title: "Metric", align: "left" },
  { title: "Slice", align: "left" },
  { title: "Baseline", align: "right" },
  { title: "This change", align: "right" },
  { title: "Change", align: "left" },
];
