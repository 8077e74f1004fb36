/** A record as a file: for people to read, and for the next action to check. */
import type { ReadRecord } from "./record-format.ts";

export const formatRecord = ({ written }: ReadRecord<unknown>): string => `${JSON.stringify(written, null, 2)}\n`;
