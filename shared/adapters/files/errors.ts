/** Turns errors of the file system into messages for a user. */
import { ActionError, userError } from "../../problem/problem.ts";

/** An error that says what could not be done to which file, and why. */
export function toFileError(path: string, operation: "read" | "written", error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  const place = { file: path };
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return userError({ code: "file-missing", message: "there is no such file", place, fix: MISSING_FIX }, error);
    case "EISDIR":
      return userError({ code: "not-a-file", message: "it is a folder", place, fix: "Name a file" }, error);
    case "ENOSPC":
      return userError(
        { code: "disk-full", message: "the disk is full", place, fix: "Free space on the runner" },
        error,
      );
    default:
      return userError(
        {
          code: operation === "read" ? "file-unreadable" : "file-unwritable",
          message: `it could not be ${operation}: ${code || message}`,
          place,
          fix: `Check that the job's user may ${operation === "read" ? "read" : "write"} it`,
        },
        error,
      );
  }
}

const MISSING_FIX = "Check the path, that an earlier step creates the file, and that the repository is checked out";

export const linkBroken = (path: string): ActionError =>
  userError({
    code: "link-broken",
    message: "it is a link to a file that does not exist",
    place: { file: path },
    fix: "Create what it leads to before this step, or remove the link",
  });

export const notAFile = (path: string): ActionError =>
  userError({
    code: "not-a-file",
    message: "it is a pipe, a socket or a device",
    place: { file: path },
    fix: "Remove it, or name files that do not include it",
  });
