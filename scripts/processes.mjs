// Programs that a command runs, and its temporary folders: none is left behind when the command is interrupted.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "./user-error.mjs";

/** How long a child may take to end by itself. The local GitHub cancels its jobs in that time, as a runner does. */
const GRACE_MS = 15_000;
const PARENT_CHECK_MS = 250;
const windows = process.platform === "win32";
const children = new Set();
const folders = new Set();
let signal;

/** The command was interrupted: nothing goes on, and there is nothing to explain. */
export class Interrupted extends Error {
  get exitCode() {
    return exitCodeOf(signal);
  }
}

/** A folder that is deleted when the command ends, however it ends. */
export function createTemporaryFolder() {
  // Short: sockets are made in folders of folders below it, and their paths may have some 100 characters.
  const folder = mkdtempSync(join(tmpdir(), "mlops-"));
  folders.add(folder);
  return folder;
}

/** Variables for a child that make it keep everything temporary in such a folder. */
export function createTemporaryEnvironment() {
  const folder = createTemporaryFolder();
  return { TMPDIR: folder, TMP: folder, TEMP: folder };
}

/**
 * Runs a program and resolves with its exit code. It has a process group of its own: when this command is interrupted,
 * the program gets SIGTERM once, and what is left of the group after its end, or too long after that, gets SIGKILL.
 * `hasNothingToSave` spares it the SIGTERM. `interactive` leaves it in our group, as the keyboard needs. `onStart` gets
 * the child.
 */
export function runProgram(program, arguments_, { hasNothingToSave, interactive, onStart, ...options } = {}) {
  return new Promise((resolve, reject) => {
    if (signal !== undefined) throw new Interrupted();
    const detached = !interactive && !windows;
    const child = spawn(program, arguments_, { stdio: "inherit", ...options, detached });
    const closed = new Promise((done) => child.once("close", done));
    const entry = { pid: child.pid, detached, hasNothingToSave, closed };
    children.add(entry);
    onStart?.(child);
    child.once("error", (error) => {
      children.delete(entry);
      reject(error.code === "ENOENT" ? new UserError(`${program} was not found; install it or put it on PATH`) : error);
    });
    child.once("close", (code) => {
      if (signal !== undefined) kill(entry);
      children.delete(entry);
      if (signal !== undefined && code !== 0) reject(new Interrupted());
      else resolve(code ?? 1);
    });
  });
}

/** Ends this command in an orderly way at Ctrl-C, `kill`, and when the terminal or npm is gone. */
export function handleInterrupts() {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, interrupt);
  // npm passes a signal on to the shell that it started, and that one ends without a word to us.
  if (process.env.npm_lifecycle_event === undefined || windows) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupt("SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}

/** Ends what still runs, then deletes the temporary folders. */
export async function cleanUp() {
  for (const child of children) stop(child);
  await Promise.all([...children].map(({ closed }) => closed));
  removeFolders();
}

function interrupt(name) {
  const again = signal !== undefined;
  signal ??= name;
  // Nothing to wait for that would notice the signal.
  if (children.size === 0) {
    removeFolders();
    process.exit(exitCodeOf(signal));
  }
  for (const child of children) (again ? kill : stop)(child);
  setTimeout(() => {
    for (const child of children) kill(child);
  }, GRACE_MS).unref();
}

/** Only the program: what it runs may be needed for an orderly end. */
const stop = (child) => (child.hasNothingToSave ? kill(child) : sendSignal(child.pid, "SIGTERM"));
const kill = ({ pid, detached }) => sendSignal(detached ? -pid : pid, "SIGKILL");

function sendSignal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

function removeFolders() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

const exitCodeOf = (name) => 128 + constants.signals[name];
