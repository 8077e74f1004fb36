/** A record in a tag's message: a title for people, an empty line, the record. */
import type * as z from "zod";
import { formatRecord } from "../../records/format-record.ts";
import { type RecordSchema, readRecord } from "../../records/read-record.ts";

export const formatTagMessage = (title: string, record: unknown): string => `${title}\n\n${formatRecord(record)}`;

/** @throws ActionError with all problems; codes start with `record-`, places are the tag and the line of its message */
export function parseTagMessage<Schema extends RecordSchema>(
  schema: Schema,
  tag: { readonly name: string; readonly message: string },
): z.infer<Schema> {
  const [title = "", ...rest] = tag.message.split("\n");
  // An empty line in place of the title, so that line numbers are those of the message.
  const body = rest.join("\n");
  return readRecord(schema, title.trimStart().startsWith("{") ? tag.message : `\n${body}`, `tag ${tag.name}`);
}
