/** The files for `GITHUB_OUTPUT`, `GITHUB_ENV`, `GITHUB_PATH`, `GITHUB_STATE` and `GITHUB_STEP_SUMMARY`. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorMessage } from "../../workflow-language/error-message.ts";
import { readEnvFile } from "./env-file.ts";
import type { CommandTarget } from "./step-commands.ts";

/** GitHub docs, "Job summaries": at most 1 MiB a step; a larger one is dropped as a whole. */
const SUMMARY_LIMIT = 1_048_576;

const PREFIXES = {
  path: "add_path_",
  env: "set_env_",
  step_summary: "step_summary_",
  state: "save_state_",
  output: "set_output_",
  artifacts: "artifacts_",
} as const;

/** By their names in the `github` context: `output` is `GITHUB_OUTPUT`. */
export type FileCommands = Readonly<Record<keyof typeof PREFIXES, string>>;

/** A new, empty set of files: every step gets one. */
export async function createFileCommands(folder: string): Promise<FileCommands> {
  const suffix = randomUUID();
  const files = Object.fromEntries(
    Object.entries(PREFIXES).map(([name, prefix]) => [name, join(folder, prefix + suffix)]),
  ) as FileCommands;
  // A step may have emptied the whole temp folder.
  await mkdir(folder, { recursive: true });
  await Promise.all(Object.values(files).map((file) => writeFile(file, "")));
  return files;
}

/** Applies what the step has written. An error in one file fails the step; the other files are still applied. */
export async function applyFileCommands(files: FileCommands, target: CommandTarget): Promise<void> {
  const handlers: readonly (readonly [keyof FileCommands, (text: string) => void])[] = [
    ["path", (text) => applyPath(text, target)],
    ["env", (text) => applyEnvironment(text, target)],
    ["state", (text) => each(text, (name, value) => target.saveState(name, value))],
    ["output", (text) => each(text, (name, value) => target.setOutput(name, value))],
  ];
  await applySummary(files.step_summary, target);
  for (const [name, handle] of handlers) {
    try {
      handle(await readText(files[name]));
    } catch (error) {
      target.log.annotate("error", `Unable to process file command '${name}' successfully.`);
      target.log.annotate("error", errorMessage(error));
      target.fail();
    }
  }
}

function each(text: string, visit: (name: string, value: string) => void): void {
  for (const [name, value] of readEnvFile(text)) {
    if (name === "") throw new Error("Value cannot be null or empty. (Parameter 'name')");
    visit(name, value);
  }
}

function applyPath(text: string, target: CommandTarget): void {
  for (const line of text.split(/\r\n|\r|\n/)) if (line !== "") target.addPath(line);
}

/** Names like `GITHUB_SHA` are accepted here, but the runner's own values override them for every step. */
function applyEnvironment(text: string, target: CommandTarget): void {
  each(text, (name, value) => {
    if (name.toUpperCase() === "NODE_OPTIONS") {
      target.log.annotate("error", "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
    } else target.setVariable(name, value);
  });
}

async function applySummary(file: string, { log }: CommandTarget): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > SUMMARY_LIMIT) {
    const [limit, got] = [SUMMARY_LIMIT, size].map((bytes) => Math.floor(bytes / 1024));
    log.annotate(
      "error",
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${got}k. For more information see: https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions#adding-a-markdown-summary`,
    );
  } else if (size > 0) log.summary(await readText(file));
}

/** A file that the step has removed counts as empty. A byte order mark is not part of the text. */
async function readText(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return "";
    throw error;
  });
  return text.replace(/^\uFEFF/, "");
}
