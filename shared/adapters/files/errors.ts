/** What the file system's errors mean for a user. */
import { ActionError, userError } from "../../problem/problem.ts";

/** Says what could not be done to which file, in the words of its cause. */
export function toFileError(path: string, doing: "read" | "written", error: unknown): ActionError {
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
          code: doing === "read" ? "file-unreadable" : "file-unwritable",
          message: `it could not be ${doing}: ${code || message}`,
          place,
          fix: `Check that the job's user may ${doing === "read" ? "read" : "write"} it`,
        },
        error,
      );
  }
}

const MISSING_FIX = "Check the path, that an earlier step makes the file, and that the repository is checked out";
