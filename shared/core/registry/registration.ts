/** Whether a version may be registered. */
import { refused, userError } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { inVersion } from "../../records/in-version.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import type { TagRef } from "./registry.ts";
import { parseTagName, versionTagName } from "./tag-name.ts";
import { compareVersions, parseVersion, VERSION_FORMAT, type Version } from "./version.ts";

/**
 * Either the version is new and greater than every other, or its tag exists already and must contain the same record.
 *
 * @param tags all tags of the model
 * @throws ActionError `version-malformed`, `version-withdrawn`, `version-not-greater`
 */
export function findExistingVersionTag(model: string, version: string, tags: readonly TagRef[]): TagRef | undefined {
  const wanted = parseVersionOrThrow(version);
  const known = tags.flatMap((ref) => {
    const tag = parseTagName(ref.name);
    return tag?.model === model && "version" in tag ? [{ ref, tag }] : [];
  });
  if (known.some(({ tag }) => tag.kind === "withdrawal" && tag.version === version)) {
    throw refused({
      code: "version-withdrawn",
      message: `${versionTagName(model, version)} was registered and withdrawn`,
      fix: "Choose the next version: a version is never used again",
    });
  }
  const existing = known.find(({ tag }) => tag.version === version);
  if (existing !== undefined) return existing.ref;

  const greatest = known
    .flatMap(({ tag }) => ({ text: tag.version, version: parseVersion(tag.version) ?? ZERO_VERSION }))
    .sort((a, b) => compareVersions(a.version, b.version))
    .at(-1);
  if (greatest !== undefined && compareVersions(wanted, greatest.version) <= 0) {
    throw refused({
      code: "version-not-greater",
      message: `${version} does not come after ${greatest.text}, the newest version of ${model}`,
      fix: `Choose a version after ${greatest.text}`,
    });
  }
  return undefined;
}

/** @throws ActionError `version-malformed` */
export function parseVersionOrThrow(text: string): Version {
  const version = parseVersion(text);
  if (version !== undefined) return version;
  throw userError({
    code: "version-malformed",
    message: `${JSON.stringify(text.slice(0, 60))} is not a version`,
    fix: `Write it as ${VERSION_FORMAT}`,
  });
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

const MAY_DIFFER: readonly string[] = ["createdAt", "origin", "metadataSchema", "evidence"];
const ZERO_VERSION: Version = { major: 0, minor: 0, patch: 0, prerelease: [] };
