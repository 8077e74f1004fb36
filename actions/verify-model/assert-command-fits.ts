/** Whether the inputs say one thing: a command that would not be run is a mistake, not a wish. */
import { userError } from "../../shared/problem/problem.ts";

/** @throws ActionError `command-missing`, `command-not-used` */
export function assertCommandFits(from: "locations" | "folder" | "command", command: string): void {
  const hasCommand = command.trim() !== "";
  if (from === "command" && !hasCommand) {
    throw userError({
      code: "command-missing",
      message: "the files are to come from a command, and there is none",
      fix: 'Set the input "command"',
    });
  }
  if (from === "command" || !hasCommand) return;
  throw userError({
    code: "command-not-used",
    message: `there is a command, and the files are to come from ${from === "folder" ? "the folder" : "the version's places"}`,
    fix: 'Write "from: command", or remove the command',
  });
}
