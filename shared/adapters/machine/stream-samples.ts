/** One program that prints samples for as long as a training runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { createLineDecoder } from "../process/line-decoder.ts";

export interface SampleStream {
  /** Ends the program; what it prints from then on is not read. */
  stop(): void;
}

export interface StreamOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** How long to wait before it is started again after it has died; each time twice as long. In milliseconds. */
  readonly restartMs?: number;
  /** A program that prints nothing for so long is ended, and started again once it is gone. */
  readonly silenceMs?: number;
}

const RESTART_MS = 1_000;
const MAX_RESTART_MS = 60_000;
const SILENCE_MS = 60_000;

/**
 * Nothing waits for this program: not a training, when it dies or hangs, and not this process, when it cannot be killed (a
 * driver may hold it in the kernel). There is never a second one beside one that hangs.
 */
export function streamSamples(options: StreamOptions): SampleStream {
  const { program, args, env, onLine, restartMs = RESTART_MS, silenceMs = SILENCE_MS } = options;
  let child: ChildProcess | undefined;
  let pause = restartMs;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;

  function start(): void {
    const started = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
    child = started;
    const lines = createLineDecoder();
    started.unref();
    unrefStream(started.stdout);
    started.stdout.on("data", (bytes: Buffer) => {
      if (isStopped) return;
      watchSilence();
      for (const line of lines.push(bytes)) onLine(line);
    });
    started.on("error", again);
    started.on("exit", again);
    watchSilence();
  }

  function watchSilence(): void {
    clearTimeout(silence);
    silence = setTimeout(() => child?.kill("SIGKILL"), silenceMs).unref();
  }

  function again(): void {
    clearTimeout(silence);
    if (isStopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      start();
    }, pause).unref();
    pause = Math.min(2 * pause, MAX_RESTART_MS);
  }

  start();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      clearTimeout(silence);
      child?.kill("SIGKILL");
      child?.stdout?.destroy();
    },
  };
}

/** A pipe is a socket, which keeps this process running unless it is told not to. */
function unrefStream(stream: NodeJS.ReadableStream): void {
  if ("unref" in stream && typeof stream.unref === "function") stream.unref();
}
