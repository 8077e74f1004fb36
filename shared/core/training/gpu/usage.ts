/** What a training used of its GPUs: samples of `nvidia-smi`, added up. */
import type { DigestFunction } from "../../../records/digest.ts";
import type { TrainingRecord } from "../../../records/training-record.ts";
import { Curve } from "./curve.ts";
import { parseFlag, parseMebibytes, parseNumber } from "./parse-value.ts";
import type { VisibleDevice } from "./visible-devices.ts";

type Resources = NonNullable<TrainingRecord["resources"]>;

/** A GPU on which a kernel ran for less than this share of the time did nothing worth its price. */
const IDLE_PERCENT = 5;
/** Of more GPUs, a record has no curves of each. */
const MAX_CURVES_OF_GPUS = 8;

/** Of one board, which several slices may share. */
interface Board {
  readonly index: number;
  last: { at: number; watts: number | null } | undefined;
  joules: number | null;
  poweredSeconds: number;
  utilization: { sum: number; count: number; peak: number; now: number | null };
  memory: { peak: number | null; now: number | null };
  readonly throttled: Set<string>;
  readonly curves: { readonly utilization: Curve; readonly memory: Curve; readonly power: Curve };
}

export class GpuUsage {
  private readonly boards: readonly Board[];
  private readonly slicePeaks = new Map<string, number>();
  private samples = 0;
  private tickAt: number | undefined;
  /** Seconds in which every GPU was idle: in all, and without a break until now. */
  private idle = { total: 0, now: 0 };
  private readonly fields: readonly string[];
  private readonly devices: readonly VisibleDevice[];

  /** @param fields of each row, `index` among them */
  constructor(fields: readonly string[], devices: readonly VisibleDevice[]) {
    this.fields = fields;
    this.devices = devices;
    this.boards = [...new Set(devices.map(({ gpu }) => gpu.index))].map(createBoard);
  }

  /** @param row as it was printed; @param at seconds, of a clock that never goes back */
  push(row: string, at: number): void {
    const cells = row.split(",").map((cell) => cell.trim());
    if (cells.length !== this.fields.length) return;
    const cell = (name: string): string | undefined => cells[this.fields.indexOf(name)];
    const board = this.boards.find(({ index }) => index === parseNumber(cell("index")));
    if (board === undefined) return;
    if (board === this.boards[0]) this.tick(at);
    this.samples += 1;
    addPower(board, at, parseNumber(cell("power.draw.instant")) ?? parseNumber(cell("power.draw")));
    addUtilization(board, at, parseNumber(cell("utilization.gpu")));
    addMemory(board, at, parseMebibytes(cell("memory.used")));
    for (const [at, name] of this.fields.entries()) {
      if (name.includes("slowdown") && parseFlag(cells[at]) === true) board.throttled.add(name.replace(/^.*\./, ""));
    }
  }

  /** The memory that a slice uses, which no row tells. */
  pushSlice(uuid: string, usedBytes: number): void {
    this.slicePeaks.set(uuid, Math.max(usedBytes, this.slicePeaks.get(uuid) ?? 0));
  }

  /** Once for all GPUs: whether all of them were idle since the last time. */
  private tick(at: number): void {
    const seconds = at - (this.tickAt ?? at);
    this.tickAt = at;
    const isIdle = this.boards.every(({ utilization: { now } }) => now !== null && now < IDLE_PERCENT);
    this.idle = isIdle ? { total: this.idle.total + seconds, now: this.idle.now + seconds } : { ...this.idle, now: 0 };
  }

  /** Until now; `null` where the driver does not tell, as for slices. */
  get idleSeconds(): number | null {
    return this.knowsUtilization ? this.idle.now : null;
  }

  private get knowsUtilization(): boolean {
    return this.boards.length > 0 && this.boards.every(({ utilization: { count } }) => count > 0);
  }

  /** One line for each GPU: `GPU 0: 87 % busy, 43 GB, 310 W`; what is unknown is left out. */
  describe(): readonly string[] {
    return this.boards.map(({ index, utilization, memory, last }) => {
      const parts = [
        ...(utilization.now === null ? [] : [`${utilization.now} % busy`]),
        ...(memory.now === null ? [] : [`${(memory.now / 1e9).toFixed(1)} GB used`]),
        ...(typeof last?.watts === "number" ? [`${Math.round(last.watts)} W`] : []),
      ];
      return `GPU ${index}: ${parts.join(", ") || "no load reported"}`;
    });
  }

  /** As a record has it. */
  summarise(
    digestOf: DigestFunction,
  ): Pick<Resources, "gpus" | "energyJoules" | "wastedSeconds" | "samples" | "curves"> {
    const gpus = this.devices.map((device) => this.summariseDevice(device, digestOf));
    const joules = this.boards.map((board) => board.joules);
    const known = joules.filter((energy) => energy !== null);
    return {
      gpus,
      energyJoules:
        joules.length > 0 && known.length === joules.length ? round(known.reduce((a, b) => a + b, 0)) : null,
      ...(this.knowsUtilization && { wastedSeconds: round(this.idle.total) }),
      samples: this.samples,
      curves: this.boards.slice(0, MAX_CURVES_OF_GPUS).flatMap(curvesOf),
    };
  }

  private summariseDevice({ gpu, slice }: VisibleDevice, digestOf: DigestFunction): Resources["gpus"][number] {
    const board = this.boards.find(({ index }) => index === gpu.index);
    const { utilization, throttled } = board ?? createBoard(gpu.index);
    const uuid = slice?.uuid ?? gpu.uuid;
    return {
      ...{ index: gpu.index, name: gpu.name },
      ...(uuid !== "" && { uuid: digestOf(uuid).slice("sha256:".length).slice(0, 16) }),
      memoryBytes: slice === undefined ? gpu.memoryBytes : slice.memoryBytes,
      memoryPeakBytes: slice === undefined ? (board?.memory.peak ?? null) : (this.slicePeaks.get(slice.uuid) ?? null),
      utilizationMeanPercent: utilization.count === 0 ? null : round(utilization.sum / utilization.count),
      utilizationPeakPercent: utilization.count === 0 ? null : utilization.peak,
      powerMeanWatts: board === undefined ? null : meanPower(board),
      energyJoules: typeof board?.joules === "number" ? round(board.joules) : null,
      ...(slice && { mig: { profile: slice.profile, sharesBoard: gpu.slices.length > 1 } }),
      ...(throttled.size > 0 && { throttled: [...throttled].sort() }),
    };
  }
}

const createBoard = (index: number): Board => ({
  ...{ index, last: undefined, joules: null, poweredSeconds: 0 },
  utilization: { sum: 0, count: 0, peak: 0, now: null },
  memory: { peak: null, now: null },
  throttled: new Set(),
  curves: { utilization: new Curve(), memory: new Curve(), power: new Curve() },
});

/** By trapezoids; over a gap, too, where the stream was started again. */
function addPower(board: Board, at: number, watts: number | null): void {
  const { last } = board;
  if (watts !== null) board.curves.power.push(at, watts);
  if (watts !== null && typeof last?.watts === "number") {
    board.joules = (board.joules ?? 0) + ((watts + last.watts) / 2) * (at - last.at);
    board.poweredSeconds += at - last.at;
  }
  board.last = { at, watts };
}

function addUtilization(board: Board, at: number, percent: number | null): void {
  const { sum, count, peak } = board.utilization;
  if (percent === null) board.utilization = { sum, count, peak, now: null };
  else {
    board.utilization = { sum: sum + percent, count: count + 1, peak: Math.max(peak, percent), now: percent };
    board.curves.utilization.push(at, percent);
  }
}

function addMemory(board: Board, at: number, bytes: number | null): void {
  if (bytes === null) return;
  board.memory = { peak: Math.max(bytes, board.memory.peak ?? 0), now: bytes };
  board.curves.memory.push(at, bytes / 1e9);
}

const meanPower = ({ joules, poweredSeconds }: Board): number | null =>
  joules === null || poweredSeconds === 0 ? null : round(joules / poweredSeconds);

const round = (number: number): number => Number(number.toPrecision(6));

function curvesOf({ index, curves }: Board): NonNullable<Resources["curves"]> {
  const all = [
    { name: `GPU ${index} utilization`, unit: "%", curve: curves.utilization },
    { name: `GPU ${index} memory`, unit: "GB", curve: curves.memory },
    { name: `GPU ${index} power`, unit: "W", curve: curves.power },
  ];
  return all.flatMap(({ name, unit, curve }) => {
    const points = curve.points.map(([x, y]): [number, number] => [Number(x.toFixed(1)), Number(y.toPrecision(4))]);
    return points.length < 2 ? [] : [{ name, unit, axis: "seconds" as const, points }];
  });
}
