/**
 * The syntax of `GITHUB_OUTPUT`, `GITHUB_ENV` and `GITHUB_STATE`: `name=value` lines, and `name<<DELIMITER` blocks for
 * values of several lines. Errors have the words of GitHub's runner.
 */

/** Yields each pair as it is read: pairs before an error have been yielded when the error is thrown. */
export function* readEnvFile(text: string): Generator<readonly [name: string, value: string]> {
  const lines = createReader(text);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.text === "") continue;
    const equals = line.text.indexOf("=");
    const heredoc = line.text.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      yield [line.text.slice(0, equals), line.text.slice(equals + 1)];
    } else if (heredoc >= 0) {
      const name = line.text.slice(0, heredoc);
      const delimiter = line.text.slice(heredoc + 2);
      if (name === "" || delimiter === "") {
        throw new Error(`Invalid format '${line.text}'. Name must not be empty and delimiter must not be empty`);
      }
      yield [name, readBlock(lines, delimiter)];
    } else {
      throw new Error(`Invalid format '${line.text}'`);
    }
  }
}

interface Line {
  readonly text: string;
  readonly ended: boolean;
}

function readBlock(lines: { next(): Line | undefined }, delimiter: string): string {
  const block: string[] = [];
  for (;;) {
    const line = lines.next();
    if (line === undefined) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    if (line.text === delimiter) return block.join("\n");
    if (!line.ended) throw new Error("Invalid value. EOF marker missing new line.");
    block.push(line.text);
  }
}

/** Only a line feed ends a line here; a carriage return before it is part of the value (on Linux and macOS). */
function createReader(text: string): { next(): Line | undefined } {
  let index = 0;
  return {
    next() {
      if (index >= text.length) return undefined;
      const end = text.indexOf("\n", index);
      const line = { text: text.slice(index, end < 0 ? undefined : end), ended: end >= 0 };
      index = end < 0 ? text.length : end + 1;
      return line;
    },
  };
}
