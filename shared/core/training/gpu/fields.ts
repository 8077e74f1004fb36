/** Which fields can be asked for: one that a driver does not know fails the whole query. */

/** What a GPU is and how it is. */
export const INVENTORY_FIELDS = [
  ...["index", "uuid", "name", "driver_version", "compute_cap", "memory.total", "memory.free", "mig.mode.current"],
  ...["ecc.errors.uncorrected.volatile.total", "remapped_rows.failure", "remapped_rows.pending"],
  "gpu_recovery_action",
] as const;

/** What it does. The reasons for a lower clock had another name before driver 535. */
export const SAMPLE_FIELDS = [
  ...["index", "utilization.gpu", "memory.used", "power.draw.instant", "power.draw"],
  ...["clocks_event_reasons.hw_thermal_slowdown", "clocks_event_reasons.sw_thermal_slowdown"],
  ...["clocks_event_reasons.hw_power_brake_slowdown", "clocks_throttle_reasons.hw_thermal_slowdown"],
  ...["clocks_throttle_reasons.sw_thermal_slowdown", "clocks_throttle_reasons.hw_power_brake_slowdown"],
] as const;

/** Known to every driver since 2016. */
const OLDEST: ReadonlySet<string> = new Set([
  ...["index", "uuid", "name", "driver_version", "memory.total", "memory.free", "memory.used"],
  ...["utilization.gpu", "power.draw"],
]);

/** @param help what `nvidia-smi --help-query-gpu` prints; `undefined` when that failed */
export function selectFields<Field extends string>(
  wanted: readonly Field[],
  help: string | undefined,
): readonly Field[] {
  const known = help === undefined ? OLDEST : listKnownFields(help);
  return wanted.filter((field) => known.has(field));
}

/** Each stands in quotes at the start of a line, some with an older name behind `or`. */
function listKnownFields(help: string): ReadonlySet<string> {
  const lines = help.split(/\r?\n/).filter((line) => line.startsWith('"'));
  const names = lines.flatMap((line) => [...line.matchAll(/"([a-z][\w.]{0,80})"/g)].map(([, name = ""]) => name));
  return names.length === 0 ? OLDEST : new Set(names);
}
