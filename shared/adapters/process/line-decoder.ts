/** Turns the bytes that a program prints into lines for a log. */

/** Longer lines are cut: no one reads them, and a line of 100 MB would be kept in memory. */
const MAX_LINE_LENGTH = 4_000;

export interface LineDecoder {
  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): readonly string[];
  /** What is written of a line that has not ended, as a terminal shows it now: the state of a progress bar. */
  state(): string;
  /** What is left without a line end, if anything. */
  end(): readonly string[];
}

/**
 * UTF-8; other bytes become U+FFFD. Of a progress bar only the last state is shown, as in a terminal; colours and other
 * commands to a terminal are left out.
 */
export function createLineDecoder(): LineDecoder {
  const decoder = new TextDecoder();
  let line = "";
  let dropped = 0;
  /** Whether the cursor is back at the start of the line: what is written next takes its place. */
  let returned = false;
  /** The last state of a bar below another one. */
  let lowerBar: string | undefined;

  function append(text: string): void {
    let end = text.length;
    while (text[end - 1] === "\r") end -= 1;
    const at = end === 0 ? -1 : text.lastIndexOf("\r", end - 1);
    const written = text.slice(at + 1, end);
    if (written !== "") {
      if (returned || at >= 0) [line, dropped] = ["", 0];
      const room = Math.max(0, MAX_LINE_LENGTH - line.length);
      line += written.slice(0, room);
      dropped += Math.max(0, written.length - room);
      returned = false;
    }
    if (end < text.length) returned = true;
  }

  function show(): string {
    const shown = dropWithoutLowHalf(withoutTerminalCommands(line));
    return dropped === 0 ? shown : `${shown}… (${dropped} more characters)`;
  }

  function finish(): readonly string[] {
    const text = show();
    const isLowerBar = UPWARDS.test(line);
    const before = lowerBar === undefined || isLowerBar ? [] : [lowerBar];
    lowerBar = isLowerBar ? text : undefined;
    [line, dropped, returned] = ["", 0, false];
    return isLowerBar ? before : [...before, text];
  }

  function read(text: string): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      append(text.slice(from, at));
      lines.push(...finish());
      from = at + 1;
    }
    append(text.slice(from));
    return lines;
  }

  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    state: () => show() || (lowerBar ?? ""),
    end() {
      const lines = [...read(decoder.decode()), ...(line === "" && dropped === 0 ? [] : finish())];
      return lowerBar === undefined ? lines : [...lines, lowerBar];
    },
  };
}

/** A bar that stands below another one goes back up after each state (`tqdm` with a position, nested loops). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about
const UPWARDS = /\u001B\[\d{0,4}A$/;

/** A cut may fall between the two halves of a character; the first half alone means nothing. */
const dropWithoutLowHalf = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, "");

/** Colours, titles and movements of the cursor (ECMA-48), and the backspaces by which some bars go back. */
const withoutTerminalCommands = (text: string): string =>
  text.includes("\u001B") || text.includes("\b") ? text.replaceAll(TERMINAL_COMMANDS, "") : text;

const TERMINAL_COMMANDS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what it is about
  /\u001B(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\u0007\u001B]{0,400}(?:\u0007|\u001B\\)|[@-Z\\^_])|[\b]/g;
