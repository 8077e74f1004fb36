import { describe, expect, test } from "vitest";
import type { TrainingRecord } from "../../records/training-record.ts";
import { verdict2 } from "../../records/verdict-2.ts";
import { compareTrainings } from "./compare-trainings.ts";

const H100 = "NVIDIA H100 80GB HBM3";
const training = (
  versions: Readonly<Record<string, string>>,
  more: Partial<TrainingRecord> = {},
  gpus: readonly string[] = [H100],
): TrainingRecord =>
  ({
    ...{ params: { lr: 0.1 }, dataDigest: "sha256:a" },
    environment: { os: "Linux", arch: "X64", runner: "gpu-1", gpus, versions },
    ...more,
  }) as TrainingRecord;

describe("what differs between two trainings", () => {
  test("are versions, GPUs, parameters, data and packages, and what this one used", () => {
    const before = training(
      { "nvidia-driver": "580.65.06", torch: "2.10.0", git: "2.49" },
      { software: { packages: { torch: "2.10.0", pandas: "2.2.0", tqdm: "4.67" } } },
    );
    const after = training(
      { "nvidia-driver": "590.48.01", torch: "2.11.0", git: "2.49" },
      {
        ...{ params: { lr: 0.2, layers: 3 }, dataDigest: "sha256:b" },
        software: { packages: { torch: "2.11.0", pandas: "2.3.0", tqdm: "4.67" } },
        resources: { gpus: [], energyJoules: 5.04e6, cost: { amount: 12.3456, currency: "USD", perHour: 4 } },
      },
      [H100, H100],
    );
    const changes = compareTrainings(before, after);
    expect(changes).toEqual({
      environment: [
        { name: "GPUs", before: H100, after: `2 x ${H100}` },
        { name: "nvidia-driver", before: "580.65.06", after: "590.48.01" },
        { name: "torch", before: "2.10.0", after: "2.11.0" },
        { name: "pandas", before: "2.2.0", after: "2.3.0" },
        { name: "energy", before: null, after: "1.4 kWh" },
        { name: "cost", before: null, after: "12.3 USD" },
      ],
      params: [
        { name: "lr", before: "0.1", after: "0.2" },
        { name: "layers", before: null, after: "3" },
      ],
      data: true,
    });
    expect(verdict2.shape.changes.safeParse(changes).error).toBeUndefined();
  });

  test("is nothing where nothing does, and where a record is not known", () => {
    const one = training({ torch: "2.10.0" });
    expect(compareTrainings(one, one)).toBeUndefined();
    expect(compareTrainings(undefined, one)).toBeUndefined();
    expect(compareTrainings(one, undefined)).toBeUndefined();
  });

  test("is not known of data that one of them does not name", () => {
    const found = compareTrainings(training({}), training({ torch: "2.10.0" }, { dataDigest: null }));
    expect(found).toEqual({ environment: [{ name: "torch", before: null, after: "2.10.0" }], data: null });
  });

  test("is not taken from what every object has", () => {
    expect(compareTrainings(training({}), training({ constructor: "1" }))).toMatchObject({
      environment: [{ name: "constructor", before: null, after: "1" }],
    });
  });
});
