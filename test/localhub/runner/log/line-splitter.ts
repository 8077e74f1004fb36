/** Splits a stream of UTF-8 bytes into lines. */
import { StringDecoder } from "node:string_decoder";

export interface LineSplitter {
  write(chunk: Buffer): void;
  /** Emits the last line when the stream has ended. */
  end(): void;
}

/**
 * Lines end with LF, CRLF or a lone CR (a progress bar's redrawn lines are lines), as .NET reads them. Bytes that are
 * not UTF-8 become U+FFFD. A last line without a line end counts when it is not empty. Lines have no maximum length.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  // Pieces of the current line, joined once: a line of megabytes must not be copied for every chunk.
  let pieces: string[] = [];
  let afterReturn = false;

  function finishLine(rest: string): void {
    pieces.push(rest);
    const line = pieces.length === 1 ? rest : pieces.join("");
    pieces = [];
    onLine(line);
  }

  function take(text: string): void {
    if (text === "") return;
    let start = afterReturn && text.startsWith("\n") ? 1 : 0;
    afterReturn = false;
    for (const match of text.matchAll(/\r\n|\r|\n/g)) {
      if (match.index < start) continue;
      finishLine(text.slice(start, match.index));
      start = match.index + match[0].length;
      // The LF of this CRLF may come with the next chunk.
      afterReturn = match[0] === "\r" && start === text.length;
    }
    if (start < text.length) pieces.push(text.slice(start));
  }

  return {
    write: (chunk) => take(decoder.write(chunk)),
    end() {
      take(decoder.end());
      if (pieces.length > 0) finishLine("");
    },
  };
}
