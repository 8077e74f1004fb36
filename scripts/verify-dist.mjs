// npm run verify-dist [-- [--sums <file>] <action>...]
//
// Builds the committed sources twice, in two clones with nothing in common but the lockfile, and compares the bundles
// byte by byte. With `--sums`, also with the checksums of release files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command.mjs";
import { createTemporaryEnvironment, createTemporaryFolder, runProgram } from "./processes.mjs";
import { formatChecksums } from "./sums.mjs";
import { requireGit, root } from "./toolchain.mjs";
import { UserError } from "./user-error.mjs";

await runCommand(async (arguments_) => {
  const options = { sums: { type: "string" } };
  const { values, positionals } = parseArgs({ args: arguments_, allowPositionals: true, options });
  const claimed = values.sums === undefined ? [] : [readFileSync(values.sums, "utf8")];
  requireGit();
  const temporary = createTemporaryFolder();
  // Different depths and lengths: a path that got into a bundle would show.
  const places = [join(temporary, "a"), join(temporary, "another/place/to-build-in")];
  console.log("… building in two clones");
  const built = await Promise.all(places.map((place) => buildClone(place, positionals)));
  const [sums, ...others] = [...built, ...claimed];
  if (sums === "") throw new UserError("there was nothing to build");
  const different = others.flatMap((other) => diffChecksums(sums, other));
  if (different.length > 0) throw new UserError(`the bytes differ:\n${different.join("\n")}`);
  console.log(`${sums}the same bytes ${built.length + claimed.length} times`);
});

async function buildClone(place, actions) {
  await runStep("git", ["clone", "--quiet", "--no-hardlinks", root, place], root);
  await runStep(process.execPath, ["scripts/setup.mjs"], place);
  await runStep(process.execPath, ["scripts/build.mjs", ...actions], place);
  return formatChecksums(place);
}

function diffChecksums(sums, other) {
  const [one, two] = [sums, other].map((text) => text.split("\n"));
  return [...one.filter((line) => !two.includes(line)), ...two.filter((line) => !one.includes(line))];
}

async function runStep(program, arguments_, cwd) {
  const env = { ...process.env, ...createTemporaryEnvironment() };
  const code = await runProgram(program, arguments_, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
  if (code !== 0) throw new UserError(`${program} ${arguments_.join(" ")} ended with exit code ${code}`);
}
