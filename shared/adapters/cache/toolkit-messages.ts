/** What GitHub's toolkit prints: it ends every failure in a line of text, and returns the same as for "there is none". */

export interface ToolkitMessage {
  readonly level: "debug" | "info" | "warning" | "error";
  readonly text: string;
}

/** @param output lines as a runner would get them: `::warning::text`, or plain text */
export function parseToolkitMessages(output: string): readonly ToolkitMessage[] {
  return output
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) => {
      const [, level, text = ""] = /^::(debug|warning|error)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
      return level === undefined
        ? { level: "info", text: line }
        : { level: level as ToolkitMessage["level"], text: decode(text) };
    });
}

const decode = (text: string): string => text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");

/** Its last and most serious message, on one line. */
export function findFailure(messages: readonly ToolkitMessage[]): string | undefined {
  for (const level of ["error", "warning"] as const) {
    const text = messages.findLast((message) => message.level === level)?.text;
    if (text !== undefined) return toLine(text);
  }
  return undefined;
}

/** Whether the job's token, or the mode that the runner was given, forbids it. */
export const findDenial = (messages: readonly ToolkitMessage[]): string | undefined =>
  findText(messages, /cache (?:write|read) denied:|does not permit (?:writes|reads)/);

/** Whether the key is taken. The toolkit gives that reason for every failed reservation, but prints the real one for debugging. */
export const isKeyTaken = (messages: readonly ToolkitMessage[]): boolean =>
  findText(messages, /^Failed to reserve cache: .*(?:\(409\)|already exists)/) !== undefined;

/** Why a key could not be reserved. */
export const findReservationFailure = (messages: readonly ToolkitMessage[]): string | undefined =>
  findText(messages, /^Failed to reserve cache: /);

function findText(messages: readonly ToolkitMessage[], pattern: RegExp): string | undefined {
  const found = messages.find(({ text }) => pattern.test(text));
  return found === undefined ? undefined : toLine(found.text);
}

const toLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim().slice(0, 300);
