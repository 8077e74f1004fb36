import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INVENTORY_FIELDS, SAMPLE_FIELDS, selectFields } from "./fields.ts";
import { readInventory } from "./inventory.ts";
import { parseFlag, parseMebibytes, parseNumber, parseText } from "./parse-value.ts";
import { listVisibleDevices } from "./visible-devices.ts";

describe("what the driver does not tell is null, and never 0", () => {
  test.each([
    ...["[N/A]", "[Not Supported]", "[Requested functionality has been deprecated]", "[Insufficient Permissions]"],
    ...["[Unknown Error]", "[GPU is lost]", "N/A", "", undefined],
  ])("%s", (cell) => {
    expect([parseText(cell), parseNumber(cell), parseMebibytes(cell), parseFlag(cell)]).toEqual(Array(4).fill(null));
  });

  test.each([
    ["87", 87],
    ["87 %", 87],
    ["632.10 W", 632.1],
    ["0", 0],
    ["1e9", null],
    ["ERR!", null],
  ])("%s is a number, or none", (cell, number) => {
    expect(parseNumber(cell)).toBe(number);
  });
});

describe("the fields to ask for", () => {
  test("are those that the driver knows, also by an older name behind another one", () => {
    const help = [
      'List of valid properties to query for the switch "--query-gpu=":',
      ...[
        '"index"',
        "Zero based index",
        '"power.draw.instant"',
        '"clocks_event_reasons.hw_thermal_slowdown" or "clocks_throttle_reasons.hw_thermal_slowdown"',
      ],
      'Text that names "uuid" is no field.',
    ].join("\n");
    expect(selectFields(SAMPLE_FIELDS, help)).toEqual([
      ...["index", "power.draw.instant"],
      ...["clocks_event_reasons.hw_thermal_slowdown", "clocks_throttle_reasons.hw_thermal_slowdown"],
    ]);
    expect(selectFields(INVENTORY_FIELDS, help)).toEqual(["index"]);
  });

  test.each([undefined, "", "NVIDIA-SMI has failed"])("are the oldest ones when it prints no list: %s", (help) => {
    expect(selectFields(SAMPLE_FIELDS, help)).toEqual(["index", "utilization.gpu", "memory.used", "power.draw"]);
  });
});

const FIELDS = [
  "index",
  "uuid",
  "name",
  "driver_version",
  "memory.total",
  "memory.free",
  "mig.mode.current",
  "gpu_recovery_action",
];
const ROWS = [
  "0, GPU-aaaa1111, NVIDIA H100 80GB HBM3, 590.48.01, 81559, 81081, Enabled, None",
  "1, GPU-aaaa2222, NVIDIA H100 80GB HBM3, 590.48.01, 81559, 81081, Disabled, Reset",
  "2, GPU-bbbb3333, NVIDIA H100 80GB HBM3, 590.48.01, [N/A], [N/A], [N/A], [N/A]",
  "Unable to determine the device handle for GPU3",
].join("\n");
const LIST = [
  "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaa1111)",
  "  MIG 3g.40gb     Device  0: (UUID: MIG-11111111-1)",
  "  MIG 1g.10gb     Device  1: (UUID: MIG-22222222-2)",
  "GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-aaaa2222)",
  "GPU 2: NVIDIA H100 80GB HBM3 (UUID: GPU-bbbb3333)",
].join("\n");
const sliceXml = (index: number, total: number, used: number) =>
  `<mig_device><index>${index}</index><fb_memory_usage><total>${total} MiB</total><used>${used} MiB</used></fb_memory_usage></mig_device>`;
const DETAILS = `<?xml version="1.0" ?>\n<nvidia_smi_log><gpu id="a"><mig_devices>${sliceXml(0, 40448, 12)}${sliceXml(1, 9984, 25)}</mig_devices></gpu><gpu id="b"><mig_devices>None</mig_devices></gpu></nvidia_smi_log>`;
const gpus = readInventory(FIELDS, ROWS, LIST, DETAILS);

test("the inventory has the slices with their own memory, and what is unknown as null", () => {
  expect(gpus).toMatchObject([
    {
      ...{ index: 0, driver: "590.48.01", memoryBytes: 81559 * 1024 ** 2, isPartitioned: true, recoveryAction: null },
      slices: [
        { device: 0, profile: "3g.40gb", uuid: "MIG-11111111-1", memoryBytes: 40448 * 1024 ** 2 },
        { device: 1, profile: "1g.10gb", uuid: "MIG-22222222-2", usedBytes: 25 * 1024 ** 2 },
      ],
    },
    { index: 1, isPartitioned: false, recoveryAction: "Reset", slices: [] },
    { index: 2, memoryBytes: null, freeBytes: null, eccErrors: null, recoveryAction: null, isPartitioned: false },
  ]);
});

test.each(["", "<nvidia_smi_log>", "no xml", "<a/>"])(
  "without readable details, the memory of a slice is unknown: %s",
  (details) => {
    expect(readInventory(FIELDS, ROWS, LIST, details)[0]?.slices[0]).toMatchObject({ memoryBytes: null });
  },
);

describe("the devices that are visible", () => {
  test.each([
    [undefined, ["1", "2"]],
    ["", []],
    ["-1", []],
    ["NoDevFiles", []],
    ["1", ["1"]],
    ["2,1", ["2", "1"]],
    ["1,7,2", ["1"]],
    ["1,1", []],
    ["GPU-bbbb", ["2"]],
    ["GPU-aaaa", []],
    ["GPU-aaaa2", ["1"]],
    ["MIG-22222222-2", ["0 1g.10gb"]],
    ["0", ["0 3g.40gb"]],
    ["MIG-none", []],
  ])("with %s", (visible, expected) => {
    const found = listVisibleDevices(gpus, visible);
    expect(found.map(({ gpu, slice }) => (slice ? `${gpu.index} ${slice.profile}` : String(gpu.index)))).toEqual(
      expected,
    );
  });

  test("where nothing is chosen and all is partitioned, are one slice", () => {
    expect(listVisibleDevices(gpus.slice(0, 1), undefined)).toHaveLength(1);
  });

  test("are among the machine's, whatever the variable says", () => {
    fc.assert(
      fc.property(fc.string(), (visible) => {
        for (const { gpu } of listVisibleDevices(gpus, visible)) expect(gpus).toContain(gpu);
      }),
      { seed: 3 },
    );
  });
});
