/** Versions by SemVer 2.0.0, with GTO's leading `v`. */
import { userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** The identifiers after `-`; empty for a release. */
  readonly prerelease: readonly string[];
}

/** How to write a version, for messages. */
const VERSION_FORMAT = "v1.2.0 or v1.2.0-rc.1";

// 15 digits are exact numbers. No build metadata: two versions that differ only in it would have no order.
const NUMBER = "(0|[1-9]\\d{0,14})";
const IDENTIFIER = "(?:0|[1-9]\\d{0,14}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)";
const VERSION = new RegExp(`^v${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${IDENTIFIER}(?:\\.${IDENTIFIER})*))?$`);
const MAX_VERSION_LENGTH = 100;

/** @returns `undefined` for anything that is not exactly a version: `1.2.0`, `v1.2`, `v01.2.0`, `v1.2.0+build`. */
export function parseVersion(text: string): Version | undefined {
  const [whole, major, minor, patch, prerelease] = (text.length <= MAX_VERSION_LENGTH && VERSION.exec(text)) || [];
  if (whole === undefined) return undefined;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease === undefined ? [] : prerelease.split("."),
  };
}

/** @throws ActionError `version-malformed` */
export function parseVersionOrThrow(text: string): Version {
  const version = parseVersion(text);
  if (version !== undefined) return version;
  throw userError({
    code: "version-malformed",
    message: `${quoteText(text)} is not a version: versions are v, three numbers and perhaps a pre-release`,
    fix: `Write it as ${parseVersion(`v${text}`) === undefined ? VERSION_FORMAT : `v${text}`}`,
  });
}

/** Negative when `a` comes before `b`; 0 only for equal versions. SemVer, section 11. */
export function compareVersions(a: Version, b: Version): number {
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (numbers !== 0) return numbers;
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length;
  for (const [index, identifier] of a.prerelease.entries()) {
    const other = b.prerelease[index];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
