/** Runs a `run:` step. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { evaluateText } from "../../workflow-language/evaluate.ts";
import type { RunStep } from "../../workflow-language/model.ts";
import type { StepCommands } from "../command/step-commands.ts";
import { freshTempFile } from "../folders.ts";
import { runProcess } from "../process/run-process.ts";
import { processEnvironment, searchPath } from "./environment.ts";
import type { ExecutionStatus } from "./expression-scope.ts";
import { findShell, type Shell, shellArguments } from "./shell.ts";
import { logVariables, type StepCall, scopeOf, visibleEnvironment } from "./step-call.ts";

/** @throws Error when the shell or the working directory does not exist; OperationCancelledError. */
export async function runScript(call: StepCall, definition: RunStep, commands: StepCommands): Promise<ExecutionStatus> {
  const { job, log } = call;
  const scope = scopeOf(call);
  const script = evaluateText(definition.run, scope, "run");
  // The defaults of the job do not apply in composite actions.
  const defaults = call.list.composite === undefined ? job.defaults : { shell: "", workingDirectory: "" };
  const shellText = evaluateText(definition.shell, scope, "shell") || defaults.shell;
  const folder =
    definition.workingDirectory === undefined
      ? defaults.workingDirectory
      : evaluateText(definition.workingDirectory, scope, "working-directory");
  const cwd = resolve(job.folders.workspace, folder);

  const shell = findShell(shellText, searchPath(job, call.env.get("PATH")));
  logScript(call, script, shell);
  const file = freshTempFile(job.folders, shell.extension);
  await writeFile(file, script);
  if (!existsSync(cwd)) {
    throw new Error(
      `An error occurred trying to start process '${shell.program}' with working directory '${cwd}'. No such file or directory`,
    );
  }
  const code = await runProcess({
    file: shell.program,
    args: shellArguments(shell.format, file),
    cwd,
    env: processEnvironment({ job, github: call.github, env: call.env, extra: {}, isAction: false }),
    onLine: commands.handleLine,
    cancelled: call.stopSignal,
    killed: job.killed,
    timing: job.timing,
  });
  if (code === 0) return "success";
  log.annotate("error", `Process completed with exit code ${code}.`);
  return "failure";
}

function logScript(call: StepCall, script: string, shell: Shell): void {
  const { log } = call;
  log.output(`##[group]Run ${firstLine(script)}`);
  for (const line of script.replaceAll("\r\n", "\n").replace(/\n+$/, "").split("\n")) {
    log.output(`\u001b[36;1m${line}\u001b[0m`);
  }
  log.output(`shell: ${shell.program} ${shell.format}`);
  logVariables(log, "env:", visibleEnvironment(call));
  log.output("##[endgroup]");
}

/** The first line that is not empty. */
export function firstLine(text: string): string {
  return text.replace(/^[ \t\r\n]+/, "").split(/[\r\n]/, 1)[0] ?? "";
}
