/** Whether a version may be registered. */
import { refused } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { inVersion } from "../../records/in-version.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { TagRef } from "./registry.ts";
import { lineOf, type ReleaseLines } from "./release-line.ts";
import { parseTagName, versionTagName } from "./tag-name.ts";
import { compareVersions, parseVersion, parseVersionOrThrow, type Version } from "./version.ts";

export interface VersionTags {
  /** The tag of this version: it must contain the same registration. */
  readonly existing: TagRef | undefined;
  /** Tags of versions that do not come before it, newest first. One may be anybody's: its record decides. */
  readonly notBefore: readonly TagRef[];
}

/**
 * @param tags the tags of the model, without the odd ones
 * @throws ActionError `version-malformed`, `version-withdrawn`
 */
export function findVersionTags(model: string, version: string, tags: readonly TagRef[]): VersionTags {
  const wanted = parseVersionOrThrow(version);
  const known = tags.flatMap((ref) => {
    const tag = parseTagName(ref.name);
    if (tag?.model !== model || !("version" in tag)) return [];
    return [{ ref, kind: tag.kind, text: tag.version, version: parseVersion(tag.version) ?? ZERO_VERSION }];
  });
  if (known.some(({ kind, text }) => kind === "withdrawal" && text === version)) {
    throw refused({
      code: "version-withdrawn",
      message: `${versionTagName(model, version)} was registered and withdrawn`,
      fix: "Choose the next version: a version is never used again",
    });
  }
  const versions = known.filter(({ kind }) => kind === "version");
  const later = versions.filter(({ version: other }) => compareVersions(other, wanted) > 0);
  return {
    existing: versions.find(({ text }) => text === version)?.ref,
    notBefore: later.toSorted((a, b) => compareVersions(b.version, a.version)).map(({ ref }) => ref),
  };
}

/**
 * @param registered versions that do not come before the wanted one, newest first
 * @returns its line, and the newest version where that is of another one
 * @throws ActionError `version-not-greater`
 */
export function placeInLine(
  model: string,
  version: string,
  registered: readonly string[],
  lines: ReleaseLines,
): ModelVersionRecord["line"] {
  const name = lineOf(version, lines);
  const inLine = registered.find((other) => lineOf(other, lines) === name);
  if (inLine !== undefined) {
    throw refused({
      code: "version-not-greater",
      message: `${version} does not come after ${inLine}, the newest version of ${model}${name === "" ? "" : ` in the line ${name}`}`,
      fix: `Choose a version after ${inLine}`,
    });
  }
  const [behind] = registered;
  return name === "" ? undefined : { name, ...(behind !== undefined && { behind }) };
}

/**
 * The same registration again, by a re-run, is not a conflict. Only its time, its run, what was proven then and the metadata
 * schema that its fields were held to may differ; what only one of both knows, because another release wrote it, is no difference.
 * They are compared in the version of the existing one.
 *
 * @throws ActionError `version-taken` naming what differs
 */
export function assertSameRegistration(
  { record, version, written }: ReadRecord<ModelVersionRecord>,
  wanted: ModelVersionRecord,
): void {
  const before = new Map(Object.entries(written as object));
  const now = Object.entries(inVersion(modelVersionRecord, wanted, version).written as object);
  const differing = now.flatMap(([key, value]) =>
    MAY_DIFFER.includes(key) || !before.has(key) || canonicalJson(before.get(key)) === canonicalJson(value)
      ? []
      : [key],
  );
  if (differing.length === 0) return;
  throw refused({
    code: "version-taken",
    message: `${versionTagName(record.model, record.version)} is registered already, with another ${differing.join(", ")}`,
    fix: "Choose the next version: a version is never used again",
  });
}

const MAY_DIFFER: readonly string[] = [
  ...["createdAt", "origin", "metadataSchema", "evidence", "line", "branch"],
  // Places may have expired since; which bytes they are, the files say.
  ...["locations", "guarantee"],
];
const ZERO_VERSION: Version = { major: 0, minor: 0, patch: 0, prerelease: [] };
