/** Asks the interpreter of a training which packages it has: as the training was run, with its variables and no others. */
import { isAbsolute, resolve } from "node:path";
import {
  PYTHON_PROBE,
  type PythonEnvironment,
  parsePythonEnvironment,
} from "../../core/training/python-environment.ts";
import { findProgram } from "../process/find-program.ts";
import { runShortCommand } from "../process/run-short-command.ts";
import type { RunningPython } from "./process-usage.ts";

const MAX_BYTES = 512 * 1024;

/** @returns `undefined` when it does not answer */
export async function probePython(running: RunningPython): Promise<PythonEnvironment | undefined> {
  const { program, folder, env } = running;
  const path = program.includes("/") ? resolve(folder, program) : await findProgram(program, env["PATH"]);
  if (path === undefined || !isAbsolute(path)) return undefined;
  // From the root: a module that lies in the training's folder under the name of a standard one would be taken for it.
  const command = { program: path, args: ["-c", PYTHON_PROBE], cwd: "/", env, timeout: 10_000, maxBytes: MAX_BYTES };
  const result = await runShortCommand(command);
  if (result.kind !== "exited" || result.code !== 0) return undefined;
  return parsePythonEnvironment(result.output.toString("utf8"));
}
