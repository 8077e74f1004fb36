/** What a training used, in a report: facts, a row for each GPU, and curves. */

import type { CurvePlot } from "../core/plots/plot.ts";
import type { TrainingRecord } from "../records/training-record.ts";
import { formatNumber } from "./format-number.ts";
import { joinMarkdown, type Markdown, md } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

type Resources = NonNullable<TrainingRecord["resources"]>;
type Fact = readonly [label: string, value: Markdown];

/** Only what is known. */
export function resourceFacts({ resources }: TrainingRecord): readonly Fact[] {
  if (resources === undefined) return [];
  const { energyJoules, cost, wastedSeconds, memoryPeakBytes, cpuSeconds, emissionsGrams } = resources;
  const cpu = cpuSeconds === undefined ? [] : [md`${formatSeconds(cpuSeconds)} of processor time`];
  const memory = memoryPeakBytes === undefined ? [] : [md`${formatBytes(memoryPeakBytes)} at most`];
  return [
    ...(memory.length === 0 && cpu.length === 0 ? [] : [["Memory", joinMarkdown([...memory, ...cpu], ", ")] as const]),
    ...(typeof energyJoules === "number" ? [["Energy", md`${formatEnergy(energyJoules)}`] as const] : []),
    ...(emissionsGrams === undefined ? [] : [["Emissions", md`${formatNumber(emissionsGrams, 3)} g CO2e`] as const]),
    ...(cost === undefined
      ? []
      : [["Cost", md`${formatNumber(cost.amount, 4)} ${cost.currency}, at ${cost.perHour} an hour`] as const]),
    ...(wastedSeconds === undefined || wastedSeconds < 1
      ? []
      : [["Idle", md`all GPUs for ${formatSeconds(wastedSeconds)}`] as const]),
  ];
}

/** At most this many are a row of their own: those that differ most stand at the ends of a sorted list. */
const MAX_ROWS = 16;

export function gpuTable({ resources }: TrainingRecord): readonly Block[] {
  const gpus = resources?.gpus ?? [];
  if (gpus.length === 0) return [];
  const titles = ["GPU", "Memory, at most", "Busy, mean", "Power, mean", "Slowed by"];
  return [
    {
      kind: "table",
      itemNoun: "GPU",
      columns: titles.map((title, at) => ({ title, align: at === 0 || at === 4 ? "left" : "right" })),
      rows: gpus.slice(0, MAX_ROWS).map((gpu) => ({ rank: RANK.same, cells: cellsOf(gpu) })),
    },
  ];
}

function cellsOf(gpu: Resources["gpus"][number]): readonly Markdown[] {
  const { index, mig, memoryPeakBytes, memoryBytes, utilizationMeanPercent, powerMeanWatts, throttled = [] } = gpu;
  const total = memoryBytes === null ? md`` : md` of ${formatBytes(memoryBytes)}`;
  const board = mig?.sharesBoard === true ? md` (whole board)` : md``;
  return [
    mig === undefined ? md`${index}` : md`${index}, slice ${mig.profile}`,
    memoryPeakBytes === null ? UNKNOWN : md`${formatBytes(memoryPeakBytes)}${total}`,
    utilizationMeanPercent === null ? UNKNOWN : md`${formatNumber(utilizationMeanPercent, 3)} %`,
    powerMeanWatts === null ? UNKNOWN : md`${formatNumber(powerMeanWatts, 3)} W${board}`,
    md`${throttled.join(", ").replaceAll("_", " ")}`,
  ];
}

const UNKNOWN = md`not told`;

/** What the training measured first, then what it used. */
export const trainingPlots = ({ resources, curves = [] }: TrainingRecord): readonly CurvePlot[] =>
  [...curves, ...(resources?.curves ?? []).filter(isLong)].map(toPlot);

/** What a training uses while it starts is no course of anything. */
const isLong = ({ points }: { readonly points: readonly (readonly [number, number])[] }): boolean =>
  (points.at(-1)?.[0] ?? 0) >= SHORTEST_SECONDS;
const SHORTEST_SECONDS = 30;

function toPlot({ name, unit, axis, points }: NonNullable<Resources["curves"]>[number]): CurvePlot {
  const title = unit === undefined ? name : `${name} (${unit})`;
  return {
    ...{ kind: "curves", title, file: "the record", xName: axis, skipped: 0, leftOut: [] },
    xs: points.map(([x]) => x),
    series: [{ name: title, ys: points.map(([, y]) => y) }],
  };
}

/** `1.4 kWh`; of little, Wh. */
function formatEnergy(joules: number): string {
  const wattHours = joules / 3600;
  return wattHours >= 1000 ? `${formatNumber(wattHours / 1000, 3)} kWh` : `${formatNumber(wattHours, 3)} Wh`;
}

function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${formatNumber(bytes / 1e9, 3)} GB` : `${formatNumber(bytes / 1e6, 3)} MB`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 90) return `${formatNumber(seconds, 2)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${formatNumber(seconds / 3600, 3)} h`;
}
