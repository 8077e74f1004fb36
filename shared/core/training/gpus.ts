/** Parses what `nvidia-smi` reports about the GPUs of a machine. */
export interface Gpu {
  readonly name: string;
  readonly driver: string;
}

/** For `nvidia-smi`. Only two fields: the whole query fails if the driver does not know one of them. */
export const GPU_QUERY = ["--query-gpu=name,driver_version", "--format=csv,noheader"] as const;
export const GPU_LOAD_QUERY = [
  "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
  "--format=csv,noheader",
] as const;

/** A field that the driver does not know or may not report: `[N/A]`, `[Not Supported]`, `[GPU is lost]`. */
const isUnavailable = (field: string | undefined): boolean =>
  field === undefined || field === "" || field.startsWith("[");

/** One entry for each GPU whose name is known; messages that are not rows are ignored. */
export function parseGpus(output: string): readonly Gpu[] {
  return rows(output).flatMap(([name, driver]) => {
    if (name === undefined || isUnavailable(name) || driver === undefined) return [];
    return [{ name, driver: isUnavailable(driver) ? "" : driver }];
  });
}

/** One line for each GPU: `GPU 0: 87 % busy, 41000 of 81559 MiB, 310 W`; unknown values are left out. */
export function formatGpuLoad(output: string): readonly string[] {
  return rows(output).flatMap(([index, busy, used, total, power]) => {
    if (index === undefined || !/^\d+$/.test(index)) return [];
    const parts = [
      isUnavailable(busy) ? undefined : `${busy} busy`,
      isUnavailable(used) || isUnavailable(total) ? undefined : `${used?.replace(/ MiB$/, "")} of ${total}`,
      isUnavailable(power) ? undefined : power,
    ].filter((part) => part !== undefined);
    return [`GPU ${index}: ${parts.join(", ") || "no load reported"}`];
  });
}

const rows = (output: string): readonly (readonly string[])[] =>
  output
    .split(/\r?\n/)
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length > 1);
