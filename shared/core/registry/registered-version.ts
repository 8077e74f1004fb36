/** A registered version, read from its tag. */
import { refused } from "../../problem/problem.ts";
import { type DigestFunction, digestRecord } from "../../records/digest.ts";
import { type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import type { ReadRecord } from "../../records/record-format.ts";
import { computeModelDigest } from "./model-digest.ts";
import type { Tag, TagRef } from "./registry.ts";
import { parseTagMessage } from "./tag-message.ts";
import { parseTagName, versionTagName } from "./tag-name.ts";
import { parseVersionOrThrow } from "./version.ts";

export interface RegisteredVersion extends ReadRecord<ModelVersionRecord> {
  readonly recordDigest: string;
}

/**
 * @param tags the tags of the model, without the odd ones
 * @throws ActionError `version-malformed`, `version-not-registered`
 */
export function findVersionTag(model: string, version: string, tags: readonly TagRef[]): TagRef {
  parseVersionOrThrow(version);
  const found = findTag("version", model, version, tags);
  if (found) return found;
  const known = tags.flatMap(({ name }) => {
    const tag = parseTagName(name);
    return tag?.kind === "version" && tag.model === model ? [tag.version] : [];
  });
  throw refused({
    code: "version-not-registered",
    message: `${versionTagName(model, version)} is not registered`,
    fix: known.length === 0 ? "Register it with register-model" : `Choose one of ${known.slice(-5).join(", ")}`,
  });
}

/** Whether somebody has withdrawn the version, as GTO does it: with a tag beside it. */
export const isWithdrawn = (model: string, version: string, tags: readonly TagRef[]): boolean =>
  findTag("withdrawal", model, version, tags) !== undefined;

const findTag = (kind: "version" | "withdrawal", model: string, version: string, tags: readonly TagRef[]) =>
  tags.find(({ name }) => {
    const tag = parseTagName(name);
    return tag?.kind === kind && tag.model === model && tag.version === version;
  });

/**
 * @param reader the action that reads it
 * @throws ActionError `version-tag-forged` when the record in the tag is not about the tag's version, commit and files
 */
export function parseVersionTag(tag: Tag, reader: string, digestOf: DigestFunction): RegisteredVersion {
  const read = parseTagMessage(modelVersionRecord, tag, reader);
  const { record } = read;
  if (record.files !== undefined && computeModelDigest(record.files, digestOf) !== record.modelDigest) {
    throw refused({
      code: "version-tag-forged",
      message: `the files in the tag ${tag.name} do not have its model digest`,
      fix: "Find out who created this tag, and register the model again as the next version",
    });
  }
  if (versionTagName(record.model, record.version) === tag.name && record.commit === tag.commit) {
    return { ...read, recordDigest: digestRecord(read, digestOf) };
  }
  throw refused({
    code: "version-tag-forged",
    message: `the record in the tag ${tag.name} is about ${versionTagName(record.model, record.version)} at ${record.commit.slice(0, 7)}`,
    fix: "Find out who created this tag, and register the model again as the next version",
  });
}
