/** Text for people: colour and line width of a terminal, and a sign of progress at least every two seconds. */
import { styleText } from "node:util";

type Colour = "green" | "red" | "yellow" | "plain";

export interface Terminal {
  writeLine(text: string): void;
  bold(text: string): string;
  paint(colour: Colour, text: string): string;
  /** `prefix` and `text`, broken into lines that are indented under the first. */
  wrap(prefix: string, indent: number, text: string): string;
  /** Shows that it goes on: one line that changes in a terminal, new lines in a file or a pipe. */
  withProgress<Result>(what: string, work: () => Promise<Result>): Promise<Result>;
}

/** Wider lines are hard to read. */
const MAX_WIDTH = 110;

export function createTerminal(out: NodeJS.WriteStream): Terminal {
  const styled = out.isTTY && !process.env["NO_COLOR"];
  const width = Math.min(out.columns ?? MAX_WIDTH, MAX_WIDTH);
  return {
    writeLine: (text) => void out.write(`${text}\n`),
    bold: (text) => (styled ? styleText("bold", text) : text),
    paint: (colour, text) => (styled && colour !== "plain" ? styleText(colour, text) : text),
    wrap: (prefix, indent, text) =>
      prefix + wrapWords(text, Math.max(20, width - indent)).join(`\n${" ".repeat(indent)}`),
    async withProgress(what, work) {
      const started = performance.now();
      const showProgress = (): void => {
        const text = `    ${what} … ${Math.floor((performance.now() - started) / 1000)} s`;
        out.write(out.isTTY ? `\r${text}` : `${text}\n`);
      };
      const timer = setInterval(showProgress, out.isTTY ? 1000 : 1900);
      try {
        return await work();
      } finally {
        clearInterval(timer);
        if (out.isTTY) out.write("\r\u001b[K");
      }
    },
  };
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
