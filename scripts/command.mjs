// What every command of package.json has in common: `--help`, one clear line for what the caller can put right, and an
// orderly end when it is interrupted.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { cleanUp, handleInterrupts, Interrupted } from "./processes.mjs";
import { UserError } from "./user-error.mjs";

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
  handleInterrupts();
  try {
    process.exitCode = (await main(arguments_)) ?? 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) console.error(formatError(error));
    process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
  }
  await cleanUp();
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
  if (error.code?.startsWith("ERR_PARSE_ARGS")) return `${name}: ${error.message.split(". ")[0]}; try --help`;
  // What the system refuses (no space, read-only, no permission) is nobody's bug.
  if (error.syscall !== undefined) return `${name}: ${error.message}`;
  return `${name}: ${error.message}. This looks like a bug: MLOPS_DEBUG=1 shows where`;
}
