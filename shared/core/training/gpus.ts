/** What `nvidia-smi` says about the GPUs of a machine. */
export interface Gpu {
  readonly name: string;
  readonly driver: string;
}

/** For `nvidia-smi`; a longer list would fail as a whole when one field is unknown to the driver. */
export const GPU_QUERY = ["--query-gpu=name,driver_version", "--format=csv,noheader"] as const;
export const GPU_LOAD_QUERY = [
  "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
  "--format=csv,noheader",
] as const;

/** A field the driver does not know or may not tell: `[N/A]`, `[Not Supported]`, `[GPU is lost]`. */
const isUnavailable = (field: string | undefined): boolean =>
  field === undefined || field === "" || field.startsWith("[");

/** One entry for each GPU whose name is known; messages that are no rows are passed over. */
export function parseGpus(answer: string): readonly Gpu[] {
  return rows(answer).flatMap(([name, driver]) => {
    if (name === undefined || isUnavailable(name) || driver === undefined) return [];
    return [{ name, driver: isUnavailable(driver) ? "" : driver }];
  });
}

/** One line for each GPU: `GPU 0: 87 % busy, 41000 of 81559 MiB, 310 W`; what is not known is left out. */
export function formatGpuLoad(answer: string): readonly string[] {
  return rows(answer).flatMap(([index, busy, used, total, power]) => {
    if (index === undefined || !/^\d+$/.test(index)) return [];
    const parts = [
      isUnavailable(busy) ? undefined : `${busy} busy`,
      isUnavailable(used) || isUnavailable(total) ? undefined : `${used?.replace(/ MiB$/, "")} of ${total}`,
      isUnavailable(power) ? undefined : power,
    ].filter((part) => part !== undefined);
    return [`GPU ${index}: ${parts.join(", ") || "says nothing about its load"}`];
  });
}

const rows = (answer: string): readonly (readonly string[])[] =>
  answer
    .split(/\r?\n/)
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length > 1);
