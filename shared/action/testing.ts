/** A fake runner: collects what an action writes and sets, and lets a test trigger cancellation, timers and crashes. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../problem/problem.ts";
import type { Host } from "./host.ts";
import type { Log } from "./log.ts";
import type { EnvironmentVariables } from "./read-inputs.ts";

export interface FakeHost extends Host {
  readonly masked: string[];
  /** All that was printed or annotated, in order. */
  readonly messages: string[];
  readonly outputs: Map<string, string>;
  readonly summaries: string[];
  readonly exitCodes: number[];
  readonly cancel: () => void;
  readonly crash: (error: unknown) => void;
  /** Fires the timers that were set for up to so many milliseconds. */
  readonly advanceTime: (ms: number) => void;
}

const event = join(mkdtempSync(join(tmpdir(), "fake-host-")), "event.json");
writeFileSync(event, "{}");

/** What a runner always sets. */
const RUNNER_ENV: EnvironmentVariables = {
  GITHUB_REPOSITORY: "octo/model",
  GITHUB_EVENT_NAME: "push",
  GITHUB_EVENT_PATH: event,
  GITHUB_SHA: "a".repeat(40),
  GITHUB_RUN_ID: "7",
  GITHUB_WORKSPACE: tmpdir(),
  RUNNER_TEMP: tmpdir(),
};

export function fakeHost(env: EnvironmentVariables = {}): FakeHost {
  const listeners = { cancel: (): void => {}, crash: (_: unknown): void => {} };
  const timers = new Set<{ readonly ms: number; readonly work: () => void }>();
  const messages: string[] = [];
  const masked: string[] = [];
  const summaries: string[] = [];
  const exitCodes: number[] = [];
  const outputs = new Map<string, string>();
  const state = new Map<string, string>();
  return {
    ...{ masked, messages, outputs, summaries, exitCodes },
    env: { ...RUNNER_ENV, ...env },
    toolkit: {
      mask: (secret) => void masked.push(secret),
      print: (text) => void messages.push(text),
      openGroup: (title) => void messages.push(`group ${title}`),
      closeGroup: () => void messages.push("end group"),
      annotate: (level, problem) =>
        void messages.push(`${level}: ${typeof problem === "string" ? problem : formatProblem(problem)}`),
      setOutput: (name, value) => void outputs.set(name, value),
      writeSummary: async (markdown) => void summaries.push(markdown),
      summarySize: () => summaries.reduce((size, text) => size + Buffer.byteLength(text), 0),
      saveState: (name, value) => void state.set(name, value),
      readState: (name) => state.get(name) ?? "",
      idToken: async (audience) => `token for ${audience}`,
    },
    onCancel: (cancelled) => {
      listeners.cancel = cancelled;
    },
    onCrash: (crashed) => {
      listeners.crash = crashed;
    },
    setTimer(ms, work) {
      const timer = { ms, work };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    exit: (code) => void exitCodes.push(code),
    cancel: () => listeners.cancel(),
    crash: (error) => listeners.crash(error),
    advanceTime(ms) {
      for (const timer of [...timers]) {
        if (timer.ms > ms) continue;
        timers.delete(timer);
        timer.work();
      }
    },
  };
}

export const silentLog: Log = { info() {}, notice() {}, warn() {}, error() {}, group: (_, work) => work() };
