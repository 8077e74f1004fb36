import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError } from "../../../problem/problem.ts";
import { preflightCheck } from "../../../records/resources.ts";
import { INVENTORY_FIELDS } from "../gpu/fields.ts";
import { type Gpu, readInventory } from "../gpu/inventory.ts";
import { listVisibleDevices } from "../gpu/visible-devices.ts";
import { checkMachine, toProblems } from "./check-machine.ts";
import type { GpuProcess, MachineFacts } from "./machine-facts.ts";
import { readRequirements } from "./requirements.ts";

interface Case {
  readonly name: string;
  readonly require?: string;
  readonly gpus?: "none" | "mig";
  readonly visible?: string;
  /** Cells of the first GPU. */
  readonly gpu?: Readonly<Record<string, string>>;
  readonly machine?: Partial<MachineFacts>;
  readonly cuda?: string;
  readonly processes?: readonly GpuProcess[];
  readonly checks?: readonly string[];
  readonly fails?: readonly string[];
  readonly refused?: readonly string[];
  readonly says?: string;
}

const cases: readonly Case[] = parse(
  readFileSync(new URL("../../../../test/cases/training/preflight.yml", import.meta.url), "utf8"),
);

const H100 = {
  ...{ index: "0", uuid: "GPU-a", name: "NVIDIA H100 80GB HBM3", driver_version: "580.65.06", compute_cap: "9.0" },
  ...{ "memory.total": "81559", "memory.free": "81081", "mig.mode.current": "Disabled", gpu_recovery_action: "None" },
  ...{ "ecc.errors.uncorrected.volatile.total": "0", "remapped_rows.failure": "0", "remapped_rows.pending": "0" },
};
const LIST = "GPU 0: H100 (UUID: GPU-a)\n  MIG 1g.10gb     Device  1: (UUID: MIG-22222222-2)";
const DETAILS =
  "<a><gpu><mig_devices><mig_device><index>1</index><fb_memory_usage><total>9984 MiB</total><used>25 MiB</used></fb_memory_usage></mig_device></mig_devices></gpu></a>";

function inventory({ gpus, gpu = {} }: Case): readonly Gpu[] {
  if (gpus === "none") return [];
  const mode = gpus === "mig" ? { "mig.mode.current": "Enabled" } : {};
  const rows = [
    { ...H100, ...mode, ...gpu },
    { ...H100, index: "1", uuid: "GPU-b" },
  ].map((cells) => INVENTORY_FIELDS.map((field) => (cells as Readonly<Record<string, string>>)[field]).join(", "));
  return readInventory(INVENTORY_FIELDS, rows.join("\n"), LIST, DETAILS);
}

const factsOf = (one: Case): MachineFacts => ({
  devices: listVisibleDevices(inventory(one), one.visible),
  cuda: one.cuda ?? "13.0",
  gpuProcesses: one.processes ?? [],
  ...{ memory: 64e9, memoryAvailable: 60e9, diskFree: 100e9, sharedMemory: 16e9, openFiles: 1024, lockedMemory: 65536 },
  ...one.machine,
});

test.each(cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
  if (one.refused !== undefined) {
    const read = (): unknown => readRequirements(one.require ?? "");
    expect(read).toThrow(ActionError);
    try {
      read();
    } catch (error) {
      expect((error as ActionError).problems.map(({ code }) => code)).toEqual(one.refused);
    }
    return;
  }
  const checks = checkMachine(readRequirements(one.require ?? ""), factsOf(one));
  for (const { fix, ...recorded } of checks) expect(preflightCheck.safeParse(recorded).error).toBeUndefined();
  if (one.checks !== undefined) expect(checks.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual(one.checks);
  const problems = toProblems(checks);
  expect(problems.map(({ code }) => code)).toEqual(one.fails ?? []);
  for (const { fix } of problems) expect(fix).toMatch(/^[A-Z].*[^.]$/);
  expect(problems.map(({ message }) => message).join("\n")).toContain(one.says ?? "");
});
