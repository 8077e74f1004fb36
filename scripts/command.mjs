// What every command of package.json has in common: `--help`, one clear line for what the caller can put right, and
// nothing left behind, neither process nor folder, when it is interrupted.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { basename, join } from "node:path";

/** What whoever called can put right: shown as one line, without a stack. */
export class UserError extends Error {}

/** Something was interrupted; the signal says the rest. */
class Interrupted extends Error {}

/** How long a child may take to end by itself. The local GitHub cancels its jobs in that time, as a runner does. */
const GRACE_MS = 15_000;
const PARENT_CHECK_MS = 250;
const windows = process.platform === "win32";
const children = new Set();
const folders = new Set();
let signal;

/**
 * Runs a script of this folder. `main` gets the arguments and returns the exit code, or nothing for success.
 * `--help` prints the comment that the script begins with, unless `explains` says that `main` knows more.
 */
export async function runCommand(main, { explains = false } = {}) {
  const arguments_ = process.argv.slice(2);
  if (!explains && arguments_.some((word) => word === "--help" || word === "-h")) {
    console.log(readHelp(process.argv[1]));
    return;
  }
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, interrupt);
  watchParent();
  try {
    process.exitCode = (await main(arguments_)) ?? 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) console.error(formatError(error));
    process.exitCode = error instanceof Interrupted ? exitCodeOf(signal) : 1;
    // What ran beside the part that failed.
    for (const child of children) stop(child);
    await Promise.all([...children].map(({ closed }) => closed));
  }
  removeFolders();
}

/** The comment that a script begins with. */
function readHelp(path) {
  const [comment] = /^(?:\/\/.*\n)*/.exec(readFileSync(path, "utf8"));
  return comment.replaceAll(/^\/\/ ?/gm, "").trimEnd();
}

function formatError(error) {
  const name = basename(process.argv[1], ".mjs");
  if (process.env.MLOPS_DEBUG) return `${name}: ${error.stack}`;
  if (error instanceof UserError) return `${name}: ${error.message}`;
  if (error.code?.startsWith("ERR_PARSE_ARGS")) return `${name}: ${error.message.split(". ")[0]}. Try --help`;
  // What the system refuses (no room, read-only, not ours) is nobody's bug.
  if (error.syscall !== undefined) return `${name}: ${error.message}`;
  return `${name}: ${error.message}. This looks like a bug: MLOPS_DEBUG=1 shows where`;
}

/** A folder that is deleted when the command ends, however it ends. */
export function createTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "mlops-actions-"));
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
 * `interactive` leaves it in our group, as the keyboard needs.
 */
export function runProgram(program, arguments_, { interactive = false, onStart, ...options } = {}) {
  return new Promise((resolve, reject) => {
    if (signal !== undefined) throw new Interrupted();
    const detached = !interactive && !windows;
    const child = spawn(program, arguments_, { stdio: "inherit", ...options, detached });
    const entry = { pid: child.pid, detached, closed: new Promise((done) => child.once("close", done)) };
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

/** npm passes a signal on to the shell it started, and that one ends without a word to us. */
function watchParent() {
  if (process.env.npm_lifecycle_event === undefined || windows) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    interrupt("SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
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
const stop = ({ pid }) => sendSignal(pid, "SIGTERM");
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
