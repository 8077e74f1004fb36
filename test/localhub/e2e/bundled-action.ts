/** The action of the end-to-end tests, bundled as in a release. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("sticky-comment/", import.meta.url));
const ncc = createRequire(import.meta.url).resolve("@vercel/ncc/dist/ncc/cli.js");

/** The action's files by path. Bundled once for each content of the source. */
export function bundledAction(): Readonly<Record<string, string>> {
  const entry = readFileSync(join(source, "index.js"));
  const bundle = join(
    tmpdir(),
    `mlops-actions-sticky-comment-${createHash("sha256").update(entry).digest("hex").slice(0, 16)}`,
  );
  if (!existsSync(bundle)) {
    const output = mkdtempSync(join(tmpdir(), "mlops-actions-bundle-"));
    execFileSync(process.execPath, [ncc, "build", join(source, "index.js"), "--minify", "--out", output], {
      stdio: "pipe",
    });
    renameSync(output, bundle);
  }
  const read = (path: string): string => readFileSync(path, "utf8");
  return {
    "action.yml": read(join(source, "action.yml")),
    "dist/index.js": read(join(bundle, "index.js")),
    "dist/package.json": read(join(bundle, "package.json")),
  };
}
