/** Why a training failed, with the line that shows it. */
import { signalOf, type TrainingEvidence } from "./evidence.ts";
import { type ErrorLine, findFatalFailure, findRootCause, listFailures } from "./failures.ts";
import { findHardwareXid, findOomKill, findProgramXid } from "./kernel.ts";
import { type Diagnosis, type DiagnosisKind, KINDS } from "./kinds.ts";
import type { Rule } from "./rule.ts";
import { DATA_RULES } from "./rules/data.ts";
import { GPU_RULES } from "./rules/gpu.ts";
import { SYSTEM_RULES } from "./rules/system.ts";

const RULES: readonly Rule[] = [...GPU_RULES, ...SYSTEM_RULES, ...DATA_RULES];
const LINE_RULES = RULES.filter(({ where }) => where === "line");

/** A line without a traceback counts only near the end: what is above it, the training has survived. */
const LAST_LINES = 80;
/** So long without output, and with idle GPUs, a training that ran out of time stood still. */
const STALL_SECONDS = 600;

/** @returns `undefined` for a success, for a cancellation, and when nothing shows the reason */
export function diagnose(evidence: TrainingEvidence): Diagnosis | undefined {
  if (evidence.end === "cancelled") return undefined;
  if (evidence.end === "timed-out") return findHardwareFault(evidence) ?? findStall(evidence);
  const { exit, resultProblems } = evidence;
  if (exit.code === 0) return findBadNumbers(resultProblems);
  return findHardwareFault(evidence) ?? findOutOfMemory(evidence) ?? findInLog(evidence) ?? findSignal(evidence);
}

interface Found {
  readonly source: string;
  readonly line: string;
  /** Position among the lines of the log. */
  readonly at?: number;
  readonly confidence?: Diagnosis["confidence"] | undefined;
  readonly fix?: string | undefined;
  readonly message?: string | undefined;
}

function diagnosis(kind: DiagnosisKind, found?: Found): Diagnosis {
  const { retry, message, fix } = KINDS[kind];
  return {
    kind,
    confidence: found?.confidence ?? "high",
    retry,
    ...(found && { evidence: { source: found.source, line: cutLine(found.line) } }),
    message: found?.message ?? message,
    fix: found?.fix ?? fix,
  };
}

const MAX_EVIDENCE = 500;
const cutLine = (line: string): string => {
  const text = line.trim();
  return text.length <= MAX_EVIDENCE ? text : `${text.slice(0, MAX_EVIDENCE - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
};

/** Only a failed training: a fault that the driver has corrected stops none. */
function findHardwareFault({ kernelMessages, recoveryActions }: TrainingEvidence): Diagnosis | undefined {
  const xid = findHardwareXid(kernelMessages);
  if (xid !== undefined) return diagnosis("hardware", { source: "kernel", line: xid });
  const [action] = recoveryActions;
  return action === undefined
    ? undefined
    : diagnosis("hardware", { source: "nvidia-smi", line: `the driver asks for: ${action}` });
}

function findStall({ silentSeconds, idleGpuSeconds }: TrainingEvidence): Diagnosis | undefined {
  if (silentSeconds < STALL_SECONDS || (idleGpuSeconds ?? STALL_SECONDS) < STALL_SECONDS) return undefined;
  const idle = idleGpuSeconds === null ? "" : `, and every GPU was idle for ${minutes(idleGpuSeconds)}`;
  const line = `no output for ${minutes(silentSeconds)}${idle}`;
  return diagnosis("stall", { source: "supervision", line, confidence: idleGpuSeconds === null ? "low" : "medium" });
}

const minutes = (seconds: number): string => `${Math.floor(seconds / 60)} min`;

function findBadNumbers(problems: TrainingEvidence["resultProblems"]): Diagnosis | undefined {
  const problem = problems.find(({ code }) => code === "metrics-not-finite");
  return problem && diagnosis("divergence", { source: "metrics", line: problem.message, confidence: "medium" });
}

/** By the kernel's counter or message; that alone says nothing about a training that was not killed. */
function findOutOfMemory(evidence: TrainingEvidence): Diagnosis | undefined {
  if (!wasKilled(evidence)) return undefined;
  const message = findOomKill(evidence.kernelMessages);
  if (message !== undefined) return diagnosis("host-oom", { source: "kernel", line: message });
  const { oomKills } = evidence;
  if (oomKills === null || oomKills === 0) return undefined;
  return diagnosis("host-oom", {
    source: "oom_kill counter",
    line: `the kernel killed ${oomKills} for lack of memory`,
  });
}

/** It, one of its ranks, or a worker of its data loader. */
const wasKilled = ({ exit, lines }: TrainingEvidence): boolean =>
  signalOf(exit) === "SIGKILL" ||
  findRootCause(lines)?.exitCode === -9 ||
  lines
    .slice(-LAST_LINES)
    .some((line) => /^\S*Error: DataLoader worker \(pid.{1,40}(?:Killed|exited unexpectedly)/.test(line));

function findInLog({ lines, kernelMessages }: TrainingEvidence): Diagnosis | undefined {
  const root = findRootCause(lines);
  const failure = findFatalFailure(listFailures(lines), lines.length, root?.rank);
  const error = failure?.errors.at(-1);
  const match = (failure && findRule(failure.errors)) ?? findLine(lines, error?.at);
  if (match !== undefined) return fromMatch(match, lines);
  if (root !== undefined && root.exitCode < 0)
    return describeSignal(signalOf({ code: root.exitCode, signal: null }), lines[root.at] ?? "");
  if (error === undefined || error.text.startsWith("KeyboardInterrupt")) return undefined;
  const xid = findProgramXid(kernelMessages);
  if (xid !== undefined) return diagnosis("gpu-fault", { source: "kernel", line: xid, confidence: "medium" });
  return diagnosis("exception", { source: "log", line: error.text, confidence: "medium" });
}

function fromMatch({ rule, line }: Match, lines: readonly string[]): Diagnosis {
  const { kind, confidence, fix } = rule;
  const shown = kind === "gpu-fault" ? (findAssertion(lines) ?? line) : line;
  return diagnosis(kind, { source: "log", line: shown, confidence, fix });
}

interface Match {
  readonly rule: Rule;
  readonly line: string;
}

/** The oldest error that is known for sure tells most; of those that are only likely, the oldest, too. */
function findRule(errors: readonly ErrorLine[]): Match | undefined {
  const matches = errors.flatMap(({ text }) => {
    const rule = RULES.find(({ pattern }) => pattern.test(text));
    return rule === undefined ? [] : [{ rule, line: rule.showsData ? textUpTo(rule.pattern, text) : text }];
  });
  return matches.find(({ rule }) => rule.confidence === undefined) ?? matches[0];
}

const textUpTo = (pattern: RegExp, text: string): string => {
  const match = pattern.exec(text);
  return match === null ? text : text.slice(0, match.index + match[0].length);
};

/** The last line that a rule knows. @param from what stands above this line was survived */
function findLine(lines: readonly string[], from = 0): Match | undefined {
  for (const line of lines.slice(Math.max(from, lines.length - LAST_LINES)).reverse()) {
    const rule = HANDLED.test(line) ? undefined : LINE_RULES.find(({ pattern }) => pattern.test(line));
    if (rule !== undefined) return { rule, line };
  }
  return undefined;
}

/** What a program says when it goes on in spite of an error. */
const HANDLED =
  /\b(?:retry|handle[dr]?\b|handling|(?<!Watchdog )caught|catch|recover|skip|ignor|fall(?:ing)? ?back|warn)/i;

/** A kernel of a GPU says which condition did not hold; the error that follows does not. */
const findAssertion = (lines: readonly string[]): string | undefined =>
  lines.slice(-LAST_LINES * 20).find((line) => /block: \[\d+,\d+,\d+\], thread: \[\d+,\d+,\d+\] Assertion /.test(line));

function findSignal({ exit, lines, oomKills }: TrainingEvidence): Diagnosis | undefined {
  const signal = signalOf(exit);
  if (signal === "SIGKILL" && oomKills === null) {
    return diagnosis("killed", {
      ...{ source: "exit", line: "SIGKILL", confidence: "low" },
      message: "it was killed, most likely because memory was out: this machine does not show its counters",
      fix: KINDS["host-oom"].fix,
    });
  }
  return describeSignal(signal, lines.findLast((line) => line.trim() !== "") ?? "");
}

function describeSignal(signal: string | undefined, line: string): Diagnosis | undefined {
  const found = { source: line === "" ? "exit" : "log", line: line === "" ? (signal ?? "") : line };
  switch (signal) {
    case "SIGKILL":
    case "SIGTERM":
    case "SIGINT":
      return diagnosis("killed", {
        ...{ source: "exit", line: signal, confidence: "medium" },
        message: `something outside the training ended it with ${signal}`,
      });
    case "SIGXFSZ":
    case "SIGXCPU":
      return diagnosis("limit", { source: "exit", line: signal });
    case "SIGSEGV":
    case "SIGABRT":
    case "SIGBUS":
    case "SIGFPE":
    case "SIGILL":
      return diagnosis("crash", { ...found, confidence: "medium" });
    default:
      return undefined;
  }
}
