/** A record in a tag's message: a line for people, a blank one, the record. */
import type * as z from "zod";
import { formatRecord } from "../../records/format-record.ts";
import { type RecordSchema, readRecord } from "../../records/read-record.ts";

export const formatTagMessage = (title: string, record: unknown): string => `${title}\n\n${formatRecord(record)}`;

/** @throws ActionError with all that is wrong; codes start with `record-`, places name the tag and the message's line */
export function parseTagMessage<Schema extends RecordSchema>(
  schema: Schema,
  tag: { readonly name: string; readonly message: string },
): z.infer<Schema> {
  const [title = "", ...rest] = tag.message.split("\n");
  // Blank lines in place of the title, so that line numbers are those of the message.
  const body = rest.join("\n");
  return readRecord(schema, title.trimStart().startsWith("{") ? tag.message : `\n${body}`, `tag ${tag.name}`);
}
