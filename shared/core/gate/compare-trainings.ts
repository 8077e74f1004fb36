/** What differs between two trainings besides the code: it may explain a difference in the metrics. */
import type { TrainingRecord } from "../../records/training-record.ts";
import type { Verdict } from "../../records/verdict.ts";

type Changes = NonNullable<Verdict["changes"]>;
type Change = NonNullable<Changes["environment"]>[number];

/** A list of all packages of a new image helps no one. */
const MAX_PACKAGES = 20;

/** @returns `undefined` where one of the records is not known, or nothing differs */
export function compareTrainings(
  before: TrainingRecord | undefined,
  after: TrainingRecord | undefined,
): Changes | undefined {
  if (before === undefined || after === undefined) return undefined;
  const environment = [...compareMachines(before, after), ...compareUse(before, after)];
  const params = compareMaps(toTexts(before.params), toTexts(after.params));
  const { dataDigest: from } = before;
  const { dataDigest: to } = after;
  const data = from === null || to === null ? null : from !== to;
  if (environment.length === 0 && params.length === 0 && data !== true) return undefined;
  return { ...(environment.length > 0 && { environment }), ...(params.length > 0 && { params: [...params] }), data };
}

function compareMachines(before: TrainingRecord, after: TrainingRecord): readonly Change[] {
  const [old, current] = [before, after].map(({ environment: { os, arch, gpus, versions } }) => ({
    ...{ os, arch, GPUs: describeGpus(gpus) },
    ...versions,
  }));
  const packages = [before, after].map(({ software }) => software?.packages);
  const [from, to] = packages;
  const known = from === undefined || to === undefined ? [] : compareMaps(from, to);
  const shown = new Set(Object.keys({ ...old, ...current }));
  return [
    ...compareMaps(old ?? {}, current ?? {}),
    ...known.filter(({ name }) => !shown.has(name)).slice(0, MAX_PACKAGES),
  ];
}

/** `2 x NVIDIA H100 80GB HBM3` */
function describeGpus(gpus: readonly string[]): string {
  const counts = Map.groupBy(gpus, (name) => name);
  const parts = [...counts].map(([name, { length }]) => (length === 1 ? name : `${length} x ${name}`));
  return parts.join(", ") || "none";
}

/** What it cost: said also where it hardly differs, because only this run has to be paid for. */
function compareUse({ resources: before }: TrainingRecord, { resources: after }: TrainingRecord): readonly Change[] {
  const energy = after?.energyJoules;
  const cost = after?.cost;
  return [
    ...(typeof energy === "number"
      ? [{ name: "energy", before: describeEnergy(before?.energyJoules), after: describeEnergy(energy) }]
      : []),
    ...(cost === undefined ? [] : [{ name: "cost", before: describeCost(before?.cost), after: describeCost(cost) }]),
  ];
}

/** `1.4 kWh`; of little, Wh. */
function describeEnergy(joules: number | null | undefined): string | null {
  if (joules === null || joules === undefined) return null;
  const wattHours = joules / 3600;
  return wattHours >= 1000 ? `${round(wattHours / 1000)} kWh` : `${round(wattHours)} Wh`;
}

const describeCost = (cost: NonNullable<TrainingRecord["resources"]>["cost"]): string | null =>
  cost === undefined ? null : `${round(cost.amount)} ${cost.currency}`;

const round = (number: number): number => Number(number.toPrecision(3));

const toTexts = (params: TrainingRecord["params"]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

function compareMaps(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const own = (map: Readonly<Record<string, string>>, name: string): string | null =>
    Object.hasOwn(map, name) ? (map[name] ?? null) : null;
  return names
    .map((name) => ({ name, before: own(before, name), after: own(after, name) }))
    .filter((change) => change.before !== change.after);
}
