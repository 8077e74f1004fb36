// npm run demo [-- --keep]
//
// Installs, builds the bundles, and runs the life of a model in a local GitHub; the report is demo-report/index.html.
// `--keep` leaves the local GitHub's page open until Ctrl-C.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { createTemporaryEnvironment } from "./processes.mjs";
import { withProgress } from "./progress.mjs";
import { requireGit, root, runWithNode24 } from "./toolchain.mjs";

await runCommand(async (arguments_) => {
  // Here already, so that a misspelt option is not noticed after the build.
  parseArgs({ args: arguments_, options: { keep: { type: "boolean" } } });
  requireGit();
  await installDependencies();
  console.log("… the bundles of all actions, where something changed");
  const code = await withProgress(
    (seconds) => `… building (${seconds} s)`,
    () => runWithNode24(join(root, "scripts/build.mjs")),
  );
  if (code !== 0) return code;
  console.log("… the story");
  return runWithNode24(join(root, "test/e2e/story/demo.ts"), arguments_, { env: createTemporaryEnvironment() });
});
