/** Which GPUs a training may use: `CUDA_VISIBLE_DEVICES`, read as CUDA does (CUDA programming guide, "CUDA Environment Variables"). */
import type { Gpu, MigSlice } from "./inventory.ts";

export interface VisibleDevice {
  readonly gpu: Gpu;
  /** Set for a slice of it. */
  readonly slice: MigSlice | undefined;
}

/**
 * @param visible the variable; `undefined` when it is not set. Numbers count as `nvidia-smi` does, which on a machine with
 * GPUs of several kinds is CUDA's order only with `CUDA_DEVICE_ORDER=PCI_BUS_ID`
 */
export function listVisibleDevices(gpus: readonly Gpu[], visible: string | undefined): readonly VisibleDevice[] {
  const all = gpus.flatMap(toDevices);
  if (visible === undefined) return withoutFurtherSlices(all);
  const found: VisibleDevice[] = [];
  for (const name of visible.split(",").map((each) => each.trim())) {
    const device = findDevice(gpus, all, name);
    // What follows a device that is not there is not visible, and with one that is named twice, none is.
    if (device === undefined) return found;
    if (found.includes(device)) return [];
    found.push(device);
  }
  return found;
}

const toDevices = (gpu: Gpu): readonly VisibleDevice[] =>
  gpu.isPartitioned ? gpu.slices.map((slice) => ({ gpu, slice })) : [{ gpu, slice: undefined }];

/** One program uses whole GPUs, or a single slice: where nothing is chosen, the first one. */
function withoutFurtherSlices(devices: readonly VisibleDevice[]): readonly VisibleDevice[] {
  const whole = devices.filter(({ slice }) => slice === undefined);
  return whole.length > 0 ? whole : devices.slice(0, 1);
}

function findDevice(gpus: readonly Gpu[], devices: readonly VisibleDevice[], name: string): VisibleDevice | undefined {
  if (/^\d{1,4}$/.test(name)) {
    const gpu = gpus.find(({ index }) => index === Number(name));
    return devices.find((device) => device.gpu === gpu);
  }
  if (name.startsWith("MIG-")) return devices.find(({ slice }) => slice?.uuid === name);
  // The beginning of a UUID, if it is the beginning of one only.
  const [first, second] = name.startsWith("GPU-") ? gpus.filter(({ uuid }) => uuid.startsWith(name)) : [];
  return second === undefined && first !== undefined ? devices.find(({ gpu }) => gpu === first) : undefined;
}
