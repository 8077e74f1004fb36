/** Where a program is, as a shell would find it. */
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

/** @param path the variable `PATH`; @returns its absolute path, or `undefined` when it is not installed */
export async function findProgram(name: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? "").split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
