/** Whether a version may be registered under its name. */
import { mistake, refusal } from "../../action/problem.ts";
import { canonicalJson } from "../../records/canonical.ts";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import type { TagRef } from "./registry.ts";
import { readTagName, versionTag } from "./tag-name.ts";
import { compareVersions, readVersion, VERSION_FORM, type Version } from "./version.ts";

/**
 * Either the version is new and greater than every other, or its tag is there already and must say the same.
 *
 * @param tags all tags of the model
 * @throws ActionFailure `version-malformed`, `version-withdrawn`, `version-not-greater`
 */
export function findTaken(model: string, version: string, tags: readonly TagRef[]): TagRef | undefined {
  const wanted = assertVersion(version);
  const known = tags.flatMap((ref) => {
    const tag = readTagName(ref.name);
    return tag === undefined || tag.model !== model || tag.kind === "assignment" ? [] : [{ ref, tag }];
  });
  if (known.some(({ tag }) => tag.kind === "withdrawal" && tag.version === version)) {
    throw refusal({
      code: "version-withdrawn",
      message: `${versionTag(model, version)} was registered and withdrawn`,
      fix: "Choose the next version: a name stands for one model for ever",
    });
  }
  const taken = known.find(({ tag }) => tag.version === version);
  if (taken !== undefined) return taken.ref;

  const greatest = known
    .flatMap(({ tag }) => ({ text: tag.version, version: readVersion(tag.version) ?? NONE }))
    .sort((a, b) => compareVersions(a.version, b.version))
    .at(-1);
  if (greatest !== undefined && compareVersions(wanted, greatest.version) <= 0) {
    throw refusal({
      code: "version-not-greater",
      message: `${version} does not come after ${greatest.text}, the newest version of ${model}`,
      fix: `Choose a version after ${greatest.text}`,
    });
  }
  return undefined;
}

/** @throws ActionFailure `version-malformed` */
export function assertVersion(text: string): Version {
  const version = readVersion(text);
  if (version !== undefined) return version;
  throw mistake({
    code: "version-malformed",
    message: `${JSON.stringify(text.slice(0, 60))} is not a version`,
    fix: `Write it as ${VERSION_FORM}`,
  });
}

/**
 * The same registration asked for again, by a re-run, is no conflict. When and by which run it was made may differ.
 *
 * @throws ActionFailure `version-taken` naming what differs
 */
export function assertSameVersion(there: ModelVersionRecord, wanted: ModelVersionRecord): void {
  const keys = Object.keys(wanted).filter(
    (key) => key !== "createdAt" && key !== "origin",
  ) as (keyof ModelVersionRecord)[];
  const differing = keys.filter((key) => canonicalJson(there[key]) !== canonicalJson(wanted[key]));
  if (differing.length === 0) return;
  throw refusal({
    code: "version-taken",
    message: `${versionTag(there.model, there.version)} is registered already, with another ${differing.join(", ")}`,
    fix: "Choose the next version: a name stands for one model for ever",
  });
}

const NONE: Version = { major: 0, minor: 0, patch: 0, prerelease: [] };
