/** A record as a file: for people to read, and for the next action to check. */
export const formatRecord = (record: unknown): string => `${JSON.stringify(record, null, 2)}\n`;
