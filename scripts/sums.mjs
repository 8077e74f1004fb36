// `node scripts/sums.mjs`: writes SHA256SUMS over what a release adds: the bundles. In the format of `sha256sum`.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of every bundle below `folder`, as paths with `/`, sorted. */
export function bundleFiles(folder) {
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

export function sumsOf(folder) {
  const lines = bundleFiles(folder).map((path) => {
    const digest = createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("hex");
    return `${digest}  ${path}\n`;
  });
  return lines.join("");
}

if (import.meta.filename === process.argv[1]) writeFileSync("SHA256SUMS", sumsOf(process.cwd()));
