/** Asks in a terminal. The questions go to the error output: what is printed can be piped on. */
import { createInterface } from "node:readline/promises";

/** @returns `undefined` where nobody can answer */
export function createAsk(signal: AbortSignal): ((question: string, guess: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question, guess) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(`${question}${guess === "" ? "" : ` [${guess}]`} `, { signal });
      return answer.trim() === "" ? guess : answer.trim();
    } finally {
      terminal.close();
    }
  };
}
