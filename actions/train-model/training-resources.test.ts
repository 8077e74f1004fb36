/** What a training used: with drivers that a test plays, and without a GPU. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { createFakeSmi } from "../../test/fixture/fake-nvidia-smi.ts";
import { createFixture } from "./testing.ts";

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;
/** Until the driver has been asked at least twice. */
const LONG_ENOUGH = "sleep 2.5";

describe("the resources in the record", () => {
  test.concurrent("are those of the GPUs that it may use", async ({ expect }) => {
    const { path } = createFakeSmi("h100-590");
    const fixture = createFixture({
      script: `${LONG_ENOUGH}\n${METRICS}`,
      env: { PATH: path, CUDA_VISIBLE_DEVICES: "0" },
      inputs: { "price-per-hour": "3600 USD" },
    });
    const { summary } = await fixture.main();
    const { resources, environment } = fixture.record;
    expect(environment).toMatchObject({ gpus: ["NVIDIA H100 80GB HBM3"], versions: { "nvidia-driver": "590.48.01" } });
    expect(resources).toMatchObject({
      ...{ driver: "590.48.01", cuda: "13.1", intervalSeconds: 1 },
      gpus: [
        {
          ...{ index: 0, memoryBytes: 81559 * 1024 ** 2, memoryPeakBytes: 41000 * 1024 ** 2 },
          ...{ utilizationPeakPercent: 97, throttled: ["sw_thermal_slowdown"] },
        },
      ],
      cost: { currency: "USD", perHour: 3600 },
    });
    expect(resources?.gpus[0]?.uuid).toMatch(/^[0-9a-f]{16}$/);
    expect(resources?.energyJoules).toBeGreaterThan(100);
    expect(resources?.cost?.amount).toBeGreaterThan(2);
    expect(resources?.curves?.map(({ name }) => name)).toContain("GPU 0 power");
    expect(summary).toContain("NVIDIA H100 80GB HBM3");
    expect(summary).toMatch(/\| Cost \| [\d.]+ USD/);
  });

  test.concurrent("of a slice are not those of the whole GPU", async ({ expect }) => {
    const { path } = createFakeSmi("h100-mig-590");
    const fixture = createFixture({
      script: `${LONG_ENOUGH}\n${METRICS}`,
      env: { PATH: path, CUDA_VISIBLE_DEVICES: "MIG-22222222-2222-5222-8222-222222222222" },
      inputs: { require: "{gpu-memory: 4GB, mig: 1g.10gb}" },
    });
    await fixture.main();
    expect(fixture.record).toMatchObject({
      outcome: "success",
      environment: { gpus: ["NVIDIA H100 80GB HBM3 MIG 1g.10gb"] },
      resources: {
        gpus: [
          {
            ...{ memoryBytes: 9984 * 1024 ** 2, memoryPeakBytes: 5000 * 1024 ** 2, utilizationMeanPercent: null },
            mig: { profile: "1g.10gb", sharesBoard: true },
          },
        ],
      },
    });
  });

  test.concurrent("are unknown of a driver that hangs, and nothing fails by it", async ({ expect }) => {
    const { path } = createFakeSmi("h100-590", { hangs: true });
    const fixture = createFixture({ script: METRICS, env: { PATH: path } });
    const { exitCode } = await fixture.main();
    expect(exitCode).toBe(0);
    expect(fixture.record).toMatchObject({ outcome: "success", environment: { gpus: [] }, resources: { gpus: [] } });
  });

  test.concurrent("show a GPU that asks for a reset after a failure", async ({ expect }) => {
    const file = join(mkdtempSync(join(tmpdir(), "fault-")), "fault");
    const { path } = createFakeSmi("h100-590", { afterwards: { file, cells: { gpu_recovery_action: "Reset" } } });
    const fixture = createFixture({ script: `touch ${file}\nexit 1`, env: { PATH: path } });
    const { log } = await fixture.main();
    expect(fixture.record.diagnosis).toMatchObject({ kind: "hardware", retry: "other-runner" });
    expect(log).toContain('a GPU reported a hardware fault: "the driver asks for: Reset"');
  });

  test.runIf(process.platform === "linux")(
    "without a GPU are memory and time, and Python's packages",
    async ({ expect }) => {
      const fixture = createFixture({
        script: `python3 -c "x = bytearray(80_000_000); import time, sys; time.sleep(1.5)
for at in range(3_000_000): pass"\n${METRICS}`,
      });
      const { summary } = await fixture.main();
      const { resources, environment } = fixture.record;
      expect(resources).toMatchObject({ gpus: [], energyJoules: null });
      expect(resources?.memoryPeakBytes).toBeGreaterThan(80e6);
      expect(resources?.cpuSeconds).toBeGreaterThan(0);
      expect(environment.versions["python"]).toMatch(/^3\.\d+\.\d+/);
      expect(summary).toMatch(/\| Memory \| [\d.]+ [MG]B at most/);
    },
  );
});
