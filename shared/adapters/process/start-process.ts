/** Starts a program as the leader of a group, and holds it back until everything that watches it is in place. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { once } from "node:events";
import { open } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { userError } from "../../problem/problem.ts";
import { setRealTimeLimit } from "./process-table.ts";
import { MARKER, type ProcessTree, readProcessTree } from "./process-tree.ts";

export interface ProgramSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a new file for all its output: a pipe would end with this process, and the program with the pipe. */
  readonly output: string;
}

export interface StartedProcess {
  readonly child: ChildProcess;
  readonly tree: ProcessTree;
  /** Lets it begin. When this process ends before that, it never does. */
  begin(): void;
}

/** Microseconds: from 13 days on, so that it limits nothing. */
const LIMITS = [2 ** 40, 2 ** 40 + 2 ** 47] as const;

/** Says that it is there, waits for a line, and becomes the program. */
const GATE = 'command -v "$1" >/dev/null 2>&1 || exit 127; echo >&3; read -r _ <&3 || exit 125; exec 3>&-; exec "$@"';

/** @throws ActionError `program-missing`, or `platform-unsupported` where there are no process groups */
export async function startProcess({ program, args, cwd, env, output }: ProgramSpec): Promise<StartedProcess> {
  if (process.platform === "win32") throw platformUnsupported();
  await using file = await open(output, "ax");
  const marker = randomUUID();
  const child = spawn("/bin/sh", ["-c", GATE, "sh", program, ...args], {
    cwd,
    env: { ...env, [MARKER]: marker },
    detached: true,
    stdio: ["ignore", file.fd, file.fd, "pipe"],
  });
  // Rejected when there is no /bin/sh, or no such folder.
  const exited = once(child, "exit") as Promise<[number | null]>;
  const gate = child.stdio[3] as Duplex;
  gate.on("error", () => undefined);
  const isThere = once(gate, "data").then(() => undefined);
  const problem = await Promise.race([isThere, exited.then(([code]) => `exit code ${code}`, String)]);
  if (problem !== undefined || child.pid === undefined) throw programMissing(program, problem ?? "no process");
  exited.catch(() => undefined);
  const limit = randomInt(...LIMITS);
  const isLimited = await setRealTimeLimit(child.pid, limit);
  const tree = await readProcessTree(child.pid, { marker, output, limit: isLimited ? limit : null });
  return { child, tree, begin: () => void gate.end("\n") };
}

const programMissing = (program: string, reason: string): Error =>
  userError({
    code: "program-missing",
    message: `${program} could not be started: it is not installed, or its folder does not exist (${reason})`,
    fix: `Install ${program} on the runner, or use a runner that has it`,
  });

const platformUnsupported = (): Error =>
  userError({
    code: "platform-unsupported",
    message: "Windows has no process groups, so a training could not be stopped safely there",
    fix: "Use a runner with Linux or macOS",
  });
