/** How GitHub's runner starts each shell. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface Shell {
  /** The path of the program. */
  readonly program: string;
  /** Its arguments; `{0}` is replaced by the script file. */
  readonly format: string;
  readonly extension: string;
}

/** actions/runner, `ScriptHandlerHelpers`. */
const FORMATS: Readonly<Record<string, string>> = {
  bash: "--noprofile --norc -e -o pipefail {0}",
  sh: "-e {0}",
  python: "{0}",
};
const EXTENSIONS: Readonly<Record<string, string>> = { bash: ".sh", sh: ".sh", python: ".py" };
const WINDOWS_SHELLS = ["cmd", "powershell", "pwsh"];

/**
 * The shell for `shell:`: a name, or a program with its arguments. Without one it is bash with the
 * arguments of sh, that is without `pipefail`, or sh where there is no bash.
 * @throws Error when the program is not on the path, or the text is not a shell.
 */
export function findShell(requested: string, path: string): Shell {
  if (requested === "") {
    const program = findProgram("bash", path) ?? requireProgram("sh", path);
    return { program, format: FORMATS["sh"] ?? "", extension: ".sh" };
  }
  const space = requested.indexOf(" ");
  const name = space < 0 ? requested : requested.slice(0, space);
  if (WINDOWS_SHELLS.includes(name.toLowerCase())) {
    throw new Error(`shell '${requested}': this local GitHub does not support Windows shells; use bash, sh or python`);
  }
  const program = requireProgram(name, path);
  const given = space < 0 ? "" : requested.slice(space + 1).trimStart();
  const format = given === "" ? (FORMATS[name.toLowerCase()] ?? "") : given;
  if (!format.includes("{0}")) {
    throw new Error(
      "Invalid shell option. Shell must be a valid built-in (bash, sh, cmd, powershell, pwsh) or a format string containing '{0}'",
    );
  }
  return { program, format, extension: EXTENSIONS[name.toLowerCase()] ?? "" };
}

/** The arguments of a format, with the script's path in place; quotes keep spaces together. */
export function shellArguments(format: string, script: string): readonly string[] {
  const words = format.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replaceAll('"', "").replaceAll("{0}", script));
}

function requireProgram(name: string, path: string): string {
  const program = findProgram(name, path);
  if (program !== undefined) return program;
  throw new Error(`${name}: command not found. Make sure '${name}' is installed and its folder is in PATH.`);
}

function findProgram(name: string, path: string): string | undefined {
  if (name.includes("/")) return isProgram(name) ? name : undefined;
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
