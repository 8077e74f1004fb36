// `npm run verify-dist [-- <action>…]`: builds the committed sources twice, in two clones with nothing in common but
// the lockfile, and compares the bundles byte by byte. Where release files are given by `--sums <file>`, with them too.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sumsOf } from "./sums.mjs";
import { root } from "./toolchain.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { sums: { type: "string" } } });
const temporary = mkdtempSync(join(tmpdir(), "verify-dist-"));
try {
  // Different depths and lengths: a path that got into a bundle would show.
  const places = [join(temporary, "a"), join(temporary, "another/place/to-build-in")];
  const built = await Promise.all(places.map(build));
  const claimed = values.sums === undefined ? [] : [readFileSync(values.sums, "utf8")];
  const [sums, ...others] = [...built, ...claimed];
  if (sums === "") throw new Error("there was nothing to build");
  const different = others.flatMap((other) => differences(sums, other));
  if (different.length > 0) throw new Error(`not the same bytes twice:\n${different.join("\n")}`);
  console.log(`${sums}the same bytes ${built.length + claimed.length} times`);
} catch (error) {
  console.error(`verify-dist: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function build(place) {
  await run("git", ["clone", "--quiet", "--no-hardlinks", root, place], root);
  await run(process.execPath, ["scripts/setup.mjs"], place);
  await run(process.execPath, ["scripts/build.mjs", ...positionals], place);
  return sumsOf(place);
}

function differences(sums, other) {
  const [one, two] = [sums, other].map((text) => text.split("\n"));
  return [...one.filter((line) => !two.includes(line)), ...two.filter((line) => !one.includes(line))];
}

function run(program, arguments_, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, arguments_, { cwd, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${arguments_.join(" ")} ended with ${code}`)),
    );
  });
}
