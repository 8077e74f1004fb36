/**
 * Keeps what a library prints to itself. A runner takes lines of standard output for commands, and this library prints keys
 * that others chose. What the action prints meanwhile is not touched: only what is written from within the call is caught,
 * however long that goes on after somebody has stopped waiting for it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export interface Intercepted<Result> {
  readonly result: Result;
  readonly output: string;
}

/** Of what was printed, more than this says nothing new. */
const MAX_OUTPUT_LENGTH = 256 * 1024;

const current = new AsyncLocalStorage<{ output: string }>();
let captures = 0;
let restoreStreams: (() => void) | undefined;

/** @throws what `work` throws */
export async function interceptOutput<Result>(work: () => Promise<Result>): Promise<Intercepted<Result>> {
  captures += 1;
  restoreStreams ??= divertStreams();
  const own = { output: "" };
  try {
    const result = await current.run(own, work);
    return { result, output: own.output };
  } finally {
    captures -= 1;
    if (captures === 0) {
      restoreStreams?.();
      restoreStreams = undefined;
    }
  }
}

function divertStreams(): () => void {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream, write } of streams) {
    stream.write = function divert(...parts: Parameters<typeof write>): boolean {
      const own = current.getStore();
      if (own === undefined) return write.apply(stream, parts);
      const [chunk] = parts as readonly unknown[];
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString();
      own.output += text.slice(0, MAX_OUTPUT_LENGTH - own.output.length);
      const callback: unknown = parts.at(-1);
      if (typeof callback === "function") process.nextTick(callback as () => void);
      return true;
    } as typeof write;
  }
  return () => {
    for (const { stream, write } of streams) stream.write = write;
  };
}
