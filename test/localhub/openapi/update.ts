/**
 * Writes `description.json`, the checked-in subset of GitHub's OpenAPI description.
 *
 *     node test/localhub/openapi/update.ts [--from FILE] [--release VERSION] [--check]
 *
 * Without `--from` it fetches the package with `npm pack` into a temporary folder. `--check` writes nothing and fails
 * when the file differs from a new one. The package is not a dependency: installed, it takes 385 MB.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { OPERATIONS } from "./operations.ts";
import { extractSubset, formatDescription } from "./subset.ts";

const PACKAGE = "@octokit/openapi";
const RELEASE = "23.0.2";
const FILE = "generated/api.github.com.json";
const target = fileURLToPath(new URL("description.json", import.meta.url));

const { values } = parseArgs({
  options: { from: { type: "string" }, release: { type: "string", default: RELEASE }, check: { type: "boolean" } },
});

function fetched(release: string): string {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    const packed = execFileSync("npm", ["pack", `${PACKAGE}@${release}`, "--silent", "--pack-destination", folder], {
      cwd: folder,
      encoding: "utf8",
      // On Windows npm is a script, which Node starts only through a shell; all arguments are constants or versions.
      shell: process.platform === "win32",
    });
    execFileSync("tar", ["-xzf", packed.trim(), `package/${FILE}`], { cwd: folder });
    return readFileSync(join(folder, "package", FILE), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const source = JSON.parse(values.from === undefined ? fetched(values.release) : readFileSync(values.from, "utf8"));
const version: string = source.info.version;
const text = formatDescription(extractSubset(source, OPERATIONS, { package: PACKAGE, version, file: FILE }));

if (values.check) {
  if (readFileSync(target, "utf8") !== text) {
    console.error(
      `openapi/description.json differs from ${PACKAGE} ${version}: run openapi/update.ts and commit the file.`,
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
  console.log(
    `openapi/description.json: ${OPERATIONS.length} operations of ${PACKAGE} ${version}, ${text.length} bytes`,
  );
}
