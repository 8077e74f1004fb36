import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { createFakeSmi } from "../../../test/fixture/fake-nvidia-smi.ts";
import { findProgram } from "../process/find-program.ts";
import { readGpus } from "./read-gpus.ts";
import { readSystem } from "./read-system.ts";

const MIB = 1024 ** 2;

describe("the GPUs of a machine", () => {
  test.each([
    [
      "h100-590",
      "13.1",
      [{ driver: "590.48.01", memoryBytes: 81559 * MIB, freeBytes: 81081 * MIB, recoveryAction: null }, { index: 1 }],
    ],
    [
      "geforce-550",
      "12.4",
      [{ name: "NVIDIA GeForce RTX 4090", eccErrors: null, isPartitioned: false, computeCapability: 8.9 }],
    ],
    ["k80-470", "11.4", [{ driver: "470.256.02", computeCapability: null, isPartitioned: false }]],
    ["l40s-610", "13.4", [{ driver: "610.12", recoveryAction: "Reset" }]],
  ] as const)("under %s", async (driver, cuda, gpus) => {
    const found = await readGpus(createFakeSmi(driver).program);
    expect(found).toMatchObject({ cuda, gpus });
    expect(found.gpus).toHaveLength(gpus.length);
  });

  test("in slices", async () => {
    const { gpus } = await readGpus(createFakeSmi("h100-mig-590").program);
    expect(gpus[0]).toMatchObject({
      isPartitioned: true,
      slices: [
        { profile: "3g.40gb", memoryBytes: 40448 * MIB, usedBytes: 44 * MIB },
        { profile: "1g.10gb", memoryBytes: 9984 * MIB, usedBytes: 5000 * MIB },
      ],
    });
  });

  test("and who uses them: names with commas, memory that is not told", async () => {
    const { processes } = await readGpus(createFakeSmi("geforce-550").program);
    expect(processes).toMatchObject([
      { pid: 812, name: "Xorg,a", usedBytes: 210 * MIB },
      { pid: 4711, name: "python", usedBytes: null },
    ]);
  });

  test("are none without the program, and with one that fails", async () => {
    expect(await readGpus(undefined)).toEqual({ gpus: [], cuda: null, processes: null });
    expect(await readGpus("/bin/false")).toEqual({ gpus: [], cuda: null, processes: null });
  });
});

test("a program is found where it is, and nowhere else", async () => {
  const { program, path } = createFakeSmi("h100-590");
  expect(await findProgram("nvidia-smi", path)).toBe(program);
  expect(await findProgram("driver.json", path)).toBeUndefined();
  expect(await findProgram("nvidia-smi", ".:relative")).toBeUndefined();
  expect(await findProgram("nvidia-smi", undefined)).toBeUndefined();
});

test.runIf(process.platform === "linux")("the system tells memory, disk and limits", async () => {
  const facts = await readSystem(tmpdir());
  for (const value of Object.values(facts)) expect(value).toBeGreaterThan(0);
  expect(facts.memoryAvailable ?? 0).toBeLessThanOrEqual(facts.memory ?? 0);
});
