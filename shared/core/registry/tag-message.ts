/** A record in a tag's message: a title for people, an empty line, the record. */
import { canonicalJson } from "../../records/canonical-json.ts";
import { formatRecord } from "../../records/format-record.ts";
import { readRecord } from "../../records/read-record.ts";
import type { ReadRecord, RecordFormat } from "../../records/record-format.ts";

/** In the schema's order of keys, and maps in that of their keys: whoever writes the same record makes the same tag, bit for bit. */
export function formatTagMessage<One, Two>(
  title: string,
  { schemas }: RecordFormat<One, Two>,
  record: ReadRecord<Two>,
): string {
  const written: unknown = schemas[record.version].parse(JSON.parse(canonicalJson(record.written)));
  return `${title}\n\n${formatRecord({ ...record, written })}`;
}

/**
 * @param reader the action that reads it
 * @throws ActionError with all problems; codes start with `record-`, places are the tag and the line of its message
 */
export function parseTagMessage<One, Two>(
  format: RecordFormat<One, Two>,
  tag: { readonly name: string; readonly message: string },
  reader: string,
): ReadRecord<Two> {
  const [title = "", ...rest] = tag.message.split("\n");
  // An empty line in place of the title, so that line numbers are those of the message.
  const body = rest.join("\n");
  const text = title.trimStart().startsWith("{") ? tag.message : `\n${body}`;
  return readRecord(format, text, { file: `tag ${tag.name}`, reader });
}
