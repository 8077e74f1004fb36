/** A version as its tag tells it. */
import { refusal } from "../../action/problem.ts";
import { type DigestOf, digestOfRecord } from "../../records/digest.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import type { Tag, TagRef } from "./registry.ts";
import { readTagMessage } from "./tag-message.ts";
import { readTagName, versionTag } from "./tag-name.ts";

export interface RegisteredVersion {
  readonly record: ModelVersionRecord;
  readonly recordDigest: string;
}

/**
 * @param tags all tags of the model
 * @throws ActionFailure `version-not-registered`, `version-withdrawn`
 */
export function findVersion(model: string, version: string, tags: readonly TagRef[]): TagRef {
  const named = (kind: "version" | "withdrawal") =>
    tags.find(({ name }) => {
      const tag = readTagName(name);
      return tag?.kind === kind && tag.model === model && tag.version === version;
    });
  const found = named("version");
  const refuse = (code: string, what: string, fix: string) =>
    refusal({ code, message: `${versionTag(model, version)} ${what}`, fix });
  if (named("withdrawal")) throw refuse("version-withdrawn", "was withdrawn", "Choose another version");
  if (found) return found;
  const known = tags.flatMap(({ name }) => {
    const tag = readTagName(name);
    return tag?.kind === "version" && tag.model === model ? [tag.version] : [];
  });
  const fix = known.length === 0 ? "Register it with register-model" : `Choose one of ${known.slice(-5).join(", ")}`;
  throw refuse("version-not-registered", "is not registered", fix);
}

/** @throws ActionFailure `version-tag-forged` when the record in the tag is about something else than the tag */
export function readVersionTag(tag: Tag, digestOf: DigestOf): RegisteredVersion {
  const record = readTagMessage(modelVersionRecord, tag);
  if (versionTag(record.model, record.version) === tag.name && record.commit === tag.commit) {
    return { record, recordDigest: digestOfRecord(record, digestOf) };
  }
  throw refusal({
    code: "version-tag-forged",
    message: `the record in the tag ${tag.name} is about ${versionTag(record.model, record.version)} at ${record.commit.slice(0, 7)}`,
    fix: "Find out who made this tag, and register the version anew under the next number",
  });
}
