// node scripts/sums.mjs
//
// Writes SHA256SUMS over what a release adds, the bundles of the folder it is run in, in the format of `sha256sum`.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.mjs";
import { UserError } from "./user-error.mjs";

/** The files of every bundle below `folder`, as paths with `/`, sorted. */
export function listBundleFiles(folder) {
  return readdirSync(join(folder, "actions"))
    .map((name) => `actions/${name}/dist`)
    .filter((dist) => existsSync(join(folder, dist)))
    .flatMap((dist) =>
      readdirSync(join(folder, dist), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name).slice(folder.length).replaceAll("\\", "/").replace(/^\//, ""),
        ),
    )
    .sort();
}

export function formatChecksums(folder) {
  const lines = listBundleFiles(folder).map((path) => {
    const digest = createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
    return `${digest}  ${path}\n`;
  });
  return lines.join("");
}

if (import.meta.filename === process.argv[1]) {
  await runCommand(() => {
    if (!existsSync("actions")) throw new UserError(`there is no folder actions in ${process.cwd()}`);
    writeFileSync("SHA256SUMS", formatChecksums(process.cwd()));
  });
}
