/** From the bytes a program prints to lines fit for a log. */

/** Longer lines are cut: nobody reads them, and one line of 100 MB would be held in memory whole. */
const MAX_LINE_LENGTH = 4_000;

export interface LineDecoder {
  /** The lines that these bytes complete. */
  push(bytes: Uint8Array): readonly string[];
  /** What is left without a line end, if anything. */
  end(): readonly string[];
}

/** UTF-8; what is not is shown as U+FFFD. A progress bar's line is shown as it was last, as a terminal would. */
export function createLineDecoder(): LineDecoder {
  const decoder = new TextDecoder();
  let line = "";
  let dropped = 0;

  function take(text: string): void {
    const room = Math.max(0, MAX_LINE_LENGTH - line.length);
    line += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  }

  function finish(): string {
    // Cut between the halves of a character, its first half stands for nothing.
    const shown = applyCarriageReturns(line).replace(/[\uD800-\uDBFF]$/, "");
    const whole = dropped === 0 ? shown : `${shown}… (${dropped} more characters)`;
    line = "";
    dropped = 0;
    return whole;
  }

  function read(text: string): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      take(text.slice(from, at));
      lines.push(finish());
      from = at + 1;
    }
    take(text.slice(from));
    // A bar that only ever returns to the line's start would fill the line and hide its newest state.
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

/** The text after the last return that something follows. */
const applyCarriageReturns = (line: string): string => line.replace(/\r+$/, "").replace(/^.*\r/s, "");
