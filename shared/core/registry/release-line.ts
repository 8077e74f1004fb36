/** Release lines: a version must come after those of its own line, so that a hotfix for an older line is possible. */
import { compareVersions, parseVersion } from "./version.ts";

/** `none`: one line. `major`: v1.9.1 and v2.0.0 are in two lines. `minor`: v1.8.1 and v1.9.0 are as well. */
export type ReleaseLines = "none" | "major" | "minor";

/** @returns the line's name, for example `v1`; `""` where there is only one, and for what is no version */
export function lineOf(version: string, lines: ReleaseLines): string {
  const parsed = parseVersion(version);
  if (parsed === undefined || lines === "none") return "";
  return lines === "major" ? `v${parsed.major}` : `v${parsed.major}.${parsed.minor}`;
}

/** @returns whether `version` comes after `other`; true when one of them is no version */
export function isAfter(version: string, other: string): boolean {
  const [a, b] = [parseVersion(version), parseVersion(other)];
  return a === undefined || b === undefined || compareVersions(a, b) > 0;
}
