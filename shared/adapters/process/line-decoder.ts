/** Turns the bytes that a program prints into lines for a log. */

/** Longer lines are cut: no one reads them, and a line of 100 MB would be kept in memory. */
const MAX_LINE_LENGTH = 4_000;

export interface LineDecoder {
  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): readonly string[];
  /** What is left without a line end, if anything. */
  end(): readonly string[];
}

/** UTF-8; other bytes become U+FFFD. Of a progress bar only the last state is shown, as in a terminal. */
export function createLineDecoder(): LineDecoder {
  const decoder = new TextDecoder();
  let line = "";
  let dropped = 0;

  function append(text: string): void {
    const room = Math.max(0, MAX_LINE_LENGTH - line.length);
    line += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  }

  function finish(): string {
    // A cut may fall between the two halves of a character; the first half alone means nothing.
    const shown = applyCarriageReturns(line).replace(/[\uD800-\uDBFF]$/, "");
    const text = dropped === 0 ? shown : `${shown}… (${dropped} more characters)`;
    line = "";
    dropped = 0;
    return text;
  }

  function read(text: string): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      append(text.slice(from, at));
      lines.push(finish());
      from = at + 1;
    }
    append(text.slice(from));
    // A progress bar that never ends its line would fill it, and its newest state would be cut.
    if (dropped === 0 && line.length > MAX_LINE_LENGTH / 2) line = line.slice(Math.max(0, line.lastIndexOf("\r")));
    return lines;
  }

  return {
    push: (bytes) => read(decoder.decode(bytes, { stream: true })),
    end() {
      const lines = read(decoder.decode());
      return line === "" && dropped === 0 ? lines : [...lines, finish()];
    },
  };
}

/** The text after the last carriage return that is not at the end. */
const applyCarriageReturns = (line: string): string => line.replace(/\r+$/, "").replace(/^.*\r/s, "");
