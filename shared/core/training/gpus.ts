/** The load of GPUs, as `nvidia-smi` reports it. */

export const GPU_LOAD_QUERY = [
  "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
  "--format=csv,noheader",
] as const;

/** A field that the driver does not know or may not report: `[N/A]`, `[Not Supported]`, `[GPU is lost]`. */
const isUnavailable = (field: string | undefined): boolean =>
  field === undefined || field === "" || field.startsWith("[");

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
