import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resources } from "../../../records/resources.ts";
import { Curve } from "./curve.ts";
import type { Gpu } from "./inventory.ts";
import { GpuUsage } from "./usage.ts";
import { listVisibleDevices } from "./visible-devices.ts";

const gpu = (index: number, more: Partial<Gpu> = {}): Gpu => ({
  ...{ index, uuid: `GPU-${index}`, name: "NVIDIA H100", driver: "590.48", computeCapability: 9, eccErrors: null },
  ...{ memoryBytes: 85e9, freeBytes: 84e9, remapFailed: null, recoveryAction: null, isPartitioned: false, slices: [] },
  ...more,
});
const slice = (device: number) => ({
  ...{ device, uuid: `MIG-${device}`, profile: "1g.10gb", memoryBytes: 10e9, usedBytes: 0 },
});
const FIELDS = ["index", "utilization.gpu", "memory.used", "power.draw.instant", "power.draw"];
const digest = (text: string): `sha256:${string}` => `sha256:${Buffer.from(text).toString("hex").padEnd(64, "0")}`;

function measure(rows: readonly (readonly [row: string, at: number])[], gpus = [gpu(0)], visible?: string): GpuUsage {
  const usage = new GpuUsage(FIELDS, listVisibleDevices(gpus, visible));
  for (const [row, at] of rows) usage.push(row, at);
  return usage;
}
const summarise = (...args: Parameters<typeof measure>) => measure(...args).summarise(digest);

describe("what a training used", () => {
  test("is added up: peaks, means, and power to energy", () => {
    const rows = [
      ["0, 0, 100, 100, 90", 0],
      ["0, 100, 41000, 300, 90", 10],
      ["0, 50, 30000, 300, 90", 20],
    ] as const;
    const found = summarise(rows);
    expect(found).toMatchObject({ energyJoules: 5_000, samples: 3, wastedSeconds: 10 });
    expect(found.gpus).toEqual([
      {
        ...{ index: 0, name: "NVIDIA H100", uuid: "4750552d30000000", memoryBytes: 85e9 },
        memoryPeakBytes: 41000 * 1024 ** 2,
        ...{ utilizationMeanPercent: 50, utilizationPeakPercent: 100, powerMeanWatts: 250, energyJoules: 5_000 },
      },
    ]);
    expect(resources.safeParse(found).error).toBeUndefined();
    expect(found.curves?.map(({ name }) => name)).toEqual(["GPU 0 utilization", "GPU 0 memory", "GPU 0 power"]);
  });

  test("is null where the driver does not tell, and so is the sum", () => {
    const found = summarise([
      ["0, [N/A], [N/A], [N/A], [Not Supported]", 0],
      ["0, [N/A], [N/A], [N/A], [N/A]", 1],
    ]);
    expect(found).toMatchObject({ energyJoules: null, curves: [] });
    expect(found).not.toHaveProperty("wastedSeconds");
    expect(found.gpus[0]).toMatchObject({
      ...{ memoryPeakBytes: null, utilizationMeanPercent: null, utilizationPeakPercent: null },
      ...{ powerMeanWatts: null, energyJoules: null },
    });
  });

  test("is of the GPUs that it may use, and of no other", () => {
    const rows = [
      ["0, 90, 1, 100, 1", 0],
      ["1, 10, 1, 200, 1", 0],
      ["0, 90, 1, 100, 1", 1],
      ["1, 10, 1, 200, 1", 1],
    ] as const;
    expect(summarise(rows, [gpu(0), gpu(1)], "1")).toMatchObject({ energyJoules: 200, gpus: [{ index: 1 }] });
    expect(summarise(rows, [gpu(0), gpu(1)])).toMatchObject({ energyJoules: 300, gpus: [{}, {}] });
    expect(summarise(rows, [])).toMatchObject({ energyJoules: null, gpus: [] });
  });

  test("of a slice, memory is its own, and energy that of the board, once", () => {
    const gpus = [gpu(0, { isPartitioned: true, slices: [slice(0), slice(1)] })];
    const usage = measure(
      [
        ["0, [N/A], 87, 400, 1", 0],
        ["0, [N/A], 87, 400, 1", 10],
      ],
      gpus,
      "MIG-0,MIG-1",
    );
    usage.pushSlice("MIG-1", 5e9);
    usage.pushSlice("MIG-1", 4e9);
    expect(usage.idleSeconds).toBeNull();
    expect(usage.summarise(digest)).toMatchObject({
      energyJoules: 4_000,
      gpus: [
        { memoryBytes: 10e9, memoryPeakBytes: null, mig: { profile: "1g.10gb", sharesBoard: true } },
        { memoryBytes: 10e9, memoryPeakBytes: 5e9, energyJoules: 4_000 },
      ],
    });
  });

  test("is wasted while all GPUs are idle, and only then", () => {
    const gpus = [gpu(0), gpu(1)];
    const at = (seconds: number, first: number, second: number) =>
      [
        [`0, ${first}, 1, 1, 1`, seconds],
        [`1, ${second}, 1, 1, 1`, seconds],
      ] as const;
    const usage = measure([...at(0, 0, 0), ...at(10, 0, 90), ...at(20, 0, 0), ...at(50, 0, 4), ...at(60, 0, 0)], gpus);
    expect(usage.idleSeconds).toBe(40);
    expect(usage.summarise(digest)).toMatchObject({ wastedSeconds: 50 });
  });

  test("is shown in a line, without what is unknown", () => {
    const rows = [
      ["0, 87, 41000, 310.2, 1", 0],
      ["1, [N/A], 500, [N/A], [N/A]", 0],
    ] as const;
    const usage = measure(rows, [gpu(0), gpu(1), gpu(2)]);
    expect(usage.describe()).toEqual([
      "GPU 0: 87 % busy, 43.0 GB used, 310 W",
      "GPU 1: 0.5 GB used",
      "GPU 2: no load reported",
    ]);
  });

  test("does not depend on rows that are none", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (noise) => {
        const good = [
          ["0, 90, 1, 100, 1", 0],
          ["0, 90, 1, 100, 1", 10],
        ] as const;
        const rows = [...noise.map((row) => [row, 5] as const)];
        const mixed = [good[0], ...rows.filter(([row]) => row.split(",").length !== FIELDS.length), good[1]];
        expect(summarise(mixed)).toEqual(summarise(good));
      }),
      { seed: 5 },
    );
  });

  test("has the energy of the integral, however the samples lie", () => {
    const step = fc.double({ min: 0.01, max: 30, noNaN: true });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        let at = 0;
        const rows = [0, ...steps].map((seconds) => {
          at += seconds;
          return [`0, 1, 1, ${(100 + at).toFixed(6)}, 1`, at] as const;
        });
        const exact = 100 * at + at ** 2 / 2;
        expect(Math.abs((summarise(rows).energyJoules ?? 0) / exact - 1)).toBeLessThan(1e-4);
      }),
      { seed: 6 },
    );
  });
});

test("a curve of any length keeps its area in few points", () => {
  const curve = new Curve();
  for (let at = 0; at < 100_000; at += 1) curve.push(at, at % 7);
  expect(curve.points.length).toBeLessThanOrEqual(201);
  const mean = curve.points.reduce((sum, [, value]) => sum + value, 0) / curve.points.length;
  expect(mean).toBeCloseTo(3, 0);
  const xs = curve.points.map(([x]) => x);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
});
