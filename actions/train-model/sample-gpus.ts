/** Samples the GPUs of a training once a second. */
import { readSliceMemoryOf } from "../../shared/adapters/machine/read-gpus.ts";
import { type SampleStream, streamSamples } from "../../shared/adapters/machine/stream-samples.ts";
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { SAMPLE_FIELDS, selectFields } from "../../shared/core/training/gpu/fields.ts";
import { GpuUsage } from "../../shared/core/training/gpu/usage.ts";
import type { VisibleDevice } from "../../shared/core/training/gpu/visible-devices.ts";

export interface GpuSampler {
  /** `undefined` until the driver has answered. */
  usage(): GpuUsage | undefined;
  stop(): void;
}

const INTERVAL_MS = 1_000;
/** The memory of a slice is only in a document of some 100 kB. */
const SLICE_INTERVAL_MS = 15_000;

/** Returns at once, whatever the driver does. @param program path of nvidia-smi */
export function sampleGpus(program: string, devices: readonly VisibleDevice[], env: NodeJS.ProcessEnv): GpuSampler {
  let usage: GpuUsage | undefined;
  let stream: SampleStream | undefined;
  let isStopped = false;
  const slices = devices.flatMap(({ gpu, slice }) => (slice === undefined ? [] : [{ gpu, slice }]));
  const start = async (): Promise<void> => {
    const fields = selectFields(SAMPLE_FIELDS, await captureOutput(program, ["--help-query-gpu"]));
    if (isStopped) return;
    const counted = new GpuUsage(fields, devices);
    usage = counted;
    stream = streamSamples({
      program,
      args: [`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits", `--loop-ms=${INTERVAL_MS}`],
      env: { PATH: env["PATH"] ?? "", LD_LIBRARY_PATH: env["LD_LIBRARY_PATH"] ?? "" },
      onLine: (line) => counted.push(line, performance.now() / 1000 - began),
    });
  };
  const began = performance.now() / 1000;
  const sampleSlices = async (): Promise<void> => {
    const memory = await readSliceMemoryOf(program);
    for (const { gpu, slice } of slices) {
      const used = memory.get(`${gpu.index}:${slice.device}`)?.usedBytes ?? null;
      if (used !== null) usage?.pushSlice(slice.uuid, used);
    }
  };
  const timer = slices.length === 0 ? undefined : setInterval(() => void sampleSlices(), SLICE_INTERVAL_MS).unref();
  void start().then(() => (slices.length === 0 ? undefined : sampleSlices()));
  return {
    usage: () => usage,
    stop() {
      isStopped = true;
      clearInterval(timer);
      stream?.stop();
    },
  };
}
