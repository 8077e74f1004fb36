/** How far the reading of a file is, in words. */
import type { ReadProgress } from "./data-files.ts";

/** For example: `34 % of 1.2 GB read, 210 MB/s, about 4 s left`. */
export function describeProgress({ bytes, total, seconds }: ReadProgress): string {
  const rate = bytes / seconds;
  const left = rate > 0 ? Math.ceil(Math.max(0, total - bytes) / rate) : undefined;
  const share = total > 0 ? Math.floor((100 * bytes) / total) : 100;
  const remaining = left === undefined ? "" : `, about ${formatDuration(left)} left`;
  return `${share} % of ${formatBytes(total)} read, ${formatBytes(rate)}/s${remaining}`;
}

function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}

function formatDuration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
